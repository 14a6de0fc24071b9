import { describe, expect, it } from "vitest";
import { evidenceRecord } from "../../../../validation/report/evidence.ts";
import { replay, replayed } from "../../../../validation/insight/replay.ts";
import { csvRecords, pastOfEvidence, pastOfRows } from "../../../../validation/insight/replay/counts-file.ts";
import type { PastWanted } from "../../../../validation/insight/replay/read-past.ts";
import { DEFAULT_SETTINGS, withSet } from "../../../../validation/insight/replay/settings.ts";
import { step } from "../../../../validation/rollout/step.ts";
import { sharing } from "../../support/samples.ts";
import { STACK, World } from "../../support/world.ts";

const MINUTE_MS = 60_000;
const BEGIN = Date.parse("2026-11-25T10:00:00Z");

interface Shape {
  readonly minutes: number;
  readonly share: (minute: number) => number;
  /** Failing requests of the candidate per request. */
  readonly rate: (minute: number) => number;
  readonly perMinute?: number;
}

/** Counts as a person would write them down; fractions, because nothing here is left to chance. */
function rows({ minutes, share, rate, perMinute = 600 }: Shape): Record<string, unknown>[] {
  return Array.from({ length: minutes }, (_, at) => {
    const candidate = (perMinute * share(at)) / 100;
    return {
      time: new Date(BEGIN + at * MINUTE_MS).toISOString(),
      share: share(at),
      candidate_requests: candidate,
      candidate_failed: candidate * rate(at),
      active_requests: perMinute - candidate,
      active_failed: (perMinute - candidate) * 0.005,
    };
  });
}

// What a step has to prove is a question of its own, below.
const SETTINGS = withSet(DEFAULT_SETTINGS, ["advanceWhen=blindSpot"]);
const run = (records: readonly unknown[], set: readonly string[] = []) =>
  replayed(pastOfRows(records, "counts", "green"), SETTINGS, set, "with the defaults");

const good = { minutes: 40, share: (at: number) => (at < 20 ? 10 : 25), rate: () => 0.005 };

