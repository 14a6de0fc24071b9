import { describe, expect, it } from "vitest";
import type { Answer } from "../../cli/demo/traffic.ts";
import { detectableBy, readSight } from "./plan/detectable.ts";
import { incidentsOf } from "./plan/incidents.ts";
import { releaseOf, type Kind, type PlannedRelease } from "./plan/releases.ts";
import type { Sample } from "./samples.ts";
import { goneAfter, newState, type Row } from "./state.ts";
import { growthsOf, holds, summaryOf } from "./table.ts";
import { added, explanation, NO_REQUESTS, STALLED } from "./users.ts";

const planned = Array.from({ length: 20 }, (_, index) => releaseOf(3, "fraud", index));
const bad = (kind: Kind, part: number, after = 0): PlannedRelease => {
  const found = { model: "fraud", index: 1, version: "fraud-1", isTested: false };
  return { ...found, kind, part, after };
};

describe("the plan", () => {
  it("is the same for the same seed, and another one for another", () => {
    expect(planned).toEqual(Array.from({ length: 20 }, (_, index) => releaseOf(3, "fraud", index)));
    expect(planned).not.toEqual(Array.from({ length: 20 }, (_, index) => releaseOf(4, "fraud", index)));
    expect(incidentsOf(3, 0, 1_440)).toEqual(incidentsOf(3, 0, 1_440));
  });

  it("has half of the models good, and each fault once among ten bad ones", () => {
    expect(planned.filter(({ kind }) => kind === "good")).toHaveLength(10);
    const faults = planned.filter(({ kind }) => kind !== "good");
    expect(new Set(faults.map(({ kind, part, after }) => `${kind} ${part} ${after}`)).size).toBe(10);
  });

  it("begins the cloud anew in the first fifth of a day only", () => {
    const days = [0, 1, 2, 3, 4].flatMap((day) => incidentsOf(1, day, 1_440));
    const restarts = days.filter(({ kind }) => kind === "cloud restarted" || kind === "late metrics");
    expect(restarts.length).toBeGreaterThan(0);
    expect(Math.max(...restarts.map(({ minute }) => minute))).toBeLessThan(1_440 / 5 + 45);
  });
});

describe("a fault is detectable", () => {
  const step = (share: number, candidatePerMinute: number, minutes: number, maxBlindSpot: number) => ({
    share,
    candidatePerMinute,
    advancesAfterMinutes: minutes,
    maxBlindSpot,
    detections: [{ fault: "20 % failing", ninetiethMinutes: 8 }],
  });
  const sight = readSight({ steps: [step(10, 6, 12, 0.3), step(50, 30, 16, 0.1), step(100, 60, 10, 0)] });

  it.each([
    ["failures at the smallest detectable rate", bad("failing", 0.1), true],
    ["failures below it", bad("failing", 0.09), false],
    ["failures that begin with enough minutes left", bad("failing", 0.5, 40), true],
    ["failures that begin with the last minutes of what is compared", bad("failing", 0.5, 200), false],
    ["failures after the promotion", bad("failing", 0.5, 2_500), false],
    ["more late answers than the alarm allows", bad("slow", 0.5), true],
    ["fewer", bad("slow", 0.05), false],
    ["a leak that fills the memory within the compared steps", bad("leaking", 2_000_000), true],
    ["a leak that fills it long after them", bad("leaking", 10_000), false],
    ["another accuracy, without tests", bad("mismatched", 0), false],
    ["what does not start", bad("crashing", 0), true],
  ])("or not: %s", (_title, release, isDetectable) => {
    expect(detectableBy(release, sight) !== undefined).toBe(isDetectable);
  });
});

