/** `npm run test:cli`: the scenario suite once more, carried out by the Pulumi CLI. Says why it does not, where there is none. */
import { spawnSync } from "node:child_process";
import { findCli } from "../cli/pulumi-cli.ts";
import { localPlace } from "../cli/local/place.ts";

const { root } = localPlace();
const cli = await findCli(root, process.env);
if (cli === undefined) {
  process.stdout.write("skipped: no `pulumi` is on PATH, nor the npm package `pulumi` installed\n");
} else {
  process.stdout.write(`scenarios on the Pulumi CLI ${cli.version}, ${cli.path}\n`);
  // Both halves of the stories; those of kills in the middle of the embedded engine's own work stay with it.
  const runs = [{ STORIES: "" }, { STORIES: "long" }].map((stories) => {
    const names = process.argv.slice(2);
    const args = [
      "vitest",
      "run",
      "--exclude",
      "**/kill-*",
      ...(names.length > 0 ? names : ["test/scenario"]),
    ];
    const env = { ...process.env, ...stories, BLUEGREEN_ENGINE: "cli" };
    return spawnSync("npx", args, { cwd: root, env, stdio: "inherit" }).status ?? 1;
  });
  process.exitCode = Math.max(...runs);
}
