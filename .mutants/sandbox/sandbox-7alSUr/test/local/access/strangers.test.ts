import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bearer, ENDPOINT_FILE } from "../../../packages/local-cloud/access/address.ts";
import { openKeys, ownDirectory } from "../../../cli/local/keys.ts";
import { writeEndpoint } from "../../../cli/local/endpoint.ts";
import type { LocalCloud } from "../../../packages/local-cloud/cloud.ts";
import { TEST_KEYS } from "../../support/local-keys.ts";
import {
  cloudDirectory,
  type CloudDirectory,
} from "../../../packages/local-cloud/test/support/cloud-directory.ts";
import { runService, type Service } from "../../../packages/local-cloud/test/support/model-service.ts";
import { withKeys } from "../../../packages/local-cloud/test/support/signed.ts";
import { attacks, type Attack } from "../../../packages/local-cloud/test/access/support/attacks.ts";
import { statusOf } from "../../../packages/local-cloud/test/access/support/send.ts";

const OTHER_USER = 65_534;
const isRoot = process.getuid?.() === 0;
const run = promisify(execFile);

let place: CloudDirectory;
let cloud: LocalCloud;
let service: Service;
let port: number;
let all: readonly Attack[];
const state = () => readFile(place.state("cloud.json"), "utf8");
/** The task of the attacker, his bucket and the cluster that he would have made. */
const isChanged = async () => /stolen|cluster\/default/.test(await state());

beforeAll(async () => {
  place = await cloudDirectory();
  cloud = await place.start();
  port = Number(new URL(cloud.url).port);
  service = await runService(cloud.url);
  all = await attacks();
});
afterAll(() => place.dispose());

/** Of each attack that was not refused, what it was and how it was answered. */
async function taken(change: (attack: Attack) => Omit<Attack, "what">): Promise<readonly string[]> {
  const through: string[] = [];
  for (const attack of all) {
    const status = await statusOf(port, change(attack));
    if (![400, 401, 403].includes(status)) through.push(`${attack.what}: ${status}`);
  }
  return through;
}
/** As its owner asks, whose right to be answered is beyond doubt. */
const owned = (attack: Attack) => ({ ...attack, headers: withKeys(attack, port) });

describe("on the local cloud's API a request is refused, whatever it asks for,", () => {
  it.each<[how: string, change: (attack: Attack) => Omit<Attack, "what">]>([
    ["without any keys", (attack) => attack],
    [
      "as text/plain, which a page may send without asking",
      (attack) => ({ ...attack, headers: { ...attack.headers, "content-type": "text/plain" } }),
    ],
    [
      "as a form, which a page may send without asking",
      (attack) => ({ ...attack, headers: { "content-type": "application/x-www-form-urlencoded" } }),
    ],
    [
      "as the question before a request of another origin",
      (attack) => ({ ...attack, method: "OPTIONS", headers: { origin: "http://127.0.0.1:1" } }),
    ],
    [
      "as the beginning of a WebSocket",
      (attack) => ({
        ...attack,
        method: "GET",
        headers: {
          connection: "Upgrade",
          upgrade: "websocket",
          "sec-websocket-version": "13",
          "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
        },
      }),
    ],
    [
      "with another token",
      (attack) => ({ ...attack, headers: { ...attack.headers, authorization: "Bearer another" } }),
    ],
    [
      "with an empty token",
      (attack) => ({ ...attack, headers: { ...attack.headers, authorization: "Bearer " } }),
    ],
    [
      "with the access key alone, as it took it before",
      (attack) => ({
        ...attack,
        headers: {
          ...attack.headers,
          authorization: `AWS4-HMAC-SHA256 Credential=${TEST_KEYS.accessKeyId}/20260101/us-east-1/ecs/aws4_request, SignedHeaders=host, Signature=0`,
        },
      }),
    ],
    [
      "with the keys, under another name of this machine (DNS rebinding)",
      (attack) => ({
        ...owned(attack),
        headers: withKeys({ ...attack, headers: { ...attack.headers, host: `evil.example:${port}` } }, port),
      }),
    ],
    [
      "with the keys, for another port",
      (attack) => ({
        ...owned(attack),
        headers: withKeys({ ...attack, headers: { ...attack.headers, host: "127.0.0.1:1" } }, port),
      }),
    ],
    [
      "with the keys, from a page of another port",
      (attack) => ({ ...owned(attack), headers: { ...owned(attack).headers, origin: "http://127.0.0.1:1" } }),
    ],
    [
      "with the keys, from a page of a model behind the gateway",
      (attack) => ({
        ...owned(attack),
        headers: { ...owned(attack).headers, origin: new URL(service.url).origin },
      }),
    ],
    [
      "with the keys, from a page without an origin",
      (attack) => ({ ...owned(attack), headers: { ...owned(attack).headers, origin: "null" } }),
    ],
  ])("%s", async (_how, change) => {
    expect(await taken(change)).toEqual([]);
    expect(await isChanged()).toBe(false);
  });

  it("and the address of a page carries the token for that page alone", async () => {
    const get = (path: string, headers = {}) => statusOf(port, { method: "GET", path, headers, body: "" });
    const asked = `?token=${TEST_KEYS.token}`;
    expect(await get(`/dashboard${asked}`)).toBe(200);
    expect([await get(`/dashboard/data${asked}`), await get(`/logs/models${asked}`)]).toEqual([401, 401]);
    expect(await get("/dashboard/data", bearer(TEST_KEYS))).toBe(200);
  });

  it("but for the clock, which anybody may read, though not from the page of another port", async () => {
    const get = (headers = {}) => statusOf(port, { method: "GET", path: "/clock", headers, body: "" });
    expect([await get(), await get({ origin: "http://127.0.0.1:1" })]).toEqual([200, 403]);
  });
});

