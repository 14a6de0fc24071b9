import type { Gate, Held } from "../scenario/support/gate.ts";
import { sentMs, type Users } from "../scenario/support/users.ts";
import type { Ran, RunningVerb } from "../scenario/support/verb.ts";
import type { World } from "../scenario/support/world.ts";
import { healthyAgain } from "./given.ts";
import { trail } from "./landmarks.ts";
import type { Phase } from "./phases.ts";
import { untilIn, within } from "./patience.ts";
import { programOf } from "./processes.ts";
import { differences, leftBehind, standOf, type Stand } from "./stand.ts";
import type { Row } from "./verbs.ts";

export const VICTIMS = ["process", "engine", "local cloud"] as const;
export type Victim = (typeof VICTIMS)[number];

/** A world that cells share, one after the other. */
export interface Lane {
  readonly world: World;
  readonly gate: Gate;
  readonly users: Users;
  /** Another number at each call. */
  readonly count: () => number;
}

/** How a verb ends that nobody disturbs, and what it says when it is run once more. */
export interface Undisturbed {
  readonly stand: Stand;
  readonly exitCodes: readonly (number | undefined)[];
  /** Phases that the verb went through, and whether the engine ran in them. */
  readonly phases: ReadonlyMap<Phase, { readonly hasProgram: boolean }>;
}

/** Runs the verb twice without a kill, and takes down which phases it has. */
export async function undisturbed({ world, gate, count }: Lane, row: Row): Promise<Undisturbed> {
  await row.given(world);
  const args = row.args(count(), world.place);
  const waiting = new Map(row.phases.map((phase) => [phase, trail(phase.trail)]));
  const phases = new Map<Phase, { readonly hasProgram: boolean }>();
  const verb = world.start(...args);
  gate.watch(async (what, call) => {
    for (const [phase, isIt] of waiting) {
      if (!isIt(what, call)) continue;
      waiting.delete(phase);
      phases.set(phase, { hasProgram: (await programOf(verb.pid)) !== undefined });
    }
  });
  const first = await within(`the end of ${row.verb}`, verb.ended);
  gate.watch(undefined);
  const stand = await standOf(world);
  const left = await leftBehind(world);
  const idle =
    stand.release?.state === row.ends ? [] : [`it ends ${stand.release?.state} and not ${row.ends}`];
  const again = await runToEnd(world, args);
  const moved = differences(stand, await standOf(world));
  const why = [...idle, ...left, ...moved].join("; ");
  if (why !== "") {
    throw new Error(
      `undisturbed, ${row.verb} is nothing to compare with: ${why}; ${said(first)}; ${said(again)}`,
    );
  }
  return { stand, exitCodes: [first.exitCode, again.exitCode], phases };
}

/** Kills the victim in the phase, starts again what died, runs the verb again; answers with what is stranded. */
export async function killIn(
  { world, gate, users, count }: Lane,
  row: Row,
  phase: Phase,
  victim: Victim,
  wanted: Undisturbed,
): Promise<readonly string[]> {
  await row.given(world);
  const args = row.args(count(), world.place);
  const fromMs = Date.now();
  const caught = gate.hold(trail(phase.trail));
  const verb = world.start(...args);
  const early = verb.ended.then((ran): never => {
    throw new Error(`it ended before this phase came: ${said(ran)}`);
  });
  early.catch(() => {});
  let backMs: number | undefined;
  let orphans: readonly string[];
  try {
    const held = await within("the phase", Promise.race([caught, early]));
    backMs = await KILL[victim](world, verb, held);
    orphans = await gone(world, verb);
  } finally {
    verb.sweep();
  }
  let again = await runToEnd(world, args);
  if (row.isLook && victim === "local cloud") {
    await untilIn("a check that does more than hold", async () => {
      if (differences(wanted.stand, await standOf(world)).length === 0) return true;
      again = await runToEnd(world, args);
      return false;
    });
  }
  const lost = users.failures().filter((failure) => sentMs(failure) >= (backMs ?? fromMs));
  const problems = [
    ...orphans,
    ...(wanted.exitCodes.includes(again.exitCode)
      ? []
      : [`run again it ends with ${again.exitCode}, undisturbed with ${wanted.exitCodes.join(" or ")}`]),
    ...differences(wanted.stand, await standOf(world)),
    ...(await leftBehind(world)),
    ...(lost.length === 0 ? [] : [`${lost.length} requests of users failed`]),
  ];
  return problems.length === 0 ? [] : [...problems, said(again)];
}

/** One that hangs is swept away, so that the next cell finds nobody else at work. */
async function runToEnd(world: World, args: readonly string[]): Promise<Ran> {
  const verb = world.start(...args);
  try {
    return await within(`the end of ${args.join(" ")}`, verb.ended);
  } finally {
    verb.sweep();
  }
}

/** What each kill is. Answers, for the cloud, with the moment from which users must have answers again. */
const KILL: Readonly<
  Record<Victim, (world: World, verb: RunningVerb, held: Held) => Promise<number | undefined>>
> = {
  async process(_world, verb, held) {
    await verb.kill9();
    held.drop();
    return undefined;
  },
  async engine(_world, verb, held) {
    const pid = await programOf(verb.pid);
    if (pid === undefined) throw new Error("no engine runs in this phase");
    process.kill(pid, "SIGKILL");
    held.pass();
    await within("the end of the verb", verb.ended);
    return undefined;
  },
  async "local cloud"(world, verb, held) {
    await world.killCloud();
    held.drop();
    // Without its cloud every verb ends, sooner or later; only then it is started again, so that nothing races.
    await within("the end of the verb", verb.ended);
    await world.restartCloud();
    await healthyAgain(world);
    return Date.now();
  },
};

/** Whether everything that the verb had started ends, too. */
async function gone(world: World, verb: RunningVerb): Promise<readonly string[]> {
  try {
    await untilIn("the end of all that it had started", async () => {
      await world.see.live();
      return !verb.isAlive();
    });
    return [];
  } catch (error) {
    return [String(error)];
  }
}

const said = ({ exitCode, stderr, stdout }: Ran) => `exit ${exitCode}: ${stderr.trim()} ${stdout.trim()}`;
