import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isRunningStill, runningCloud, type Waiting } from "../../cli/local/running-cloud.ts";
import { ownEndpoint, removeEndpoint, writeEndpoint } from "../../cli/local/endpoint.ts";
import type { LocalPlace } from "../../cli/local/place.ts";
import { ENDPOINT_FILE } from "../../packages/local-cloud/access/address.ts";
import { proofOf } from "../../packages/local-cloud/aws-api/door.ts";
import { identityOf } from "../../validation/adapters/processes/identity.ts";
import type { Fate } from "../../validation/core/owner.ts";
import { fiveBytesFlipped } from "../../packages/pulumi-engine/test/support/flipped.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

let place: LocalPlace;
const told: string[] = [];
let server: Server | undefined;

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), "waiting-cloud-"));
  place = { root, directory: root };
  told.length = 0;
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  await rm(place.root, { recursive: true });
});

/** A cloud whose process has no time for the first `silent` questions. */
async function busyCloud(silent: number): Promise<string> {
  let asked = 0;
  const answer: RequestListener = (request, response) => {
    asked += 1;
    if (asked <= silent) return;
    response.end(JSON.stringify(proofOf(TEST_KEYS, new URL(request.url ?? "/", "http://127.0.0.1"))));
  };
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has a socket address.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const engine = { kind: "embedded" } as const;
  const self = { pid: process.pid, process: identityOf(process.pid) };
  await writeEndpoint(place, { ...TEST_KEYS, url, region: "us-east-1", speed: 1, ...self, engine });
  return url;
}

const waiting = (fate: Fate, tries = 3): Waiting => ({
  firstMs: 20,
  thenMs: tries === 3 ? 2_000 : 20,
  tries,
  fateOf: () => fate,
  tell: (line) => told.push(line),
});

describe("a local cloud that has no time to answer", () => {
  it("is waited for while its process runs, and that is said", async () => {
    const url = await busyCloud(1);
    expect(await runningCloud(place, waiting("runs"))).toMatchObject({ url });
    expect(told).toEqual([
      `waiting for the local cloud at ${url} (process ${process.pid}), which has had no time to answer`,
    ]);
  });

  it("is waited for where the system tells nothing of processes, too", async () => {
    const url = await busyCloud(1);
    expect(await runningCloud(place, waiting("unknown"))).toMatchObject({ url });
  });

  it("is never taken for none: after a bounded time that is an error of its own", async () => {
    await busyCloud(100);
    const refused = runningCloud(place, waiting("runs", 2));
    await expect(refused).rejects.toMatchObject({ code: "BG250" });
    await expect(refused).rejects.toThrow(`Process ${process.pid} at `);
  });

  it("is none once its process has ended, whoever has its port now", async () => {
    await busyCloud(100);
    expect(await runningCloud(place, waiting("ended"))).toBeUndefined();
    expect(told).toEqual([]);
  });
});

it("is still the one that was found, without being asked, until another one is written down or its process has ended", async () => {
  await busyCloud(100);
  const written = await ownEndpoint(place);
  if (written === undefined) throw new Error("nothing is written");
  expect(await isRunningStill(place, written)).toBe(true);
  expect(await isRunningStill(place, { ...written, token: "another" })).toBe(false);
  await removeEndpoint(place);
  expect(await isRunningStill(place, written)).toBe(false);
});

it.each([
  ["cut off", (text: string) => text.slice(0, text.length / 2)],
  ["five bytes another", fiveBytesFlipped],
])("an address that is %s is an error that says what writes it anew, not no cloud", async (_, damage) => {
  await busyCloud(0);
  const file = join(place.directory, ENDPOINT_FILE);
  await writeFile(file, damage(await readFile(file, "utf8")));
  await expect(runningCloud(place, waiting("runs"))).rejects.toMatchObject({ problem: "broken" });
  await expect(runningCloud(place, waiting("runs"))).rejects.toThrow("start it anew (`npx bluegreen local`)");
});
