import type { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { describe, expect, it } from "vitest";
import { awsLogs } from "../../../../validation/adapters/logs/cloud-watch.ts";

const NOW_MS = 10_000_000_000;
const MINUTE_MS = 60_000;

interface Written {
  readonly stream: string;
  readonly agoMs: number;
  readonly message: string;
}

/** Answers as CloudWatch Logs does: the oldest first, in pages of so many, and an empty page before the first. */
function aLog(written: readonly Written[], pageSize = 10_000) {
  const asked: object[] = [];
  const client = {
    send: async ({ input }: FilterLogEventsCommand) => {
      asked.push(input);
      const all = written
        .filter(({ agoMs }) => NOW_MS - agoMs >= (input.startTime ?? 0))
        .toSorted((a, b) => b.agoMs - a.agoMs);
      if (input.nextToken === undefined) return { events: [], nextToken: "0" };
      const from = Number(input.nextToken);
      const events = all.slice(from, from + pageSize).map(({ stream, agoMs, message }) => ({
        logStreamName: stream,
        timestamp: NOW_MS - agoMs,
        message,
      }));
      return { events, nextToken: from + pageSize < all.length ? String(from + pageSize) : undefined };
    },
  };
  // Of the client the adapter uses `send` alone.
  const read = awsLogs(
    async () => client as unknown as CloudWatchLogsClient,
    () => NOW_MS,
  );
  return { read, asked };
}

const lines = (stream: string, count: number, everyMs: number): readonly Written[] =>
  Array.from({ length: count }, (_, index) => ({
    stream,
    agoMs: index * everyMs,
    message: `${stream} ${index}\n`,
  }));

describe("what tasks wrote, in CloudWatch Logs", () => {
  it("is looked for further back until there are lines enough, and no further", async () => {
    const { read, asked } = aLog(lines("fraud/model/a", 500, 1_000));
    const [task, ...others] = await read("fraud-green", 100);
    expect(others).toEqual([]);
    expect(task).toMatchObject({ taskId: "a" });
    expect(task).not.toHaveProperty("container");
    expect(task?.lines).toHaveLength(100);
    expect([task?.lines[0], task?.lines.at(-1)]).toEqual(["fraud/model/a 99", "fraud/model/a 0"]);
    expect(asked[0]).toMatchObject({ logGroupName: "/ecs/fraud-green", endTime: NOW_MS });
    const begins = asked.map((input) => NOW_MS - Number("startTime" in input && input.startTime));
    expect(new Set(begins)).toEqual(new Set([15_000, 2 * MINUTE_MS]));
  });

  it("stands by task, the one that wrote last first, and by container where a task has several", async () => {
    const old = lines("fraud/model/old", 3, 1_000).map((one) => ({ ...one, agoMs: one.agoMs + MINUTE_MS }));
    const { read } = aLog([...old, ...lines("fraud/model/new", 2, 1_000), ...lines("fraud/agent/new", 1, 1)]);
    const found = await read("fraud-green", 300);
    expect(found.map(({ taskId, container, lines: own }) => [taskId, container, own.length])).toEqual([
      ["new", "model", 2],
      ["new", "agent", 1],
      ["old", "model", 3],
    ]);
  });

  it("keeps the newest lines where a wider window has too many pages", async () => {
    const quietThenLoud = [
      ...lines("fraud/model/a", 20, 500),
      ...lines("fraud/model/a", 500, 100).map((one) => ({ ...one, agoMs: one.agoMs + 20_000 })),
    ];
    const { read } = aLog(quietThenLoud, 10);
    const [task] = await read("fraud-green", 100);
    expect(task?.lines).toHaveLength(20);
    expect(task?.lines.at(-1)).toBe("fraud/model/a 0");
  });

  it("is nothing where nobody wrote", async () => {
    expect(await aLog([]).read("fraud-green", 100)).toEqual([]);
  });
});
