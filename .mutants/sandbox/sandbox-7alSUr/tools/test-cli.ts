/** `npm run test:cli`: the scenario suite once more, carried out by the Pulumi CLI. Says why it does not, where there is none. */
import { spawnSync } from "node:child_process";
import { findCli } from "../cli/pulumi-cli.ts";
import { localPlace } from "../cli/local/place.ts";

const { root } = localPlace();
const names = process.argv.slice(2);
const cli = await findCli(root, process.env);
if (cli === undefined) {
  process.stdout.write("skipped: no `pulumi` is on PATH, nor the npm package `pulumi` installed\n");
} else {
  process.stdout.write(`scenarios on the Pulumi CLI ${cli.version}, ${cli.path}\n`);
  // Those of kills in the middle of the embedded engine's own work stay with it.
  const files = ["--exclude", "**/kill-*", ...(names.length > 0 ? names : ["test/scenario"])];
  const vitest = (args: readonly string[], stories: string, output: "inherit" | "pipe") =>
    spawnSync("npx", ["vitest", ...args, ...files], {
      cwd: root,
      env: { ...process.env, STORIES: stories, BLUEGREEN_ENGINE: "cli" },
      encoding: "utf8",
      stdio: ["inherit", output, "inherit"],
    });
  // A file stands in one half of the stories; Vitest calls the other one, in which it finds none, a failure.
  const halves = ["", "long"].filter(
    (stories) => vitest(["list", "--filesOnly"], stories, "pipe").stdout.trim() !== "",
  );
  if (halves.length === 0) process.stdout.write(`no test file is called ${names.join(" or ")}\n`);
  const ends = halves.map((stories) => vitest(["run"], stories, "inherit").status ?? 1);
  process.exitCode = ends.length === 0 ? 1 : Math.max(...ends);
}
