import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createApiServer, type ApiServer } from "../../aws-api/server.ts";
import { NoAnswer, PartialFailure, type Provider } from "../../../pulumi-engine/values/provider.ts";
import { httpProvider, providerRoutes } from "../../provider/http.ts";
import { createTestCloud, makeRoute, urnOf, type TestCloud } from "./cloud.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

let cloud: TestCloud;
const at = (port: number) => ({ url: `http://127.0.0.1:${port}`, token: TEST_KEYS.token });
let server: ApiServer | undefined;
beforeEach(() => {
  cloud = createTestCloud();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await cloud.close();
});

async function serve(provider: Provider): Promise<Provider> {
  server = createApiServer({ keys: TEST_KEYS, json: [], extra: providerRoutes(provider) });
  const { port } = await server.listen(0);
  return httpProvider(at(port));
}

describe("the provider over HTTP", () => {
  it("is the same provider", async () => {
    const provider = await serve(cloud.provider);
    const { rule, ruleInputs } = await makeRoute({ ...cloud, provider: { ...cloud.provider, ...provider } });
    const change = { ...rule, olds: rule.inputs, news: ruleInputs(25, 75) };
    expect(await provider.diff(change)).toEqual(await cloud.provider.diff(change));
    const { outputs } = await provider.update(change);
    expect(await provider.read({ ...rule, inputs: change.news, outputs })).toEqual(
      await cloud.provider.read({ ...rule, inputs: change.news, outputs }),
    );
    expect(await provider.invoke({ token: "aws:index/getRegion:getRegion", args: {} })).toMatchObject({
      region: "eu-central-1",
    });
    expect(await provider.delete(rule)).toBeUndefined();
    expect(await provider.read(rule)).toBeUndefined();
  });

  it("carries an error's words, and what a half-made resource has become", async () => {
    const failing = {
      ...cloud.provider,
      create: () => Promise.reject(new PartialFailure("half", "id-1", { arn: "a" })),
    };
    const provider = await serve(failing);
    const type = "aws:lb/targetGroup:TargetGroup";
    const create = provider.create({ type, urn: urnOf(type, "g"), inputs: {} });
    const error = await create.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PartialFailure);
    expect(error).toMatchObject({ message: "half", id: "id-1", outputs: { arn: "a" } });
    const unknown = provider.check({ type: "gcp:a:B", urn: urnOf("gcp:a:B", "b"), news: {} });
    await expect(unknown).rejects.toThrow("the local cloud has no resource type gcp:a:B");
  });

  it("says how to start the cloud when there is none", async () => {
    await serve(cloud.provider);
    await server?.close();
    const provider = httpProvider(undefined, { start: "npm run cloud" });
    await expect(provider.invoke({ token: "t", args: {} })).rejects.toThrow(
      /^the local cloud at http:\/\/127\.0\.0\.1:1 does not answer \(.+\); start it: npm run cloud$/,
    );
  });

  it("counts an answer that broke off as none: what was asked for may have been done", async () => {
    const dying = createServer((socket) =>
      socket.once("data", () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"result"')),
    ).listen(0, "127.0.0.1");
    await once(dying, "listening");
    // A server that listens on TCP has an AddressInfo.
    const { port } = dying.address() as AddressInfo;
    const created = httpProvider(at(port)).create({ type: "t", urn: "u", inputs: {} });
    await expect(created).rejects.toBeInstanceOf(NoAnswer);
    dying.close();
  });

  it("does not take another server's answer for the cloud's", async () => {
    server = createApiServer({ keys: TEST_KEYS, json: [] });
    const { port } = await server.listen(0);
    const provider = httpProvider(at(port));
    await expect(provider.invoke({ token: "t", args: {} })).rejects.toThrow(
      /answered 404 to \/provider\/invoke: nothing is served/,
    );
  });
});
