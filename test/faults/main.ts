/**
 * `npm run test:faults [-- --only <words>] [--json]`: networks, processes, disks and clocks that break under a release on
 * the local cloud, and the promises of docs/worst-day/simulation.md afterwards. Ends with 1 when one does not hold.
 */
import { parseArgs } from "node:util";
import type { Story } from "./story.ts";
import { machineStories, openDisk } from "./stories/machine.ts";
import { NETWORK } from "./stories/network.ts";
import { PROCESSES } from "./stories/processes.ts";
import { GUARDED } from "./stories/guarded.ts";
import { openFaultWorld, type FaultWorld } from "./world.ts";

const { values: flags } = parseArgs({
  options: { only: { type: "string", default: "" }, json: { type: "boolean", default: false } },
});

interface Told {
  readonly name: string;
  readonly seconds: number;
  readonly skipped?: string;
  readonly problems: readonly string[];
}

async function tried({ name, run, skipped }: Story, given: FaultWorld): Promise<Told> {
  if (skipped !== undefined) return { name, seconds: 0, skipped, problems: [] };
  const fromMs = performance.now();
  const problems = await run(given).catch((error: unknown) => [String(error)]);
  return { name, seconds: Math.round((performance.now() - fromMs) / 1000), problems };
}

const line = ({ name, seconds, skipped, problems }: Told) =>
  skipped === undefined
    ? `${problems.length === 0 ? "ok" : "BROKEN"} (${seconds} s) ${name}${problems.map((one) => `\n  ${one}`).join("")}`
    : `skipped: ${name}: ${skipped}`;

const disk = openDisk();
const told: Told[] = [];
const stories = [...NETWORK, ...PROCESSES, ...machineStories(disk), ...GUARDED];
try {
  // The world stands on it, with its state, its stack file and what its verbs keep.
  if (disk.why === undefined) process.env["TMPDIR"] = disk.path;
  const given = await openFaultWorld();
  const end = () =>
    void given.close().then(() => {
      disk.close();
      process.exit(130);
    });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  try {
    for (const story of stories.filter(({ name }) => name.includes(flags.only))) {
      const one = await tried(story, given);
      told.push(one);
      process.stderr.write(`${line(one)}\n`);
    }
  } finally {
    await given.close();
  }
} finally {
  disk.close();
}
const broken = told.filter(({ problems }) => problems.length > 0);
if (flags.json) console.log(JSON.stringify(told));
console.log(
  `${told.length} stories, ${broken.length} broken, ${told.filter((one) => one.skipped).length} skipped`,
);
// Where nobody reads what was skipped, it would pass for proof.
const isProof = process.env["CI"] === undefined || told.every(({ skipped }) => skipped === undefined);
process.exitCode = broken.length === 0 && told.length > 0 && isProof ? 0 : 1;
