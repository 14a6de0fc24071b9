import { describe, expect, it } from "vitest";
import { loadBalancerSuffix } from "../../gateway/arns.ts";
import { rawConnection, sendRaw, statusOf } from "./raw.ts";
import { single } from "./support.ts";

/** A load balancer with a target that keeps what arrives. */
async function listening() {
  const arrived: string[] = [];
  const w = await single((req, res) => {
    arrived.push(req.url ?? "");
    req.resume().on("end", () => res.end("taken"));
  });
  const refusals = () => w.metrics.sum("HTTPCode_ELB_4XX_Count", loadBalancerSuffix(w.loadBalancerArn));
  return { ...w, arrived, refusals };
}

function post(headers: string, body: string): string {
  return `POST /predict HTTP/1.1\r\nHost: h\r\n${headers}\r\n\r\n${body}`;
}

const HIDDEN = "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";

describe("a request whose length is ambiguous is answered with 400 and reaches no target", () => {
  it.each([
    ["a length and chunks", post("Content-Length: 5\r\nTransfer-Encoding: chunked", HIDDEN)],
    ["chunks and a length", post("Transfer-Encoding: chunked\r\nContent-Length: 5", HIDDEN)],
    ["two lengths", post("Content-Length: 5\r\nContent-Length: 6", "hello!")],
    ["the same length twice", post("Content-Length: 5\r\nContent-Length: 5", "hello")],
    ["a list of lengths", post("Content-Length: 5, 5", "hello")],
    ["a length with a sign", post("Content-Length: +5", "hello")],
    ["a negative length", post("Content-Length: -1", "hello")],
    ["a length in hexadecimal", post("Content-Length: 0x5", "hello")],
    ["an empty length", post("Content-Length: ", "hello")],
    ["a length beyond 64 bits", post("Content-Length: 99999999999999999999", "hello")],
    ["chunked before another coding", post("Transfer-Encoding: chunked, identity", HIDDEN)],
    ["chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", HIDDEN)],
    ["an unknown coding", post("Transfer-Encoding: xchunked", HIDDEN)],
    ["a vertical tab before chunked", post("Transfer-Encoding: \x0bchunked", HIDDEN)],
    ["a space before the colon", post("Content-Length : 5", "hello")],
    ["a folded header", post("Transfer-Encoding:\r\n chunked", HIDDEN)],
    ["a chunk without a size", post("Transfer-Encoding: chunked", "zz\r\nhello\r\n0\r\n\r\n")],
    ["a chunk of a negative size", post("Transfer-Encoding: chunked", "-5\r\nhello\r\n0\r\n\r\n")],
    ["a chunk longer than it says", post("Transfer-Encoding: chunked", "3\r\nhello\r\n0\r\n\r\n")],
    [
      "a chunk size beyond 64 bits",
      post("Transfer-Encoding: chunked", "fffffffffffffffff\r\nx\r\n0\r\n\r\n"),
    ],
    ["lines that end in a line feed alone", "POST / HTTP/1.1\nHost: h\nContent-Length: 5\n\nhello"],
  ])("%s", async (_what, bytes) => {
    const w = await listening();
    const answer = await sendRaw(w.url, bytes);
    expect(statusOf(answer)).toBe(400);
    // One answer, after which the connection is over: nothing behind it is taken for a request.
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(w.arrived).not.toContain("/hidden");
    expect(w.refusals()).toBe(1);
    expect((await w.get("/next")).status).toBe(200);
    expect(w.elb.traffic(w.group).inFlight).toBe(0);
  });

  it("bad chunks in the middle of an upload end it at the target, too", async () => {
    const { promise: began, resolve: begin } = Promise.withResolvers<void>();
    const { promise: aborted, resolve: abort } = Promise.withResolvers<void>();
    const w = await single((req) => {
      req.once("data", () => begin());
      req.on("error", () => abort());
    });
    const client = await rawConnection(w.url);
    client.socket.write(post("Transfer-Encoding: chunked", "5\r\nhello\r\n"));
    await began;
    client.socket.write("nonsense\r\n");
    expect(statusOf(await client.ended())).toBe(400);
    await aborted;
    expect(w.elb.traffic(w.group)).toEqual({ inFlight: 0, total: 1 });
  });
});

describe("a malformed request", () => {
  it.each([
    ["is 400 without a Host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
    ["is 400 with two", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n", 400],
    ["is 400 when it is not HTTP", "hello\r\n\r\n", 400],
    ["is 400 when its target is no path", "GET models HTTP/1.1\r\nHost: h\r\n\r\n", 400],
    ["is 400 with a NUL in a header", "GET / HTTP/1.1\r\nHost: h\r\nX: a\0b\r\n\r\n", 400],
    ["is 400 with a header of more than 16 KB", `GET / HTTP/1.1\r\nHost: h\r\nX: ${"x".repeat(16_400)}`, 400],
    [
      "is 400 with headers of more than 64 KB",
      `GET / HTTP/1.1\r\nHost: h\r\n${"X: y\r\n".repeat(16_400)}`,
      400,
    ],
    ["is 414 with a URL of more than 16 KB", `GET /${"x".repeat(16_400)} HTTP/1.1\r\nHost: h`, 414],
  ])("%s", async (_what, head, status) => {
    const w = await listening();
    const bytes = head.endsWith("\r\n\r\n") ? head : `${head}\r\nConnection: close\r\n\r\n`;
    const answer = await sendRaw(w.url, bytes);
    expect(statusOf(answer)).toBe(status);
    expect(answer).toMatch(/server: awselb\/2\.0/i);
    expect(w.arrived).toEqual([]);
    expect(w.refusals()).toBe(1);
  });

  it("is one thing, a large one another: headers just below the limits arrive, all 3,000 of them", async () => {
    const w = await single((req, res) => res.end(`${req.rawHeaders.length / 2} ${req.url?.length}`), {
      server: { maxHeaderSize: 128 * 1024 },
    });
    const names = Array.from({ length: 3_000 }, (_, i) => `X-${i}: y\r\n`).join("");
    const large = `X-Large: ${"x".repeat(16_000)}\r\n`;
    const answer = await sendRaw(
      w.url,
      `GET /${"p".repeat(16_000)} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n${large}${names}\r\n`,
    );
    expect(statusOf(answer)).toBe(200);
    const [headers, pathLength] = answer.split("\r\n").at(-1)?.split(" ").map(Number) ?? [];
    expect(headers).toBeGreaterThan(3_000);
    expect(pathLength).toBe(16_001);
  });
});
