import type { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { expect, it } from "vitest";
import { cloudWatchPredictions } from "../../../validation/adapters/labels/prediction-log.ts";

const prediction = (requestId: string, more: object = {}) =>
  JSON.stringify({ prediction: { requestId, ...more } });

/** Answers as CloudWatch Logs does, one page after the other; an empty page may stand before a full one. */
function aLog(pages: readonly (readonly { timestamp: number; message: string }[])[]) {
  const asked: object[] = [];
  const client = {
    send: async ({ input }: FilterLogEventsCommand) => {
      asked.push(input);
      const index = Number(input.nextToken ?? 0);
      return { events: pages[index], nextToken: index + 1 < pages.length ? String(index + 1) : undefined };
    },
  };
  // Of the client the adapter uses `send` alone.
  const log = cloudWatchPredictions(async () => client as unknown as CloudWatchLogsClient);
  return { log, asked };
}

const SERVICES = new Map([["green", "stack-green"]] as const);

it("finds predictions on every page, also after an empty one, and takes other lines for what they are", async () => {
  const { log, asked } = aLog([
    [
      { timestamp: 1, message: "no JSON with the word prediction" },
      { timestamp: 2, message: prediction("a", { answer: 4, version: "7", segment: { country: "DE" } }) },
      { timestamp: 3, message: '{"prediction":4}' },
    ],
    [],
    [
      { timestamp: 4, message: prediction("b") },
      { timestamp: 5, message: prediction("not asked for") },
    ],
  ]);
  const found = await log.find(SERVICES, new Set(["a", "b", "c"]), 0, 10);
  const [slot, segments] = ["green", {}];
  expect([...found.values()]).toEqual([
    { requestId: "a", slot, version: "7", atMs: 2, answer: 4, segments: { country: "DE" } },
    { requestId: "b", slot, version: undefined, atMs: 4, answer: undefined, segments },
  ]);
  expect(asked).toHaveLength(3);
  expect(asked[0]).toMatchObject({ logGroupName: "/ecs/stack-green", startTime: 0, endTime: 10 });
});

it("of a request that was asked again and answered alike the first answer counts", async () => {
  const { log } = aLog([
    [
      { timestamp: 9, message: prediction("a", { answer: { label: 2 } }) },
      { timestamp: 1, message: prediction("a", { answer: { label: 2 } }) },
    ],
  ]);
  expect((await log.find(SERVICES, new Set(["a"]), 0, 10)).get("a")).toMatchObject({ atMs: 1 });
});

it.each([
  ["another answer", { answer: 1 }],
  ["another version", { answer: 2, version: "8" }],
  ["another segment", { answer: 2, segment: { country: "DE" } }],
])(
  "an id that somebody sends again and that gets %s is of several, whatever comes after",
  async (_, other) => {
    const same = { timestamp: 1, message: prediction("a", { answer: 2 }) };
    const { log } = aLog([[same, { timestamp: 9, message: prediction("a", other) }, same]]);
    expect((await log.find(SERVICES, new Set(["a"]), 0, 10)).get("a")).toBe("several");
  },
);

it("an id that both slots have answered is of several, also with the same answer", async () => {
  const { log } = aLog([[{ timestamp: 1, message: prediction("a", { answer: 2 }) }]]);
  const both = new Map([...SERVICES, ["blue", "stack-blue"]] as const);
  expect((await log.find(both, new Set(["a"]), 0, 10)).get("a")).toBe("several");
});
