import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { afterEach, describe, expect, it } from "vitest";

import { AwsError } from "../../aws-api/errors.ts";
import type { ApiServer } from "../../aws-api/server.ts";
import { createApiServer, htmlPage } from "../../aws-api/server.ts";
import { withKeys, type Sent } from "../support/signed.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

let server: ApiServer | undefined;
let address: string | undefined;
const url = () => address ?? "";
const faults: unknown[] = [];
afterEach(async () => {
  faults.length = 0;
  await server?.close();
  server = undefined;
});

type Options = Parameters<typeof createApiServer>[0];

async function start(options: Partial<Options> = {}) {
  server = createApiServer({ keys: TEST_KEYS, json: [], onFault: (fault) => faults.push(fault), ...options });
  const { port } = await server.listen(0);
  address = `http://127.0.0.1:${port}`;
  return (sent: Sent) =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
      (resolve, reject) => {
        const { method = "POST", path = "/" } = sent;
        const headers = withKeys(sent, port);
        const request = httpRequest({ host: "127.0.0.1", port, method, path, headers }, (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (text) => (body += text));
          response.on("end", () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
          );
        });
        request.on("error", reject).end(sent.body);
      },
    );
}

const target = (name: string) => ({ "x-amz-target": name, "content-type": "application/x-amz-json-1.1" });
const echo = {
  service: "example",
  targetPrefix: "Echo",
  jsonVersion: "1.1" as const,
  operations: {
    Say: (input: Record<string, unknown>) => ({
      said: input,
      at: new Date(1500),
      none: Number.NaN,
      gone: undefined,
    }),
    Nothing: () => undefined,
    Refuse: () => {
      throw new AwsError("NoSuchThingException", "there is no such thing", 404);
    },
    Break: () => {
      throw new Error("a defect");
    },
  },
};

