import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect, it, onTestFinished } from "vitest";
import { answerJson } from "../../../aws-api/json-protocol.ts";
import { logsService } from "../../../aws-api/logs.ts";
import { createEcsWorld } from "../../aws-api/ecs-world.ts";
import { TEST_KEYS } from "../../support/local-keys.ts";

/** A service whose one task writes to the group `digits`, and the SDK's client of its log. */
async function aLog() {
  const ecsWorld = await createEcsWorld();
  const { ecs, world } = ecsWorld;
  const server = createServer(async (request, response) => {
    const body = (await request.toArray()).map(String).join("");
    const target = String(request.headers["x-amz-target"]);
    const answer = await answerJson(logsService(ecs.logsOperations), target, body, console.error);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server has a socket address.
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new CloudWatchLogsClient({
    endpoint,
    region: "us-east-1",
    credentials: TEST_KEYS,
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await ecsWorld.close();
  });
  await ecsWorld.register();
  await ecsWorld.createService();
  const file = await world.until("a log", () => ecs.logFiles("blue")[0]);
  const write = (...lines: string[]) => {
    appendFileSync(file, lines.map((line) => `${line}\n`).join(""));
    world.clock.advance(1000);
  };
  const filter = (input: object) =>
    client.send(new FilterLogEventsCommand({ logGroupName: "digits", ...input }));
  return { filter, write, clock: world.clock, process: () => world.until("ready", () => world.processes[0]) };
}

it("FilterLogEvents gives the lines of a group that have the term, with their times and streams, page by page", async () => {
  const { filter, write, clock, process } = await aLog();
  await process();
  write("a cat", "a dog");
  const secondMs = clock.now();
  write("a cat again");
  const all = await filter({ filterPattern: "cat" });
  expect(all.events?.map(({ message }) => message)).toEqual(["a cat", "a cat again"]);
  expect(all.events?.[0]?.logStreamName).toMatch(/^model\/\w+$/);
  expect(all.nextToken).toBeUndefined();
  const later = await filter({ filterPattern: "cat", startTime: secondMs + 1 });
  expect(later.events?.map(({ message }) => message)).toEqual(["a cat again"]);
  const first = await filter({ filterPattern: "cat", limit: 1 });
  const second = await filter({ filterPattern: "cat", limit: 1, nextToken: first.nextToken });
  expect([first, second].map(({ events }) => events?.map(({ message }) => message))).toEqual([
    ["a cat"],
    ["a cat again"],
  ]);
  expect(second.nextToken).toBeUndefined();
});

it("FilterLogEvents refuses a group that nothing writes to, and a pattern that is not simulated", async () => {
  const { filter } = await aLog();
  await expect(filter({ logGroupName: "nobody" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await expect(filter({ filterPattern: "{ $.a = 1 }" })).rejects.toMatchObject({ name: "NotSimulated" });
  await expect(filter({ nextToken: "x" })).rejects.toMatchObject({ name: "InvalidParameterException" });
});