describe("the replay of a file of counts", () => {
  it("says after how many minutes of each share a good candidate would have advanced", () => {
    const { asConfigured, looks, exitCode } = run(rows(good));
    expect(exitCode).toBe(0);
    expect(asConfigured).toMatchObject({
      result: "lasted",
      steps: [
        { share: 10, advanceAfterMinutes: 10 },
        { share: 25, advanceAfterMinutes: 10 },
      ],
    });
    expect(looks.map(({ share, verdict }) => [share, verdict.kind])).toEqual([
      [10, "hold"],
      [10, "advance"],
      [25, "hold"],
      [25, "advance"],
    ]);
  });

  it("ends where a bad one would have been rolled back, and says what that would have spared", () => {
    const { asConfigured, looks } = run(rows({ ...good, rate: (at) => (at < 30 ? 0.005 : 0.2) }));
    expect(looks.at(-1)?.verdict.kind).toBe("rollback");
    // The fault begins at 10:30; the first bad minute ends at 10:31 and is settled two minutes later.
    expect(asConfigured.rolledBackAt).toBe("2026-11-25T10:33:00.000Z");
    expect(asConfigured.sentence).toMatch(
      /^would be rolled back at 2026-11-25 10:33 UTC, 13 min into 25 %: failed: .* past 10 % after 10 min; 1,050 requests came to it after that, 210 of them failed$/,
    );
  });

  it("tells what other settings would have changed", () => {
    const fault = rows({ ...good, rate: (at) => (at < 30 ? 0.005 : 0.03) });
    const { sentence, asConfigured, withYours } = run(fault, ["tolerance=10", "bakeMinutes=15"]);
    expect(asConfigured.result).toBe("rolledBack");
    expect(withYours).toMatchObject({ result: "lasted", steps: [{ advanceAfterMinutes: 15 }, {}] });
    expect(sentence).toMatch(
      /^with the defaults: green would be rolled back .*\nwith tolerance=10, bakeMinutes=15: green would not be rolled back; past 10 % after 15 min/,
    );
  });

  it("lets a candidate on when it is proven, by the least that is ever asked for where nobody wrote down what was planned", () => {
    const past = pastOfRows(rows(good), "counts", "green");
    const shipped = replayed(past, DEFAULT_SETTINGS, [], "with the defaults");
    expect(shipped.notJudged.join("; ")).toContain("what was planned for this pair of models");
    const minutes = shipped.asConfigured.steps.map(({ advanceAfterMinutes }) => advanceAfterMinutes ?? 99);
    expect(minutes[0]).toBeGreaterThan(10);
    const schedule = { provenRatios: [3], minutes: [], odds: [] };
    const planned = replayed({ ...past, schedule }, DEFAULT_SETTINGS, [], "with the defaults");
    expect(planned.asConfigured.steps[0]?.advanceAfterMinutes).toBeUndefined();
    expect(planned.notJudged.join("; ")).not.toContain("what was planned");
  });

  it("takes the shares from the counts where nobody wrote them down, and says so", () => {
    const without = rows(good).map((row) => ({ ...row, share: "" }));
    const { asConfigured, notJudged } = run(without);
    expect(asConfigured.steps.map(({ share }) => share)).toEqual([10, 25]);
    expect(notJudged).toContain("when shares changed (taken from the counts)");
  });

  it("holds at the deadline where the traffic is too little to see anything", () => {
    const { looks } = run(rows({ minutes: 70, share: () => 10, rate: () => 0, perMinute: 2 }));
    expect(looks.at(-1)).toMatchObject({ verdict: { kind: "insufficient", expired: true }, stepMinutes: 60 });
  });

  it("reads the same from CSV, custom counts among it", () => {
    const records = rows(good).map((row) => ({ ...row, candidate_disagreed: 0, active_disagreed: 1 }));
    const names = Object.keys(records[0] ?? {});
    const csv = [names.join(","), ...records.map((row) => Object.values(row).join(","))].join("\n");
    const past = pastOfRows(csvRecords(csv), "counts", "green");
    expect(past).toEqual(pastOfRows(records, "counts", "green"));
    expect(past.data.customMetrics.map(({ name }) => name)).toEqual(["disagreed"]);
  });

  it.each([
    ["no row", []],
    ["a time that is no minute", [{ ...rows(good)[0], time: "2026-11-25T10:00:30Z" }]],
    ["a count that is missing", [{ ...rows(good)[0], active_failed: "" }]],
    ["minutes that go back", [rows(good)[1], rows(good)[0]]],
    ["a share of more than all", [{ ...rows(good)[0], share: 101 }]],
    ["more failures than requests", [{ ...rows(good)[0], active_failed: 541 }]],
    ["more than three days", rows({ ...good, minutes: 4321 })],
    ["something else", [3]],
  ])("refuses %s with a code", (_, records) => {
    expect(() => run(records)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^BG20[02]$/) }),
    );
  });
});

describe("a file of counts with a gap in it", () => {
  it("knows at each minute only what lies before it", () => {
    const records = rows(good).filter((_, at) => at < 5 || at >= 15);
    const { data } = pastOfRows(records, "counts", "green");
    expect(data.minutes).toHaveLength(30);
    const requests = data.zones[0]?.map((counts) => counts.requests) ?? [];
    expect(requests).toHaveLength(40);
    expect(requests.slice(4, 16)).toEqual([540, ...Array.from({ length: 10 }, () => 0), 540]);
  });
});

describe("settings on the command line", () => {
  it("are read as the configuration reads them", () => {
    const set = withSet(DEFAULT_SETTINGS, ["rollout.alpha=0.001", "steps=10,50,100", "maxErrorRate=0.02"]);
    expect(set.rollout).toMatchObject({ alpha: 0.001, steps: [10, 50, 100], beta: 0.05 });
    expect(set.thresholds.maxErrorRate).toBe(0.02);
  });

  it.each(["alpha=2", "alfa=0.1", "alpha", "protect=true", "slowSeconds=2", "toString=1"])(
    "refuse %s",
    (text) => {
      expect(() => withSet(DEFAULT_SETTINGS, [text])).toThrow(expect.objectContaining({ code: "BG201" }));
    },
  );
});

describe("the replay of kept evidence", () => {
  it("comes to the verdict that was kept", async () => {
    const world = new World(sharing(10));
    world.failureRate = { blue: 0.01, green: 0.2 };
    world.clock.advance(12 * MINUTE_MS);
    const outcome = await step(world.context(), {
      start: false,
      startDeadlineMs: Number.POSITIVE_INFINITY,
      agreed: undefined,
    });
    const record = evidenceRecord(STACK, outcome, world.clock.now());
    if (record.comparison === undefined) throw new Error("something was compared");
    const past = pastOfEvidence(record, record.comparison, "kept");
    const { asConfigured } = replayed(past, DEFAULT_SETTINGS, [], "with the defaults");
    expect(asConfigured.rolledBackAt).toBe("2026-01-01T00:03:00.000Z");
    expect(past.attempt).toBe(1);
    expect(past.data.dispersions?.get("failed")).toEqual(record.comparison.metrics[0]?.dispersion);
  });
});

