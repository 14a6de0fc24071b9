import { request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveConsole, type ConsoleServer } from "../../../cli/console/http/server.ts";

let asked: string[] = [];
let server: ConsoleServer;
beforeAll(async () => {
  const api = async ({ method, url }: { readonly method: string; readonly url: URL }) => {
    asked.push(`${method} ${url.pathname}`);
    return { answered: true };
  };
  server = await serveConsole(api, {});
});
afterAll(() => server.close());

interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** As a browser, or whoever else, sends it; `headers` go over those of the page itself. */
async function ask({ method = "GET", path = "/api/state", headers = {} }: Asked) {
  asked = [];
  const own = { host: `127.0.0.1:${server.port}`, authorization: `Bearer ${server.token}` };
  const type = method === "POST" ? { "content-type": "application/json" } : {};
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request({
      port: server.port,
      host: "127.0.0.1",
      method,
      path,
      headers: { ...own, ...type, ...headers },
    });
    sent.once("response", resolve).once("error", reject);
    sent.end(method === "POST" ? "{}" : undefined);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response), asked };
}

describe("who may ask the console", () => {
  it("answers its own page, by both names of this machine", async () => {
    expect(await ask({})).toMatchObject({ status: 200, asked: ["GET /api/state"] });
    expect(await ask({ headers: { host: `localhost:${server.port}` } })).toMatchObject({ status: 200 });
    const origin = { origin: `http://127.0.0.1:${server.port}`, "sec-fetch-site": "same-origin" };
    expect(await ask({ method: "POST", path: "/api/run", headers: origin })).toMatchObject({
      status: 200,
      asked: ["POST /api/run"],
    });
  });

  it.each([
    ["a page of another origin", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
    [
      "a page on another port of this machine",
      { origin: "http://127.0.0.1:1", "sec-fetch-site": "same-site" },
    ],
    ["a page without an origin of its own", { origin: "null" }],
    ["an embedded resource, which names no origin", { "sec-fetch-site": "cross-site" }],
    ["a name that was rebound to this machine", { host: "evil.example" }],
    [
      "such a name with the right port and origin",
      { host: "evil.example:80", origin: "http://evil.example:80" },
    ],
  ])("refuses %s, although it has the token", async (_, headers) => {
    for (const [method, path] of [
      ["GET", "/api/state"],
      ["POST", "/api/run"],
      ["GET", "/"],
    ] as const) {
      expect({ method, path, ...(await ask({ method, path, headers })) }).toMatchObject({
        status: 403,
        asked: [],
      });
    }
  });

  it("writes and reads nothing without the token, or with another one", async () => {
    for (const authorization of ["", "Bearer ", "Bearer wrong", `Bearer ${server.token}x`, server.token]) {
      expect(await ask({ headers: { authorization } })).toMatchObject({ status: 401, asked: [] });
      expect(await ask({ method: "POST", path: "/api/run", headers: { authorization } })).toMatchObject({
        status: 401,
        asked: [],
      });
    }
  });

  it("takes no form, which another page could send without asking", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    expect(await ask({ method: "POST", path: "/api/run", headers })).toMatchObject({
      status: 403,
      asked: [],
    });
  });

  it("gives its page without a token, and lets no script run that is not its own file", async () => {
    const { status, headers, body } = await ask({ path: "/", headers: { authorization: "" } });
    expect(status).toBe(200);
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(headers["content-security-policy"]).not.toContain("unsafe");
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=/);
    expect(body).not.toContain(server.token);
  });

  it.each([
    "/../package.json",
    "/..%2f..%2fpackage.json",
    "/page/../../api.ts",
    "/.git/config",
    "/index.html",
  ])("has nothing at %s", async (path) => {
    expect((await ask({ path })).status).toBe(404);
  });

  it("sends what is long compressed to whoever takes that", async () => {
    const plain = await ask({ path: "/main.js" });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    const packed = await ask({ path: "/main.js", headers: { "accept-encoding": "gzip, br" } });
    expect(packed.headers).toMatchObject({ "content-encoding": "gzip", vary: "accept-encoding" });
    expect(packed.body.length).toBeLessThan(plain.body.length / 2);
  });

  it("sends nothing again that the page has", async () => {
    const { headers } = await ask({});
    const again = await ask({ headers: { "if-none-match": headers.etag ?? "" } });
    expect(again).toMatchObject({ status: 304, body: "" });
  });
});
