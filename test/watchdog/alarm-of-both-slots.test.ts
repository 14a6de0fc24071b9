import type { CloudWatchClient, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { describe, expect, test } from "vitest";
import { explanation } from "../../watchdog/alarm-explained.ts";
import { readCompared } from "../../watchdog/alarm-of-both-slots.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 0, 1, 12);

/** CloudWatch with the alarm on memory of both slots; a value per minute before now, the newest last. */
function asked(values: Readonly<Record<"candidate" | "active", readonly number[]>>, comparison?: string) {
  const alarm = (name: string): MetricAlarm => ({
    AlarmName: name,
    ComparisonOperator: (comparison ?? "GreaterThanThreshold") as MetricAlarm["ComparisonOperator"], // a word of CloudWatch's, or none of them
    Threshold: 90,
    DatapointsToAlarm: 3,
    Metrics: [{ Id: "memory", MetricStat: { Metric: { MetricName: name }, Period: 60, Stat: "Average" } }],
  });
  const MetricDataResults = Object.entries(values).map(([arm, list]) => ({
    Id: `${arm}_memory`,
    Timestamps: list.map((_, index) => new Date(NOW - (list.length - index) * MINUTE)),
    Values: [...list],
  }));
  const inputs: { readonly StartTime?: Date }[] = [];
  const send = async ({ input }: { readonly input: { readonly StartTime?: Date } }) => {
    inputs.push(input);
    return { MetricAlarms: [alarm("green-memory"), alarm("blue-memory")], MetricDataResults };
  };
  // Of the client the reader uses `send` alone.
  const cloudWatch = { send } as unknown as CloudWatchClient;
  return { inputs, for: { cloudWatch, abortSignal: new AbortController().signal } };
}

const names = { candidate: "green-memory", active: "blue-memory" };

describe("an alarm of both slots that counts no requests", () => {
  test("hits both where the same minutes are as bad on the active slot", async () => {
    const both = asked({ candidate: [95, 95, 95], active: [95, 95, 20] });
    expect(await readCompared(both.for, "memory", names, NOW)).toEqual({ hitsBoth: true, counts: undefined });
    const looksBackMs = NOW - (both.inputs.at(-1)?.StartTime?.getTime() ?? 0);
    expect(looksBackMs).toBeGreaterThanOrEqual(5 * MINUTE);
    expect(looksBackMs).toBeLessThanOrEqual(15 * MINUTE);
  });

  test("is the candidate's own where the active slot is well in these minutes", async () => {
    const alone = asked({ candidate: [95, 95, 95], active: [20, 20, 20] });
    expect((await readCompared(alone.for, "memory", names, NOW)).hitsBoth).toBe(false);
  });

  test("explains nothing where it compares by a word that nobody here knows", async () => {
    const foreign = asked({ candidate: [95, 95, 95], active: [95, 95, 95] }, "GreaterThanUpperThreshold");
    expect((await readCompared(foreign.for, "memory", names, NOW)).hitsBoth).toBe(false);
  });
});

/** CloudWatch with the alarm on failed answers of both slots: good and failed ones by the minute, the newest last. */
function counted(values: Readonly<Record<"candidate" | "active", readonly (readonly [number, number])[]>>) {
  const minutes = Math.max(values.candidate.length, values.active.length);
  const MetricDataResults = Object.entries(values).flatMap(([arm, list]) =>
    ["ok", "errors"].map((id, at) => ({
      Id: `${arm}_${id}`,
      Timestamps: list.map((_, index) => new Date(NOW - (minutes - index) * MINUTE)),
      Values: list.map((pair) => pair[at] ?? 0),
    })),
  );
  const send = async () => ({
    MetricAlarms: ["green-error-rate", "blue-error-rate"].map((AlarmName) => ({ AlarmName })),
    MetricDataResults,
  });
  // Of the client the reader uses `send` alone.
  const cloudWatch = { send } as unknown as CloudWatchClient;
  return { cloudWatch, abortSignal: new AbortController().signal };
}

describe("an alarm of both slots on failed answers", () => {
  const compared = async (values: Parameters<typeof counted>[0]) => {
    const slots = { candidate: "green-error-rate", active: "blue-error-rate" };
    return readCompared(counted(values), "error-rate", slots, NOW);
  };
  const well = Array.from({ length: 60 }, () => [400, 0] as const);

  test("blames nobody for an outage of which the active slot's newest minutes are still to come", async () => {
    const outage = [
      [0, 400],
      [0, 400],
    ] as const;
    for (const published of [0, 1]) {
      const active = [...well, ...outage.slice(0, published)];
      const found = await compared({ candidate: [...well, ...outage], active });
      expect(explanation(found), `${published} of its minutes`).toBeDefined();
    }
  });

  test("blames a candidate that fails although the active slot has no requests any more", async () => {
    const bad = Array.from({ length: 3 }, () => [0, 400] as const);
    expect(explanation(await compared({ candidate: [...well, ...bad], active: well }))).toBeUndefined();
  });

  test("blames a candidate that fails while the active slot is well", async () => {
    const bad = [...well.slice(2), [360, 40], [360, 40]] as const;
    expect(explanation(await compared({ candidate: bad, active: well }))).toBeUndefined();
  });
});