describe("the AWS JSON protocol", () => {
  it("answers in the service's version, with epoch seconds, NaN as a string and a request id", async () => {
    const send = await start({ json: [echo] });
    const answer = await send({ headers: target("Echo.Say"), body: '{"a":1,"b":null}' });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/x-amz-json-1.1");
    expect(answer.headers["x-amzn-requestid"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(answer.body)).toEqual({ said: { a: 1 }, at: 1.5, none: "NaN" });
  });

  it("takes an empty body and a compressed one, and answers an empty object for nothing", async () => {
    const send = await start({ json: [echo] });
    expect((await send({ headers: target("Echo.Nothing") })).body).toBe("{}");
    const headers = { ...target("Echo.Say"), "content-encoding": "gzip" };
    const answer = await send({ headers, body: gzipSync('{"a":2}') });
    expect(JSON.parse(answer.body)).toMatchObject({ said: { a: 2 } });
  });

  it("names the error in __type, and in the query header only for query-compatible services", async () => {
    const compatible = {
      ...echo,
      targetPrefix: "Old",
      queryErrorCodes: { NoSuchThingException: "NoSuchThing" },
    };
    const send = await start({ json: [echo, compatible] });
    const plain = await send({ headers: target("Echo.Refuse"), body: "{}" });
    expect(plain.status).toBe(404);
    expect(JSON.parse(plain.body)).toEqual({
      __type: "NoSuchThingException",
      message: "there is no such thing",
    });
    expect(plain.headers["x-amzn-query-error"]).toBeUndefined();
    const old = await send({ headers: target("Old.Refuse"), body: "{}" });
    expect(old.headers["x-amzn-query-error"]).toBe("NoSuchThing;Sender");
  });

  it.each([
    ["an operation", "Echo.Sing", "the local cloud does not simulate Echo.Sing"],
    ["an operation with a name that all objects have", "Echo.constructor", "Echo.constructor"],
    ["a service", "Other.Say", "the local cloud does not simulate Other.Say"],
  ])("says by name that it does not have %s", async (_, name, message) => {
    const answer = await (await start({ json: [echo] }))({ headers: target(name), body: "{}" });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({
      __type: "UnknownOperationException",
      message: expect.stringContaining(message),
    });
  });

  it("answers our own defect with 500, and hands it on", async () => {
    const answer = await (await start({ json: [echo] }))({ headers: target("Echo.Break"), body: "{}" });
    expect(answer.status).toBe(500);
    expect(JSON.parse(answer.body)).toMatchObject({ __type: "InternalServiceFault" });
    expect(faults).toEqual([new Error("a defect")]);
  });

  it.each([
    ["no JSON", "{", 400],
    ["a list", "[]", 400],
    ["more than a megabyte", `"${"x".repeat(1024 * 1024)}"`, 413],
  ])("refuses a body that is %s", async (_, body, status) => {
    const answer = await (await start({ json: [echo] }))({ headers: target("Echo.Say"), body });
    expect(answer.status).toBe(status);
  });

  it("refuses a body that is small compressed and large when not", async () => {
    const headers = { ...target("Echo.Say"), "content-encoding": "gzip" };
    const answer = await (
      await start({ json: [echo] })
    )({ headers, body: gzipSync("x".repeat(2 * 1024 * 1024)) });
    expect(answer.status).toBe(400);
    expect(answer.body).toContain("SerializationException");
  });
});

describe("the other doors", () => {
  it("hands a form to the query protocol", async () => {
    const query = (form: string) => ({
      status: 202,
      contentType: "text/xml",
      body: `<${form}/>`,
      requestId: "r-1",
    });
    const send = await start({ query });
    const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
    const answer = await send({ headers, body: "Action=X" });
    expect(answer).toMatchObject({ status: 202, body: "<Action=X/>" });
    expect(answer.headers).toMatchObject({ "content-type": "text/xml", "x-amzn-requestid": "r-1" });
  });

  it("serves its own paths and what lies below them, the longest first", async () => {
    const send = await start({
      extra: {
        "/provider": ({ method, body, url }) => ({
          method,
          body,
          path: url.pathname,
          q: url.searchParams.get("q"),
        }),
        "/provider/deep": async () => "deep",
      },
    });
    const below = await send({ path: "/provider/create?q=1", body: '{"a":1}' });
    expect(JSON.parse(below.body)).toEqual({
      method: "POST",
      body: { a: 1 },
      path: "/provider/create",
      q: "1",
    });
    expect((await send({ method: "GET", path: "/provider/deep/x" })).body).toBe('"deep"');
    expect((await send({ path: "/providers" })).status).toBe(404);
  });

  it("answers a thrown status, AWS's errors and defects of its own paths as JSON", async () => {
    const send = await start({
      extra: {
        "/gone": () => {
          throw Object.assign(new Error("gone away"), { status: 410 });
        },
        "/aws": () => {
          throw new AwsError("Conflict", "in use", 409);
        },
        "/defect": () => {
          throw new Error("a defect");
        },
      },
    });
    expect(await send({ path: "/gone" })).toMatchObject({ status: 410, body: '{"message":"gone away"}' });
    expect(await send({ path: "/aws" })).toMatchObject({
      status: 409,
      body: '{"__type":"Conflict","message":"in use"}',
    });
    expect(faults).toEqual([]);
    expect(await send({ path: "/defect" })).toMatchObject({ status: 500, body: '{"message":"a defect"}' });
    expect(faults).toHaveLength(1);
  });

  it.each<[string, Sent, number]>([
    ["a path that nothing serves", { path: "/service/X/operation/Y" }, 404],
    ["a GET of the AWS door", { method: "GET" }, 404],
    ["a request that names no operation", { body: "{}" }, 400],
    ["a Host that is not this machine (DNS rebinding)", { headers: { host: "evil.example:80" } }, 403],
    ["a Host that only begins like this machine", { headers: { host: "127.0.0.1.evil.example" } }, 403],
    ["a web page of another site", { headers: { origin: "https://evil.example" } }, 403],
  ])("refuses %s", async (_, sent, status) => {
    expect((await (await start({ json: [echo] }))(sent)).status).toBe(status);
  });

  it("takes its own Host and Origin by both names of this machine, and those of another port by none", async () => {
    const send = await start({ json: [echo] });
    const { port } = new URL(url());
    const statuses = async (name: string) => {
      const byHost = await send({ headers: { ...target("Echo.Nothing"), host: name } });
      const byOrigin = await send({ headers: { ...target("Echo.Nothing"), origin: `http://${name}` } });
      return [byHost.status, byOrigin.status];
    };
    for (const own of [`localhost:${port}`, `127.0.0.1:${port}`])
      expect(await statuses(own)).toEqual([200, 200]);
    for (const foreign of ["localhost:1", "127.0.0.1", `[::1]:${port}`, `cloud.localhost:${port}`])
      expect([foreign, ...(await statuses(foreign))]).toEqual([foreign, 403, 403]);
  });

  it("closes although a request is still being answered", async () => {
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const hang = () => {
      arrived();
      return new Promise(() => {});
    };
    const send = await start({ extra: { "/hang": hang } });
    const unanswered = send({ path: "/hang" }).catch((error: unknown) => error);
    await arrival;
    await server?.close();
    expect(await unanswered).toMatchObject({ code: "ECONNRESET" });
  });

  it("says when its port is taken", async () => {
    const taken = createApiServer({ keys: TEST_KEYS, json: [] });
    const { port } = await taken.listen(0);
    try {
      await expect(createApiServer({ keys: TEST_KEYS, json: [] }).listen(port)).rejects.toMatchObject({
        code: "EADDRINUSE",
      });
    } finally {
      await taken.close();
    }
  });

  it("gives a browser a page that may ask nobody but this cloud", async () => {
    const page = readFileSync(join(import.meta.dirname, "../../dashboards/page.html"), "utf8");
    const send = await start({ extra: { "/dashboard": () => htmlPage(page) } });
    const { status, headers, body } = await send({ method: "GET", path: "/dashboard" });
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(headers["content-security-policy"]).toContain("connect-src 'self'");
    expect(body).toBe(page);
    // Nothing of it comes from elsewhere: the one address in it is the name of SVG.
    expect(body.match(/https?:[^"'` ]+/g)).toEqual(["http://www.w3.org/2000/svg"]);
    expect(body).not.toMatch(/innerHTML|src=|@import/);
  });
});
