import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { aStack, until, type Given, type World } from "../../test/scenario/support/world.ts";

/**
 * Records real releases on the local cloud for the tests of the report: `node tools/report/record.ts <which>…`. What
 * the looks said is kept as they said it; of the counts only the last, which are those of all minutes.
 */
interface Recipe {
  readonly given: Given;
  readonly candidate: readonly string[];
  readonly tested: boolean;
  readonly fault?: boolean;
  readonly minutesAfter: number;
  readonly requestsPerMinute: number;
}

const POLICY = { bakeMinutes: 6, minRequests: 100, maxBlindSpots: [0.2], metricLagSeconds: 60 };
const ODD = "node test/scenario/fixtures/odd-model.ts";
const RECIPES: Readonly<Record<string, Recipe>> = {
  promoted: {
    given: {
      speed: 15,
      rollout: { ...POLICY, steps: [10, 50, 100] },
      blue: { image: "digits:1", modelVersion: "1" },
    },
    candidate: ["digits:2", "--model-version", "2"],
    tested: true,
    minutesAfter: 0,
    requestsPerMinute: 600,
  },
  "rolled-back": {
    // The comparison is to decide, and not the alarm.
    given: {
      speed: 10,
      rollout: { ...POLICY, steps: [10, 50, 100] },
      thresholds: { maxErrorRate: 0.5 },
      blue: { image: "digits:1", modelVersion: "1" },
    },
    candidate: ["digits:3-flaky", "--model-version", "3"],
    tested: false,
    minutesAfter: 0,
    // Few enough for the evidence to take some minutes.
    requestsPerMinute: 180,
  },
  retreat: {
    given: {
      speed: 15,
      rollout: { ...POLICY, steps: [95, 100], bakeMinutes: 30, metricLagSeconds: 120 },
      thresholds: { maxErrorRate: 0.5 },
      blue: { image: "digits:1", modelVersion: "1" },
    },
    candidate: ["digits:1", "--model-version", "2", "--command"],
    tested: false,
    fault: true,
    minutesAfter: 8,
    requestsPerMinute: 600,
  },
};

interface Looked {
  readonly at: string;
  readonly release?: { readonly state: string; readonly retreats: readonly unknown[] };
  readonly comparison?: { counts?: unknown };
}

async function record(name: string, recipe: Recipe) {
  const { given, candidate, tested, fault = false, minutesAfter, requestsPerMinute } = recipe;
  const world = await aStack(given);
  const looks: Looked[] = [];
  try {
    const file = join(world.place.directory, "fault");
    await ran(world, "deploy", ...candidate, ...(fault ? [`${ODD} fails ${file}`] : []));
    const tests: unknown = tested ? JSON.parse((await world.run("test", "--json")).stdout) : undefined;
    const users = world.users(requestsPerMinute);
    const look = async (...verb: string[]) => {
      const path = join(world.place.directory, "evidence.json");
      await rm(path, { force: true });
      await world.run(...verb, "--evidence", path);
      // What `--evidence` wrote, of this very version.
      looks.push(JSON.parse(await readFile(path, "utf8")) as Looked);
    };
    await look("rollout", "--one-step", "--skip-tests");
    let broken = 0;
    await until(async () => {
      await look("step");
      const last = looks.at(-1);
      const seen = Object.entries(last?.comparison ?? {}).length > 0;
      if (fault && seen && ++broken === 4) await writeFile(file, "");
      process.stderr.write(`${name} ${last?.at} ${JSON.stringify(last).slice(0, 300)}\n`);
      const isOver = last?.release?.state === "promoted" || last?.release?.state === "rolledBack";
      return (
        isOver || (fault && (last?.release?.retreats.length ?? 0) > 0 && looks.length > minutesAfter + 8)
      );
    });
    await users.leave();
    const lastCounted = looks.findLastIndex(({ comparison }) => comparison !== undefined);
    for (const [at, { comparison }] of looks.entries())
      if (comparison !== undefined && at !== lastCounted) delete comparison.counts;
    const to = join(import.meta.dirname, "../../test/validation/report/fixtures", `${name}.jsonl`);
    const lines = [...(tests === undefined ? [] : [{ tests }]), ...looks];
    await writeFile(to, `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  } finally {
    await world.close();
  }
}

async function ran(world: World, ...args: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await world.run(...args);
  if (exitCode !== 0) throw new Error(`${args.join(" ")}: ${stdout}${stderr}`);
}

for (const name of process.argv.slice(2)) {
  const recipe = RECIPES[name];
  if (recipe === undefined) throw new Error(`one of ${Object.keys(RECIPES).join(", ")}, not ${name}`);
  await record(name, recipe);
}