it("the gateway, whose door is open, leads to the models alone", async () => {
  const gateway = Number(new URL(service.url).port);
  for (const attack of all.slice(0, 5)) {
    const headers = { ...attack.headers, host: `127.0.0.1:${port}` };
    expect(await statusOf(gateway, { ...attack, headers })).toBe(200);
  }
  expect(await isChanged()).toBe(false);
});

it("the models have none of the keys in their environment", async () => {
  const environment = await readFile(`/proc/${service.pid}/environ`, "utf8").catch(() => "");
  for (const secret of Object.values(TEST_KEYS)) expect(environment).not.toContain(secret);
});

/** What another user's process tries; it has nothing but the port, and the names of the files. */
const STRANGER = `
  import { readFileSync, readdirSync, writeFileSync } from "node:fs";
  import { request } from "node:http";
  const { port, all, files, directory } = JSON.parse(readFileSync(0, "utf8"));
  const outcome = (act) => { try { act(); return "done"; } catch (error) { return error.code; } };
  const read = files.map((file) => outcome(() => readFileSync(file)));
  const listed = outcome(() => readdirSync(directory));
  const planted = outcome(() => writeFileSync(directory + "/planted", ""));
  const through = [];
  for (const { what, method, path, headers, body } of all) {
    const status = await new Promise((resolve) => request({ host: "127.0.0.1", port, method, path, headers }, (response) => { response.resume(); resolve(response.statusCode); }).end(body));
    if (![400, 401, 403].includes(status)) through.push(what + ": " + status);
  }
  console.log(JSON.stringify({ uid: process.getuid(), read, listed, planted, through }));
`;

describe.skipIf(!isRoot)(
  `another user of the machine${isRoot ? "" : " (skipped: only root can be another user)"}`,
  () => {
    it("reads none of the files, and none of the paths answers", async () => {
      const { directory } = place;
      const quiet = () => {};
      await ownDirectory(directory, quiet);
      await openKeys(join(directory, "cloud"), quiet);
      const engine = { kind: "embedded" } as const;
      await writeEndpoint(
        { root: directory, directory },
        { ...TEST_KEYS, url: cloud.url, region: "us-east-1", speed: 1, pid: 1, engine },
      );
      const files = [join(directory, ENDPOINT_FILE), place.state("keys.json"), place.state("cloud.json")];
      const running = run(process.execPath, ["--input-type=module", "--eval", STRANGER], {
        uid: OTHER_USER,
        gid: OTHER_USER,
        cwd: "/",
      });
      running.child.stdin?.end(JSON.stringify({ port, all, files, directory }));
      expect(JSON.parse((await running).stdout)).toEqual({
        uid: OTHER_USER,
        read: ["EACCES", "EACCES", "EACCES"],
        listed: "EACCES",
        planted: "EACCES",
        through: [],
      });
      expect(await isChanged()).toBe(false);
    });
  },
);

// Last, because it does what all the others could not.
it("the same requests do their work for whoever has the keys", async () => {
  expect(all.length).toBeGreaterThan(80);
  const through = await taken(owned);
  expect(through).toContain("DescribeLoadBalancers: 200");
  expect(through).toContain("GET /dashboard: 200");
  expect(through).toContain("GET /logs/models: 200");
  expect(await isChanged()).toBe(true);
  expect(await state()).toContain("task-definition/stolen:1");
});
