import { describe, expect, it } from "vitest";
import { GATE_NAMES } from "../../../contract/alarms/gates.ts";
import { evidenceRecord, evidenceText, type EvidenceRecord } from "../../../validation/report/evidence.ts";
import { explanation } from "../../../validation/report/explain.ts";
import { markdown } from "../../../validation/report/markdown.ts";
import { isEvidence } from "../../../validation/report/read-evidence.ts";
import { minutesOf } from "../../../validation/core/comparison/record.ts";
import { step } from "../../../validation/rollout/step.ts";
import { sharing } from "../support/samples.ts";
import { STACK, World } from "../support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;

async function look(prepare: (world: World) => void, minutes = 12) {
  const world = new World(sharing(10));
  prepare(world);
  world.clock.advance(minutes * 60_000);
  const outcome = await step(world.context(), ONCE);
  return { outcome, record: evidenceRecord(STACK, outcome, world.clock.now()) };
}

/** Gates that answer where nobody can choose a slot and no signal is named: all but `unanswered` and `signals`, `shadow`, which is asked before the first user, and `cohort`, of its own step. */
const ANSWERING = GATE_NAMES.length - 4;

const failing = () =>
  look((world) => {
    world.failureRate = { blue: 0.01, green: 0.2 };
  });

/** As it is read again from a file. */
function reread(record: EvidenceRecord): EvidenceRecord {
  const parsed: unknown = JSON.parse(evidenceText(record));
  if (!isEvidence(parsed)) throw new Error("the file is not read again");
  return parsed;
}

describe("the explanation for a person on call", () => {
  it("says of a rollback what was decided, the one number, both slots, how sure, and what to do", async () => {
    const { record } = await failing();
    const passed = `comparison; ${ANSWERING - 1} passed`;
    const text = explanation(reread(record));
    expect(text).toContain(passed);
    expect(text.replace(passed, "comparison; all others passed")).toMatchInlineSnapshot(`
      "ROLLED BACK: green, from 10 %
      repo/model@sha256:bbbbbbbbbbbb… · v2-g3
      test · 2026-01-01 00:12 UTC

      Why        20 % of green's requests failed, 0.93 % of blue's: 21.6 times as
                 many, and surely at least 10.4 times.

                                 green       blue                   99 % sure
                 share           10 %        90 %
                 requests        420         3,780
                 answers 2xx     336         3,745
                 answers 3xx     0           0
                 answers 4xx     0           0
                 answers 5xx     84          35
                 failed          84 (20 %)   35 (0.93 %)   × 21.6   10.4 to 48.4
                 client-errors   0 (0 %)     0 (0 %)                anything yet

      How sure   Evidence that green is worse: over a million; 100 roll it back,
                 reached with the minute of 00:00 UTC. A model up to 1.1 times as bad
                 as blue's is rolled back by mistake in at most 1 % of releases.
      Not seen   In this step a green that fails 4.6 % of its requests would have
                 been rolled back by now (4 times out of 5); one that fails less can
                 have passed unseen.
      Gates      failed: comparison; all others passed
      Next       Nobody is on green any more; there is no hurry.
                 Read what it wrote: npx bluegreen logs green.
                 Deploy a fixed model. This one stays refused until deploy
                 --reset-analysis."
    `);
  });

  it("says of an advance what it could not see", async () => {
    const { record } = await look(() => {});
    const text = explanation(reread(record));
    expect(text).toMatch(/^MORE USERS: green, from 10 % to 50 %\n/);
    expect(text.replaceAll(/\s+/g, " ")).toContain(
      "a green that fails 3.9 % of its requests would have been rolled back by now (4 times out of 5)",
    );
    expect(text).toContain(`Gates      ${ANSWERING} passed`);
  });

  it("says of a wait for requests how long it takes, and leaves the person in peace", async () => {
    const { record } = await look((world) => {
      world.requestsPerMinute = 60;
      world.raw = new World({ ...sharing(10), rollout: { bakeMinutes: 1, minRequests: 0 } }).raw;
    }, 8);
    const text = explanation(reread(record)).replaceAll(/\s+/g, " ");
    expect(text).toMatch(/^WAITS: green, at 10 % /);
    expect(text).toMatch(/Wanted: 20 %; \d+ requests more, \d+ min at this traffic\./);
    expect(text).toMatch(/Next Nothing, .* In about \d+ min it has seen enough\.$/);
  });

  it("says what to do when the deadline has passed, and when nothing was compared", async () => {
    const late = await look((world) => {
      world.requestsPerMinute = 1;
    }, 31);
    expect(explanation(late.record)).toMatch(/^WAITS: green, at 10 %, and its deadline has passed\n/);
    const alone = explanation({ ...late.record, comparison: undefined });
    expect(alone).toContain("The two slots were not compared");
    expect(alone.split("\n").every((line) => line.length <= 80)).toBe(true);
  });

  it.each([
    ["drift", "npx bluegreen restore"],
    ["approval", "npx bluegreen approve"],
    ["paused", "npx bluegreen resume"],
  ])("says of a wait for %s what ends it, also after the deadline", async (why, command) => {
    const { record } = await look(() => {}, 4);
    for (const expired of [false, true]) {
      const text = explanation({ ...record, verdict: "hold", why, expired }).replaceAll(/\s+/g, " ");
      expect(text).toContain(command);
      expect(text).not.toContain("Send more traffic");
    }
  });

  it("stays within 80 columns", async () => {
    for (const prepare of [failing, () => look(() => {})]) {
      const { record } = await prepare();
      expect(
        explanation(record)
          .split("\n")
          .filter((line) => line.length > 80),
      ).toEqual([]);
    }
  });
});

