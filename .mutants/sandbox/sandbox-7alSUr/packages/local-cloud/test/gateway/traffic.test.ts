import { connect } from "node:net";
import type { IncomingMessage, RequestListener } from "node:http";
import { once } from "node:events";
import { Readable } from "node:stream";
import { text as readText } from "node:stream/consumers";
import { request } from "undici";
import { describe, expect, it } from "vitest";
import { named, single, split, upstream, world } from "./support.ts";

describe("a forwarded request", () => {
  it("arrives with method, path, query, Host, body and headers as sent, and the answer comes back as given", async () => {
    const seen: IncomingMessage[] = [];
    const w = await single(async (req, res) => {
      seen.push(req);
      const body = await readText(req);
      res.writeHead(
        201,
        "Made",
        [
          ["X-Model", "7"],
          ["Set-Cookie", "a=1"],
          ["Set-Cookie", "b=2"],
        ].flat(),
      );
      res.end(`got ${body}`);
    });
    const answer = await w.get("/predict?n=1", {
      method: "POST",
      headers: { host: "api.example.com", "x-custom": "yes" },
      body: '{"features":[]}',
    });
    expect(answer).toMatchObject({ status: 201, body: 'got {"features":[]}' });
    expect(answer.headers).toMatchObject({ "x-model": "7", "set-cookie": ["a=1", "b=2"] });
    expect(seen[0]).toMatchObject({ method: "POST", url: "/predict?n=1" });
    expect(seen[0]?.headers).toMatchObject({
      host: "api.example.com",
      "x-custom": "yes",
      "content-length": "15",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-port": "80",
      "x-amzn-trace-id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
  });

  it("keeps the chain of X-Forwarded-For and the root of the trace", async () => {
    const w = await single((req, res) =>
      res.end(`${req.headers["x-forwarded-for"]} ${req.headers["x-amzn-trace-id"]}`),
    );
    const { body } = await w.get("/", {
      headers: { "x-forwarded-for": "10.1.1.1", "x-amzn-trace-id": "Root=1-2-3" },
    });
    expect(body).toMatch(/^10\.1\.1\.1, 127\.0\.0\.1 Self=1-[0-9a-f]+-[0-9a-f]{24};Root=1-2-3$/);
  });

  it("does not carry headers of one connection, in either direction", async () => {
    const w = await single((req, res) => {
      res.writeHead(200, { connection: "x-mine", "x-mine": "1", "x-all": "2" });
      res.end(JSON.stringify(req.headers));
    });
    const socket = connect(Number(new URL(w.url).port), "127.0.0.1");
    socket.write(
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: close, x-yours\r\nX-Yours: 1\r\nX-Ours: 2\r\nTE: gzip\r\n\r\n",
    );
    const [head = "", body = ""] = (await readText(socket)).split("\r\n\r\n");
    expect(head).toMatch(/x-all: 2/i);
    expect(head).not.toMatch(/x-mine: 1/i);
    expect(body).toContain('"x-ours":"2"');
    expect(body).not.toMatch(/x-yours|"te"/);
  });

  it("drops invalid header names only when the load balancer is told to", async () => {
    const handler: RequestListener = (req, res) => res.end(String(req.headers["x_bad"]));
    const kept = await single(handler);
    expect((await kept.get("/", { headers: { x_bad: "1" } })).body).toBe("1");
    const dropped = await single(handler, {
      attributes: { "routing.http.drop_invalid_header_fields.enabled": "true" },
    });
    expect((await dropped.get("/", { headers: { x_bad: "1" } })).body).toBe("undefined");
  });

  it("streams both ways: the target answers the first part before the client has sent the last", async () => {
    const w = await single((req, res) => req.pipe(res));
    const upload = new Readable({ read() {} });
    upload.push("first");
    const { body } = await request(`${w.url}/`, { method: "POST", body: upload });
    const [first] = await once(body, "data");
    expect(String(first)).toBe("first");
    upload.push("last");
    upload.push(null);
    expect(await readText(body)).toBe("last");
  });

  it("gives the client the answer of a target that does not want the whole upload", async () => {
    const w = await single((_req, res) => {
      res.writeHead(413);
      res.end("too large");
    });
    const answer = await w.get("/", { method: "POST", body: Buffer.alloc(4_000_000) });
    expect(answer).toMatchObject({ status: 413, body: "too large" });
  });

  it("ends at the target when the client leaves", async () => {
    const { promise: left, resolve } = Promise.withResolvers<void>();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const w = await single((_req, res) => {
      res.on("close", resolve);
      arrive();
    });
    const aborter = new AbortController();
    const pending = request(`${w.url}/`, { signal: aborter.signal });
    await arrived;
    aborter.abort();
    await expect(pending).rejects.toThrow("aborted");
    await left;
  });
});

describe("what the load balancer answers itself", () => {
  it("is 503 when the chosen group has no target, with no failover to a group that has one", async () => {
    const w = await world();
    const [empty, full] = [await w.createGroup("empty"), await w.createGroup("full")];
    await w.createRule(1, [
      split([
        [empty, 100],
        [full, 0],
      ]),
    ]);
    await w.register(full, await upstream(named("full")));
    const { status, headers, body } = await w.get();
    expect({ status, server: headers["server"] }).toEqual({ status: 503, server: "awselb/2.0" });
    expect(body).toContain("503 Service Unavailable");
  });

  it("is 502 when nothing listens at the target, and counts a connection error", async () => {
    const w = await single(() => {});
    await w.target.close();
    expect((await w.get()).status).toBe(502);
  });

  it("is 502 when the target hangs up before an answer", async () => {
    const w = await single((req) => req.socket.destroy());
    expect((await w.get()).status).toBe(502);
  });

  it("is 502 when the target's answer is not HTTP", async () => {
    const w = await single((req) => req.socket.end("hello\r\n\r\n"));
    expect((await w.get()).status).toBe(502);
  });

  it("is 502 when the target's headers are longer than 32 KB, and not before", async () => {
    const w = await single((req, res) => {
      res.setHeader("x-large", "x".repeat(Number(req.url?.slice(1))));
      res.end("answer");
    });
    expect((await w.get("/30000")).status).toBe(200);
    expect((await w.get("/33000")).status).toBe(502);
  });

  it("is 504 when the target says nothing for the idle timeout", async () => {
    const w = await single(() => {}, { attributes: { "idle_timeout.timeout_seconds": "1" } });
    expect((await w.get()).status).toBe(504);
  });

  it("is a broken body, not a whole one, when the target dies in the middle of its answer", async () => {
    const w = await single((req, res) => {
      res.writeHead(200, { "content-length": "100" });
      res.write("half", () => req.socket.destroy());
    });
    await expect(w.get()).rejects.toThrow("other side closed");
  });

  it("is the fixed response or the redirect of the rule", async () => {
    const w = await world();
    await w.createRule(
      1,
      [
        {
          Type: "fixed-response",
          FixedResponseConfig: { StatusCode: "404", ContentType: "application/json", MessageBody: "{}" },
        },
      ],
      [{ Field: "path-pattern", Values: ["/fixed"] }],
    );
    await w.createRule(
      2,
      [{ Type: "redirect", RedirectConfig: { StatusCode: "HTTP_301", Protocol: "HTTPS", Port: "443" } }],
      [{ Field: "path-pattern", Values: ["/old*"] }],
    );
    const fixed = await w.get("/fixed");
    expect(fixed).toMatchObject({ status: 404, body: "{}", headers: { "content-type": "application/json" } });
    const redirect = await w.get("/old/x?a=b", { headers: { host: "example.com" } });
    expect(redirect).toMatchObject({
      status: 301,
      headers: { location: "https://example.com:443/old/x?a=b" },
    });
    expect((await w.get("/else")).status).toBe(503);
  });

  it("is nothing at all without a listener", async () => {
    const w = await world();
    await w.call("DeleteListener", { ListenerArn: w.listenerArn });
    await expect(w.get()).rejects.toThrow("other side closed");
  });
});

describe("rules", () => {
  it("are tried by priority, and a change holds for the very next request", async () => {
    const w = await world();
    const [blue, green] = [await w.createGroup("blue"), await w.createGroup("green")];
    const route = await w.createRule(10, [
      split([
        [blue, 100],
        [green, 0],
      ]),
    ]);
    await w.createRule(
      5,
      [split([[green, 1]])],
      [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "x-slot", Values: ["green"] } }],
    );
    await w.register(blue, await upstream(named("blue")));
    await w.register(green, await upstream(named("green")));
    expect((await w.get()).body).toBe("blue");
    expect((await w.get("/", { headers: { "x-slot": "green" } })).body).toBe("green");
    for (let i = 0; i < 50; i++) {
      const greenShare = i % 2 === 0 ? 100 : 0;
      await w.call("ModifyRule", {
        RuleArn: route,
        Actions: [
          split([
            [blue, 100 - greenShare],
            [green, greenShare],
          ]),
        ],
      });
      expect((await w.get()).body).toBe(greenShare === 100 ? "green" : "blue");
    }
  });
});
