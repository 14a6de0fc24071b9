import { describe, expect, test } from "vitest";
import { evidenceRecord } from "../../../validation/report/evidence.ts";
import { stepForMachines } from "../../../validation/report/for-machines.ts";
import { markdown } from "../../../validation/report/markdown.ts";
import { step } from "../../../validation/rollout/step.ts";
import { oneModel, sharing } from "../support/samples.ts";
import { STACK, World } from "../support/world.ts";

const ONCE = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;

async function record(world: World) {
  return evidenceRecord(STACK, await step(world.context(), ONCE), world.clock.now());
}

/** Ten percent, with the version that every release has since 0.2. */
const versioned = () => ({ ...sharing(10), release: { ...sharing(10).release, modelVersion: "2.0" } });

describe("the report of a step", () => {
  test("keeps every gate with its numbers, and is plain JSON", async () => {
    const world = new World(versioned());
    world.clock.advance(360_000);
    const kept = await record(world);
    expect(kept).toMatchObject({ verdict: "advance", split: { blue: 50, green: 50 }, exitCode: 0 });
    expect(kept.gates.map(({ gate }) => gate)).toContain("minimum-requests");
    const image = kept.release?.digest ?? "";
    expect(kept.model).toEqual({ modelVersion: "2.0", image, digest: image.split("@")[1] });
    expect(JSON.parse(JSON.stringify(kept))).toMatchObject({ at: kept.at, reasons: kept.reasons });
  });

  test("is a heading and a table in Markdown", async () => {
    const world = new World(versioned());
    world.clock.advance(4 * 60_000);
    world.alarmStates.green["error-rate"] = { state: "ALARM", sinceMs: world.clock.now() };
    const text = markdown(await record(world));
    expect(text).toMatch(/^### green is rolled back from 10 %/);
    expect(text).toContain("release `v2-g3`: rolledBack");
    expect(text).toMatch(/version 2\.0, image repo\/model, digest sha256:b{64}/);
    expect(text).toContain("| error-rate | candidate | **fail** |");
  });

  test("is small for machines, however long the release has been compared, and has no number that JSON cannot say", async () => {
    const sizes: number[] = [];
    for (const minutes of [12, 240]) {
      const world = new World(sharing(10));
      world.failureRate = { blue: 0.001, green: 0.9 };
      world.requestsPerMinute = 60_000;
      world.clock.advance(minutes * 60_000);
      const outcome = await step(world.context(), ONCE);
      const text = JSON.stringify(stepForMachines(outcome));
      sizes.push(text.length);
      const { comparison } = JSON.parse(text);
      expect(comparison.counts).toBeUndefined();
      expect(comparison.metrics[0]).toMatchObject({ name: "failed", candidate: { rate: 0.9 } });
      expect(comparison.evidence).toBe(outcome.comparison?.evidence);
      expect(outcome.verdict?.reasons[0]).not.toContain("Infinity");
    }
    expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) + 200);
  });

  test("has no table when no gate was asked, and lets no foreign text become markup", async () => {
    const calm = markdown(await record(new World(oneModel())));
    expect(calm).not.toContain("| gate |");
    const kept = { ...(await record(new World(oneModel()))), sentence: "a | b <script> `c`\nd" };
    expect(markdown(kept)).toContain("### a \\| b \\<script\\> \\`c\\` d");
  });
});
