import { describe, expect, it } from "vitest";
import { rollout } from "../../../validation/rollout/rollout.ts";
import { evidenceRecord, evidenceText } from "../../../validation/report/evidence.ts";
import { explanation } from "../../../validation/report/explain.ts";
import { markdown } from "../../../validation/report/markdown.ts";
import { isEvidence } from "../../../validation/report/read-evidence.ts";
import { candidateReady } from "../support/samples.ts";
import { STACK, World } from "../support/world.ts";

const ROLLOUT = { pollMs: 30_000, skipTests: true };

/** A candidate with a new required field: it refuses half of what the active slot takes. */
function strict(
  own: Readonly<Record<string, unknown>> = {},
  service: Readonly<Record<string, unknown>> = {},
): World {
  const raw = candidateReady();
  const world = new World({ ...raw, service, rollout: { ...raw.rollout, ...own } });
  world.refusalRate = { blue: 0.01, green: 0.5 };
  return world;
}

describe("a rollout of a candidate that refuses what the active slot takes", () => {
  it("is rolled back as for failures where nobody can choose a slot, with both slots' numbers", async () => {
    const world = strict();
    const done = await rollout(world.context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 20, result: "rolledBack" });
    expect(done.sentence).toMatch(
      /client-errors: \d+ of \d+ answers \(50 %\), \d+ of \d+ answers \(0.93 %\) on blue, at least/,
    );
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release?.compared?.refused).toEqual(expect.stringContaining("client-errors"));
  });

  it("only gives its users back where they stay on a slot, because anybody can send it what it refuses", async () => {
    const world = strict({}, { stickinessSeconds: 3_600 });
    const done = await rollout(world.context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 10, result: "waits" });
    expect(world.live).toEqual({ blue: 100, green: 0 });
    expect(world.config.release).toMatchObject({ state: "running" });
    expect(world.config.release?.retreats.at(-1)?.reason).toContain("client-errors");
    expect(world.config.release?.compared?.refused).toBeUndefined();
  });

  it("is held for fewer of them than end a release", async () => {
    const world = strict();
    world.refusalRate = { blue: 0.01, green: 0.025 };
    const done = await rollout(world.context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 10, result: "waits" });
    expect(done.sentence).toMatch(/client-errors: \d+ of \d+ answers \(.* %\) on green are 4xx/);
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
    expect(markdown(reread)).toMatch(/Answers: candidate 2xx \S+ · 3xx 0 · 4xx \S+ · 5xx 0; active slot 2xx/);
  });

  it("goes on when a person says that it is meant so", async () => {
    const done = await rollout(strict({ compareClientErrors: false }).context(), ROLLOUT);
    expect(done).toMatchObject({ exitCode: 0, result: "promoted" });
  });
});
