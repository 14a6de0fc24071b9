import { describe, expect, it } from "vitest";
import { rollout } from "../../validation/rollout.ts";
import { evidenceRecord, evidenceText } from "../../validation/report/evidence.ts";
import { explanation } from "../../validation/report/explain.ts";
import { markdown } from "../../validation/report/markdown.ts";
import { isEvidence } from "../../validation/report/read-evidence.ts";
import { candidateReady } from "./support/samples.ts";
import { STACK, World } from "./support/world.ts";

const ROLLOUT = { pollMs: 30_000, untested: true };

/** A candidate with a new required field: it refuses half of what the active slot takes. */
function strict(own: Readonly<Record<string, unknown>> = {}): World {
  const raw = candidateReady();
  const world = new World({ ...raw, rollout: { ...raw.rollout, ...own } });
  world.refusalRate = { blue: 0.01, green: 0.5 };
  return world;
}

describe("a rollout of a candidate that refuses what the active slot takes", () => {
  it("holds at its first share, says both slots' numbers, and calls a person at the deadline", async () => {
    const world = strict();
    const done = await rollout(world.context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 10, result: "waits" });
    expect(done.sentence).toMatch(
      /holding, because it may be the candidate and may be its clients, .*: client-errors: 150 of 300 answers \(50 %\) on green are 4xx, 25 of 2700 answers \(0.93 %\) on blue/,
    );
    expect(world.live).toEqual({ blue: 90, green: 10 });
    expect(world.config.release).toMatchObject({ state: "running" });
    expect(world.config.release?.compared?.refused).toBeUndefined();
  });

  it("keeps the answers of both slots by class in its evidence, which is read again and told", async () => {
    const world = strict();
    const done = await rollout(world.context(), ROLLOUT);
    const record = evidenceRecord(STACK, done.last, world.clock.now());
    expect(record.comparison?.answers).toMatchObject({ active: { "3xx": 0, "5xx": 0 } });
    const { candidate } = record.comparison?.answers ?? {};
    expect(candidate?.["4xx"]).toBe(candidate?.["2xx"]);
    const reread: unknown = JSON.parse(evidenceText(record));
    if (!isEvidence(reread)) throw new Error("the evidence is not read again");
    expect(explanation(reread)).toMatch(/answers 4xx\s+\d+\s+\d+/);
    expect(explanation(reread)).toContain("in doubt: client-errors");
    expect(explanation(reread).replaceAll(/\s+/g, " ")).toContain("name the gate in rollout.dryRun");
    expect(markdown(reread)).toMatch(/Answers: candidate 2xx \S+ · 3xx 0 · 4xx \S+ · 5xx 0; active slot 2xx/);
  });

  it("goes on when a person says that it is meant so", async () => {
    const done = await rollout(strict({ dryRun: ["client-errors"] }).context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 0, result: "promoted" });
  });
});
