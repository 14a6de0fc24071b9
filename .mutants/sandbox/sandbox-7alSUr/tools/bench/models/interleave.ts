import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pulumiStack } from "../../../validation/adapters/pulumi/stack.ts";
import type { StackStore } from "../../../validation/ports.ts";
import { Backend, MODELS, type BenchModel, type Config } from "./backend.ts";

export interface Interleaved {
  readonly updates: number;
  /** Keys of which a verb's last write is not what the stack has at the end. */
  readonly lost: readonly string[];
  /** Updates that undid another verb's change, if only for a moment. */
  readonly undone: readonly string[];
  /** The same of a person's own `pulumi up`, which raises no generation. */
  readonly personsLost: readonly string[];
  /** Tries that met the lock of another one, and that the program refused as overtaken. */
  readonly locks: number;
  readonly refusals: number;
}

const image = (letter: string) =>
  JSON.stringify({
    image: `repo/model@sha256:${letter.repeat(64)}`,
    modelVersion: letter,
    minTasks: 1,
    maxTasks: 4,
  });
const FIRST: Config = Object.fromEntries(
  MODELS.flatMap((model) => [
    [`${model}:blue`, image("a")],
    [`${model}:green`, image("b")],
    [`${model}:generation`, "3"],
    [`${model}:greenWeight`, "0"],
  ]),
);
const SHARES = [1, 5, 25, 50, 75] as const;
const BY_HAND = 2;
const BY_PERSON = "churn:thresholds";

/**
 * Two rollouts of two models, a revert of one of them and a person's own updates of the other at once in one stack, through the
 * adapter that the verbs use. `seed` decides in which order they get their turns.
 */
export async function interleave(seed: number): Promise<Interleaved> {
  const random = randomOf(seed);
  const turns = new Turns(random);
  const backend = new Backend(FIRST, turns.wait, () => random() < 0.1);
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-bench-models-"));
  try {
    await writeFile(join(directory, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const storeOf = (actor: string, model: BenchModel) =>
      pulumiStack({
        project: "shop",
        model,
        stack: "prod",
        directory,
        scratchDirectory: join(directory, "tmp", actor),
        aloneAs: directory,
        pulumiCommand: async () => backend.command(actor),
      });
    await turns.all({
      fraud: () => rollout(storeOf("fraud", "fraud")),
      churn: () => rollout(storeOf("churn", "churn")),
      revert: () => write(storeOf("revert", "fraud"), 0, "everyone to blue: manually"),
      async person() {
        for (let times = 1; times <= BY_HAND;) {
          const rate = JSON.stringify({ maxErrorRate: times / 100 });
          if (await backend.personSets("person", BY_PERSON, rate)) times += 1;
        }
      },
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return {
    ...audit(backend),
    updates: backend.updates.length - 1,
    locks: backend.locks,
    refusals: backend.refusals,
  };
}

async function rollout(store: StackStore): Promise<void> {
  for (const share of SHARES) await write(store, share, `release v2-g4 goes to ${share} %`);
}

/** As the flows write: made up from what is deployed, and anew where that did not come to be. */
async function write(store: StackStore, greenWeight: number, words: string): Promise<void> {
  for (;;) {
    const deployed = await store.deployed();
    if (deployed === undefined) throw new Error("the bench's stack is not deployed");
    const change = { greenWeight, generation: deployed.config.generation + 1 };
    const message = `bluegreen: ${words}`;
    const { kind } = await store.apply({ change, scope: "route", refresh: false, message });
    // What was followed by another update before it could be read back was carried out all the same.
    if (kind === "applied" || kind === "overtaken") return;
  }
}

/** What each update meant to change, by its message, against what the stack had after it. */
function audit({ updates }: Backend): Pick<Interleaved, "lost" | "undone" | "personsLost"> {
  const truth: Record<string, string> = {};
  const undone: string[] = [];
  for (const { message, config } of updates) {
    const [, byVerb] = /^bluegreen, model (\w+):/.exec(message) ?? [];
    const isOwn = (key: string) =>
      message === "" ||
      (byVerb === undefined
        ? key === BY_PERSON && message.startsWith(key)
        : key === `${byVerb}:greenWeight` || key === `${byVerb}:generation`);
    for (const [key, value] of Object.entries({ ...truth, ...config })) {
      if (isOwn(key)) truth[key] = config[key] ?? "";
      else if (key !== BY_PERSON && truth[key] !== undefined && config[key] !== truth[key])
        undone.push(`${message} wrote ${key} = ${config[key]}, and ${truth[key]} was deployed`);
      else if (truth[key] === undefined) truth[key] = value;
    }
  }
  const last = updates.at(-1)?.config ?? {};
  const wrong = Object.keys(truth).filter((key) => last[key] !== truth[key]);
  const byPerson = (key: string) => key === BY_PERSON;
  return { lost: wrong.filter((key) => !byPerson(key)), personsLost: wrong.filter(byPerson), undone };
}

/** Gives the turn to one actor at a time, once all of them wait for it or have ended. */
class Turns {
  private readonly waiting = new Map<string, () => void>();
  private alive = 0;
  private readonly random: () => number;

  constructor(random: () => number) {
    this.random = random;
  }

  readonly wait = (actor: string): Promise<void> =>
    new Promise((resolve) => {
      this.waiting.set(actor, resolve);
      this.next();
    });

  async all(actors: Readonly<Record<string, () => Promise<void>>>): Promise<void> {
    const names = Object.keys(actors);
    this.alive = names.length;
    await Promise.all(
      Object.values(actors).map((act) =>
        act().finally(() => {
          this.alive -= 1;
          this.next();
        }),
      ),
    );
  }

  private next(): void {
    if (this.waiting.size === 0 || this.waiting.size < this.alive) return;
    const names = [...this.waiting.keys()].toSorted();
    const chosen = names[Math.floor(this.random() * names.length)] ?? "";
    const go = this.waiting.get(chosen);
    this.waiting.delete(chosen);
    go?.();
  }
}

function randomOf(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
