import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { startShell } from "./support/shell.ts";
import { readWorkflow } from "./support/workflow.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Release's step, with a `rollout` that prints this and ends so. */
async function oneStep(printed: unknown, exitCode: number) {
  const folder = mkdtempSync(join(tmpdir(), "one-step-"));
  folders.push(folder);
  const npx = join(folder, "npx");
  writeFileSync(npx, `#!/bin/sh\necho '${JSON.stringify(printed)}'\nexit ${exitCode}\n`);
  chmodSync(npx, 0o755);
  const output = join(folder, "output");
  writeFileSync(output, "");
  const script = readWorkflow("release.yml").jobs["rollout"]?.steps.find(
    ({ name }) => name === "One step",
  )?.run;
  const shell = startShell(script ?? "exit 99", folder, {
    PATH: [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
    TURN: "1",
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: join(folder, "summary"),
  });
  const run = await shell.ended;
  return { exitCode: run.exitCode, told: readFileSync(output, "utf8").trim().split("\n") };
}

it("tells the release's end and slot", async () => {
  const run = await oneStep({ result: "promoted", release: { slot: "green", retreats: [] } }, 0);
  expect(run).toEqual({ exitCode: 0, told: ["ended=promoted", "slot=green"] });
});

it("tells no end of a rollout that ended in an error", async () => {
  const run = await oneStep({ error: { code: "BG316", message: "no login" } }, 70);
  expect(run).toEqual({ exitCode: 70, told: ["ended=", "slot="] });
});
