import { expect, onTestFinished, test, vi } from "vitest";
import { keepEvidence } from "../../cli/evidence.ts";
import { evidenceRecord } from "../../validation/report/evidence.ts";
import { step } from "../../validation/rollout/step.ts";
import { sharing } from "../validation/support/samples.ts";
import { World } from "../validation/support/world.ts";

test("evidence that cannot be written is told, and loses neither the outcome nor its exit code", async () => {
  const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => told.mockRestore());
  const world = new World(sharing(10));
  const once = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
  const outcome = await step(world.context(), once);
  const path = "/dev/null/evidence.json";
  await keepEvidence(evidenceRecord("dev", outcome, world.clock.now()), path, "");
  expect(String(told.mock.calls.at(-1)?.[0])).toMatch(
    /^the evidence could not be kept in \/dev\/null\/evidence\.json: E/,
  );
});