describe("the evidence", () => {
  it("has of each metric both slots' counts and rates, ratio, evidence, φ, window, and of the whole what is needed", async () => {
    const { comparison } = reread((await failing()).record);
    expect(comparison).toMatchObject({
      needed: 100,
      settings: { alpha: 0.01, tolerance: 1.1, attempt: 1 },
      share: 10,
      blindSpot: expect.any(Number),
      crossing: { at: "2026-01-01T00:00:00.000Z", evidence: expect.any(Number), name: "failed" },
      metrics: [
        {
          name: "failed",
          candidate: { requests: 420, events: 84, rate: 0.2 },
          active: { requests: 3780, events: 35, rate: 35 / 3780 },
          ratio: { estimate: expect.closeTo(21.6, 1), low: expect.any(Number), high: expect.any(Number) },
          evidence: expect.any(Number),
          contribution: expect.any(Number),
          dispersion: { phi: expect.any(Number), bounded: expect.any(Number), assumed: expect.any(Boolean) },
          window: { from: "2026-01-01T00:00:00.000Z", to: "2026-01-01T00:07:00.000Z" },
        },
        { name: "client-errors", candidate: { requests: 420, events: 0 } },
      ],
    });
  });

  it("keeps the counts column by column, from which the minutes come back", async () => {
    const { outcome, record } = await failing();
    const kept = reread(record).comparison?.counts ?? [];
    expect(kept.map(minutesOf)).toEqual(outcome.comparison?.counts.map(({ minutes }) => minutes));
    expect(evidenceText(record)).toContain('"minutes": [0,1,2,3,4,5,6]');
  });

  it("is below 1 MB for a day of six metrics", async () => {
    const { record } = await failing();
    const { comparison } = record;
    if (comparison === undefined) throw new Error("something was compared");
    const day = Array.from({ length: 1440 }, (_, index) => index);
    const column = { requests: day.map((at) => 5000 + at), events: day.map((at) => at % 97) };
    const counts = Array.from({ length: 6 }, (_, index) => ({
      name: `metric-${index}`,
      kind: "custom" as const,
      dispersion: { phi: 1, bounded: 1, assumed: false, events: 1, minutes: 1 },
      from: record.at,
      minutes: day,
      candidate: column,
      active: column,
    }));
    const text = evidenceText({ ...record, comparison: { ...comparison, counts } });
    expect(text.length).toBeLessThan(400_000);
    expect(isEvidence(JSON.parse(text))).toBe(true);
  });

  it("is written at once also where a list holds something that is no number", async () => {
    const { record } = await failing();
    const reasons = [...Array.from({ length: 40 }, (_, index) => 12_345 + index), null] as never;
    expect(evidenceText({ ...record, reasons })).toContain("12384,\n    null\n");
  });

  it("is told from other JSON, and from columns of different lengths", async () => {
    const { record } = await failing();
    const raw: unknown = JSON.parse(evidenceText(record).replace("[0,1,2,3,4,5,6]", "[0,1,2,3,4,5]"));
    for (const other of [{}, [], null, 3, { ...record, gates: [{}] }, raw]) {
      expect(isEvidence(other)).toBe(false);
    }
  });

  it("is a table of both slots in the summary of a GitHub job", async () => {
    const text = markdown((await failing()).record);
    expect(text).toContain(
      "| metric | candidate | active slot | ratio | 99 % interval | evidence | φ | minutes (UTC) |",
    );
    expect(text).toMatch(
      /\n\| failed \| 84 of 420 \(20 %\) \| 35 of 3,780 \(0\.93 %\) \| 21\.6 \| 10\.4 to 48\.4 \| .* \| 00:00 to 00:07 \|\n/,
    );
  });
});