describe("a failed request", () => {
  const at = (seconds: number, own: Partial<Answer> = {}): Answer => {
    return { realMs: seconds * 1_000, status: 502, version: undefined, right: false, seconds: 0.1, ...own };
  };
  const windows = [{ kind: "kill of a task", fromMs: 10_000, toMs: 20_000 }];
  const known = (version: string) =>
    version === "fraud-1" ? { release: bad("failing", 0.5), goneMs: 8_000 } : undefined;
  const why = (answer: Answer) => explanation(answer, windows, known);

  it("is explained by a model that is planned to fail, by a planned fault in its time, or by nothing", () => {
    expect(why(at(5, { status: 500, version: "fraud-1" }))).toBe("fault of the model: failing 0.5");
    expect(why(at(5, { status: 500, version: "fraud-2" }))).toBe("unexplained");
    expect(why(at(15))).toBe("planned: kill of a task");
    expect(why(at(21, { seconds: 2 }))).toBe("planned: kill of a task");
    expect(why(at(21, { seconds: 0.5 }))).toBe("unexplained");
  });

  it("is no fault of a model to which no user may get any more", () => {
    expect(why(at(9, { status: 500, version: "fraud-1" }))).toBe("unexplained");
    expect(why(at(9, { status: 500, version: "fraud-1", seconds: 2 }))).toBe(
      "fault of the model: failing 0.5",
    );
  });

  it("is told apart when the machine had no time, which no plan has", () => {
    const stalled = [{ kind: STALLED, fromMs: 0, toMs: 12_000 }];
    expect(explanation(at(12, { status: 0, seconds: 11 }), stalled, known)).toBe(STALLED);
    expect(explanation(at(25, { status: 0, seconds: 11 }), stalled, known)).toBe("unexplained");
  });

  it("is counted by its explanation, and shown when there is none", () => {
    const tally = added(NO_REQUESTS, [at(5), at(15), at(16, { status: 200 })], why);
    expect(tally).toMatchObject({ requests: 3, failed: { unexplained: 1, "planned: kill of a task": 1 } });
    expect(tally.unexplained).toHaveLength(1);
  });
});

describe("the table", () => {
  const row = (own: Partial<Row>): Row => ({
    model: "fraud",
    version: "fraud-1",
    fault: "failing 0.5",
    isGood: false,
    fromMinute: 0,
    toMinute: 60,
    end: "rolledBack",
    retreats: 0,
    detectableBy: "plan",
    deploySeconds: 5,
    sentence: "",
    disturbedBy: [],
    ...own,
  });
  const sample = (minute: number, mib: number): Sample => ({
    minute,
    processes: [{ name: "cloud", rssBytes: mib * 1024 * 1024, handles: 30 }],
    disk: { releases: minute * 1024 * 1024 },
  });
  const state = (rows: readonly Row[], memory: readonly number[]) => ({
    ...newState(1, 30, "/", ["fraud"]),
    rows,
    samples: memory.map((mib, at) => sample(at * 100, mib)),
  });

  it("holds with a bad model rolled back, and an undetectable one promoted, in flat memory", () => {
    const rows = [row({}), row({ end: "promoted", detectableBy: undefined })];
    expect(holds(summaryOf(state(rows, [50, 100, 104, 109])))).toBe(true);
  });

  it("does not hold with a detectable one promoted, one that came to no end, memory that grows, an unexplained failure, or no release", () => {
    expect(holds(summaryOf(state([row({ end: "error" })], [100, 100, 100, 100])))).toBe(false);
    expect(holds(summaryOf(state([row({ end: "promoted" })], [100, 100, 100, 100])))).toBe(false);
    expect(holds(summaryOf(state([row({})], [100, 100, 100, 111])))).toBe(false);
    expect(holds(summaryOf(state([], [100, 100, 100, 100])))).toBe(false);
    const failed = { fraud: { requests: 1, failed: { unexplained: 1 }, unexplained: [] } };
    expect(holds(summaryOf({ ...state([row({})], [100, 100, 100, 100]), tallies: failed }))).toBe(false);
  });

  it("knows the versions that no user may see any more", () => {
    const ends = [
      row({ version: "fraud-0", end: "promoted" }),
      row({ version: "fraud-1", end: "rolledBack" }),
      row({ version: "fraud-2", end: "promoted", isReverted: true }),
      row({ version: "fraud-3", end: "error" }),
      row({ version: "churn-0", model: "churn", end: "promoted" }),
    ];
    expect([...goneAfter(ends)]).toEqual(["fraud-1", "fraud-2"]);
    expect([...goneAfter([...ends, row({ version: "fraud-4", end: "promoted" })])]).toContain("fraud-0");
  });

  it("tells good models that were rolled back", () => {
    const good = row({ isGood: true, detectableBy: undefined });
    expect(summaryOf(state([good], [1, 1, 1, 1])).wrongRollbacks).toEqual([good]);
  });

  it("has the medians of the quarters, and of disk what was there at their ends", () => {
    const samples = [0, 10, 20, 30, 40, 50, 60, 70, 80].map((minute) => sample(minute, minute));
    const [memory, , disk] = growthsOf(samples);
    expect(memory).toEqual({ name: "memory of cloud", quarters: [10, 30, 50, 70] });
    expect(disk).toEqual({ name: "disk of releases", quarters: [10, 30, 50, 80] });
  });
});