describe("the replay of the stack's own past", () => {
  it("reads the time that the last release shared users, and changes nothing", async () => {
    const compared = { active: "a", attempt: 1, windows: [{ from: "2026-01-01T00:00:00.000Z" }] };
    const raw = sharing(10);
    const world = new World({ ...raw, release: { ...raw.release, compared } });
    world.clock.advance(20 * MINUTE_MS);
    const before = { ...world.raw };
    const outcome = await replay(world.context(), NO_TIME, ["bakeMinutes=12"]);
    expect(outcome).toMatchObject({ exitCode: 0, minutes: 20, asConfigured: { result: "lasted" } });
    expect(outcome.withYours?.steps).toEqual([{ share: 10, advanceAfterMinutes: 12 }]);
    expect(outcome.notJudged).toHaveLength(2);
    expect([world.raw, world.log]).toEqual([before, []]);
  });

  it("judges as strictly as the attempt that it was, and says when it does not know which", async () => {
    const windows = [{ from: "2026-01-01T00:00:00.000Z" }];
    const needed = async (wanted: Partial<PastWanted>) => {
      const raw = sharing(10);
      const compared = { active: "a", attempt: 3, windows };
      const world = new World({ ...raw, release: { ...raw.release, compared } });
      world.failureRate = { blue: 0.01, green: 0.2 };
      world.clock.advance(20 * MINUTE_MS);
      const { looks, notJudged } = await replay(world.context(), { ...NO_TIME, ...wanted }, []);
      return [looks.at(-1)?.sentence.match(/1 of ([\d.e+]+) releases/)?.[1], notJudged.length];
    };
    // 1 / α of the third attempt: π² k² / (6 α).
    expect(await needed({})).toEqual(["1480", 2]);
    expect(await needed({ fromMs: Date.parse("2026-01-01T00:00:00Z") })).toEqual(["100", 3]);
  });

  it("ends where --to says, also without --from", async () => {
    const compared = { active: "a", attempt: 1, windows: [{ from: "2026-01-01T00:00:00.000Z" }] };
    const raw = sharing(10);
    const world = new World({ ...raw, release: { ...raw.release, compared } });
    world.clock.advance(20 * MINUTE_MS);
    const until = (minutes: number) => ({ ...NO_TIME, toMs: world.bornMs + minutes * MINUTE_MS });
    expect(await replay(world.context(), until(8), [])).toMatchObject({ minutes: 8 });
    await expect(replay(world.context(), until(-1), [])).rejects.toThrow(
      "No release of this stack has shared users before",
    );
  });

  it("sees the candidate's alarms as they would have been", async () => {
    const world = new World(sharing(10));
    world.clock.advance(20 * MINUTE_MS);
    const wanted = { ...NO_TIME, fromMs: world.bornMs };
    const outcome = await replay(world.context(), wanted, ["maxErrorRate=0.001"]);
    expect(outcome.asConfigured.result).toBe("lasted");
    // The world's alarms measure 0.01, also on the active slot.
    expect(outcome.withYours?.sentence).toContain("not past 10 %");
    expect(outcome.looks.at(-1)?.sentence).toContain("the active slot");
  });

  it("refuses a time without users on both slots, one that is too long, and a stack without a release", async () => {
    const world = new World(sharing(10));
    world.clock.advance(20 * MINUTE_MS);
    const context = world.context();
    const early = { ...NO_TIME, fromMs: world.bornMs - 3e8, toMs: world.bornMs - 2.9e8 };
    const long = { ...NO_TIME, fromMs: world.bornMs - 3e9 };
    await expect(replay(context, long, [])).rejects.toThrow(
      "three days. Choose a part with --from and --to.",
    );
    for (const wanted of [NO_TIME, early, long]) {
      await expect(replay(context, wanted, [])).rejects.toMatchObject({ code: "BG202" });
    }
  });
});

const NO_TIME: PastWanted = { fromMs: undefined, toMs: undefined, candidate: undefined };
