// How soon a shadow sees that a candidate differs, and how often it says so of one that does not.
// node tools/bench/shadow.ts [--json] [--runs 2000] [--requests 10000]
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { clustered, isSeenBySample, pairsUntilSeen, type RunSettings } from "./shadow/runs.ts";
import { usersBeside } from "./shadow/users.ts";
import { PAIR_WORLDS, type PairWorld } from "./shadow/worlds.ts";

const { values: flags } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    runs: { type: "string", default: "2000" },
    requests: { type: "string", default: "10000" },
  },
});
const runs = Number(flags.runs);
const PAIRS = 3000;
const PEEKED_PAIRS = 10_000;
/** The probability of what is seldom takes more runs to show. */
const FALSE_RUNS = 4 * runs;
const EXCESS = 0.02;
const [byItself, ...otherWorlds] = PAIR_WORLDS;
if (byItself === undefined) throw new Error("there is a world");

const usual = { allowed: 0, clusterSize: 1 } as const;

interface PowerCell {
  readonly world: string;
  readonly own: number;
  readonly allowed: number;
  readonly power: number;
  readonly medianPairs: number | undefined;
}

function powerOf(settings: RunSettings, cell: number): PowerCell {
  const seen = Array.from({ length: runs }, (_, run) => pairsUntilSeen(settings, [1, cell, run]));
  const found = seen.filter((pairs) => pairs !== undefined).toSorted((a, b) => a - b);
  return {
    world: settings.world.name,
    own: settings.own,
    allowed: settings.allowed,
    power: found.length / runs,
    medianPairs: found[Math.floor(runs / 2)],
  };
}

interface FalseCell {
  readonly world: string;
  readonly own: number;
  readonly excess: number;
  readonly allowed: number;
  readonly clusterSize: number;
  readonly said: number;
}

function falseOf(settings: RunSettings, cell: number): FalseCell {
  const { world, own, excess, allowed, clusterSize } = settings;
  let said = 0;
  for (let run = 0; run < FALSE_RUNS; run += 1) {
    if (pairsUntilSeen(settings, [2, cell, run]) !== undefined) said += 1;
  }
  return { world: world.name, own, excess, allowed, clusterSize, said: said / FALSE_RUNS };
}

const IN_BAR = [0, 0.001, 0.005, 0.01];
const BEYOND = [0.02, 0.05];
// Whom the same users' requests come from decides what such a fault amounts to: no world for a given excess.
const worldsOfPower: readonly PairWorld[] = [
  byItself,
  ...otherWorlds.filter(({ name }) => name !== "returning users"),
];
const power = worldsOfPower.flatMap((world, at) =>
  [...IN_BAR, ...BEYOND].map((own, place) =>
    powerOf({ world, own, excess: EXCESS, pairs: PAIRS, ...usual }, 10 * at + place),
  ),
);
const allowing = IN_BAR.map((own, place) =>
  powerOf({ world: byItself, own, excess: EXCESS, pairs: PAIRS, ...usual, allowed: 0.001 }, 100 + place),
);

const same = PAIR_WORLDS.flatMap((world, at) =>
  [0.001, 0.01, 0.05, 0.2].map((own, place) =>
    falseOf({ world, own, excess: 0, pairs: PEEKED_PAIRS, ...usual }, 10 * at + place),
  ),
);
// A candidate that differs by just what is allowed.
const atTheBorder = { own: 0.01, excess: 0.01, allowed: 0.01, pairs: PEEKED_PAIRS } as const;
const border = [
  falseOf({ world: byItself, ...atTheBorder, clusterSize: 1 }, 100),
  falseOf({ world: clustered(byItself, 20), ...atTheBorder, clusterSize: 1 }, 101),
  falseOf({ world: clustered(byItself, 20), ...atTheBorder, clusterSize: 20 }, 102),
];

/** The same pairs, and as many shadow requests as the pairs need (two each). */
const sample = [0.1, 0.2, 0.5].flatMap((part, at) =>
  [0.001, 0.01, 0.02].map((own, place) => {
    const seenIn = (pairs: number) => {
      const settings = { world: byItself, own, excess: EXCESS, pairs, ...usual };
      let seen = 0;
      for (let run = 0; run < runs / 2; run += 1) {
        if (isSeenBySample(settings, part, [3, 10 * at + place, run])) seen += 1;
      }
      return seen / (runs / 2);
    };
    return { part, own, power: seenIn(PAIRS), powerAtEqualCost: seenIn((2 * PAIRS) / (1 + part)) };
  }),
);

const users = await usersBeside(Number(flags.requests));
const result = {
  power: Math.min(...power.filter(({ own }) => IN_BAR.includes(own)).map((cell) => cell.power)),
  falsePositives: Math.max(...same.map(({ said }) => said)),
  usersFailed: users.usersFailed,
  addedP50Ms: users.addedP50Ms,
  runs,
  users,
  /** Of the last minute; beside two cores everything above 2 waits. */
  load: loadavg()[0],
  cells: { power, allowing, same, border, sample },
};

if (flags.json) console.log(JSON.stringify(result));
else {
  console.log(
    `2 points of disagreement beyond the model's own, seen in ${PAIRS} pairs (${runs} runs a cell):`,
  );
  console.table(power);
  console.log("the same with 0.1 points allowed:");
  console.table(allowing);
  console.log(`no difference, ${PEEKED_PAIRS} pairs, looked at after each (${FALSE_RUNS} runs a cell):`);
  console.table(same);
  console.log("as different as is allowed; pairs that come in clusters need clusterSize:");
  console.table(border);
  console.log("a sample of second asks instead, with as many pairs and with as many shadow requests:");
  console.table(sample);
  console.log("users' requests beside a shadow:");
  console.table(users.p50Ms);
  console.log({ ...users.shadow, load: result.load });
  const { usersFailed, addedP50Ms } = users;
  console.log({ power: result.power, falsePositives: result.falsePositives, usersFailed, addedP50Ms });
}
