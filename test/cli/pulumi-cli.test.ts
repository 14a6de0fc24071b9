import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cliCommand } from "../../packages/pulumi-engine/automation.ts";
import { runCli } from "../../cli/pulumi-cli.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bluegreen-cli-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A `pulumi` that writes down what it was given: its arguments, as a process list shows them, and its standard input. */
async function recordingCli() {
  const path = join(folder, "pulumi");
  const text = `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/arguments\ncat > ${folder}/input\n`;
  await writeFile(path, text);
  await chmod(path, 0o755);
  const cli = { path, version: "v3.260.0" };
  const command = cliCommand({ runPulumi: (args, options) => runCli(cli, args, options) }, cli);
  return {
    run: (...args: string[]) => command.run(args, folder, {}),
    given: async (name: "arguments" | "input") => await readFile(join(folder, name), "utf8"),
  };
}

describe("the Pulumi CLI", () => {
  it("gets a secret on its standard input, where no process list shows it", async () => {
    const cli = await recordingCli();
    await cli.run("config", "set", "--secret", "--stack", "prod", "fraud:testToken", "--", "canary-4711");
    expect(await cli.given("arguments")).toBe(
      "config\nset\n--secret\n--stack\nprod\nfraud:testToken\n--non-interactive\n",
    );
    expect(await cli.given("input")).toBe("canary-4711\n");
  });

  it("gets everything else as it is", async () => {
    const cli = await recordingCli();
    await cli.run("config", "set", "--stack", "prod", "fraud:blueWeight", "100");
    expect(await cli.given("arguments")).toBe(
      "config\nset\n--stack\nprod\nfraud:blueWeight\n100\n--non-interactive\n",
    );
    expect(await cli.given("input")).toBe("");
  });
});
