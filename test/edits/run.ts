import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord } from "../../contract/config/field.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { LOCAL_STACK } from "../../cli/local/project.ts";
import { projectName } from "../../validation/adapters/pulumi/project-name.ts";
import { readStackFile, setIn, valueIn } from "../../validation/adapters/pulumi/stack-file.ts";
import { writeStackFile } from "../../validation/adapters/pulumi/write-stack-file.ts";
import type { Ran } from "../scenario/support/verb.ts";
import { ALL_PASSES } from "../scenario/support/thresholds.ts";
import { aStack, type World } from "../scenario/support/world.ts";
import { randomOf } from "../two-hosts/operations.ts";
import {
  drawBetween,
  drawEdit,
  routingKeys,
  showAction,
  type Action,
  type Users,
  type Values,
} from "./actions.ts";
import { settled } from "./stand.ts";
import { SECTIONS } from "./values.ts";

const SPEED = 30;
// Twenty requests in a real second, which a busy machine can answer beside everything else.
const REQUESTS_PER_VIRTUAL_MINUTE = 40;
const PATIENCE_SECONDS = 30;
const SERVICE = {
  command: ["node", join(import.meta.dirname, "slow-model.ts"), "--model=1"],
  // Two real seconds are one virtual minute here.
  startupSeconds: 600,
  requestTimeoutSeconds: 60,
  drainSeconds: 60,
};

/** How the models came to their slots: by `deploy`, with copies of `service`; manually, without; or one of each. */
const ORIGINS = ["deployed", "manually", "one of each"] as const;
type Origin = (typeof ORIGINS)[number];

export interface EditStep {
  readonly seed: number;
  readonly origin: Origin;
  readonly action: string;
  readonly isEdit: boolean;
  readonly outcome: "done" | "refused";
  readonly seconds: number;
  readonly requests: number;
  readonly problems: readonly string[];
}

let open: World | undefined;

/** Ends the stack that is up, when a person ends the run. */
export const closeOpen = async () => open?.close();

/** One stack with so many random edits of the seed, until the first one that hurts somebody. `tell` hears each step. */
export async function runEpisode(
  seed: number,
  edits: number,
  tell: (step: EditStep) => void,
): Promise<readonly EditStep[]> {
  const random = randomOf(seed);
  const origin = ORIGINS[(seed - 1) % ORIGINS.length] ?? "deployed";
  const { world, people } = await openWorld(origin);
  const steps: EditStep[] = [];
  try {
    const stack = await openStack(world, people);
    let edited = 0;
    while (edited < edits) {
      const users = await stack.users();
      const between = drawBetween(users, origin === "deployed", random);
      const action =
        between ?? drawEdit((seed - 1) * EDITS_OF_A_STACK + edited, await stack.values(), random);
      if (action.kind === "edit") edited += 1;
      const step = { seed, origin, ...(await stack.perform(action, users)) };
      steps.push(step);
      tell(step);
      if (step.problems.length > 0) break;
    }
  } finally {
    open = undefined;
    await world.close();
  }
  return steps;
}

export const EDITS_OF_A_STACK = 30;

interface Peopled {
  readonly world: World;
  readonly people: ReturnType<World["users"]>;
}

async function openWorld(origin: Origin): Promise<Peopled> {
  const manual = { image: "digits:1", modelVersion: "1" };
  const world = await aStack({
    speed: SPEED,
    service: SERVICE,
    thresholds: ALL_PASSES,
    ...(origin === "deployed" ? {} : { blue: manual, green: { image: "digits:2", modelVersion: "2" } }),
  });
  open = world;
  try {
    if (origin === "deployed") ended(await world.deploy("digits:1", "1"));
    await calm(world);
    const people = world.users(REQUESTS_PER_VIRTUAL_MINUTE, PATIENCE_SECONDS);
    if (origin === "one of each") await freezeGreen(world);
    if (origin === "deployed") {
      ended(await world.deploy("digits:2", "3"));
      ended(await world.rollout("--skip-tests", "--poll", "1"));
      await calm(world);
    }
    return { world, people };
  } catch (error) {
    open = undefined;
    await world.close();
    throw error;
  }
}

/** Gives the standby a copy of `service`, as a deploy would, and none to the active slot, which no tool does. */
async function freezeGreen(world: World): Promise<void> {
  const { exitCode, stderr } = await world.run("freeze");
  if (exitCode !== 0) throw new Error(stderr);
  const { path, project } = await fileOf(world);
  const file = await readStackFile(path, project);
  const blue = file && valueIn(file, "blue");
  if (file === undefined || !isRecord(blue)) throw new Error(`${path} has no blue`);
  const { service: _, ...own } = blue;
  setIn(file, "blue", own);
  await writeStackFile(path, file);
  await world.pulumi("up", "--yes", "--skip-preview");
}

const fileOf = async ({ place: { directory } }: World) => ({
  path: join(directory, `Pulumi.${LOCAL_STACK}.yaml`),
  project: await projectName(directory),
});

function ended({ exitCode, sentence, error, stderr }: Awaited<ReturnType<World["deploy"]>>): void {
  if (exitCode !== 0) throw new Error(`${sentence} ${error?.message ?? ""} ${stderr}`);
}

async function calm(world: World): Promise<void> {
  const unrest = await settled(world);
  if (unrest !== undefined) throw new Error(unrest);
}

async function openStack(world: World, people: Peopled["people"]) {
  const { path, project } = await fileOf(world);
  const file = async () => {
    const read = await readStackFile(path, project);
    if (read === undefined) throw new Error(`${path} is gone`);
    return read;
  };
  const edit = async (keys: Readonly<Record<string, unknown>>) => {
    const read = await file();
    for (const [key, value] of Object.entries(keys)) setIn(read, key, value);
    await writeStackFile(path, read);
  };
  const start = await file();
  const sections = Object.fromEntries(SECTIONS.map((section) => [section, valueIn(start, section)]));
  let judged = 0;
  let version = 100;

  const up = async (keys: Readonly<Record<string, unknown>>) => {
    const before = await readFile(path, "utf8");
    await edit(keys);
    const ran = await world.run("pulumi", "up", "--yes", "--skip-preview");
    const isRefused = ran.exitCode !== 0;
    if (isRefused) await writeFile(path, before);
    return { ran, isRefused };
  };
  const edited = async ({ changes }: Extract<Action, { kind: "edit" }>) => {
    const read = await file();
    const keys = new Map<string, Record<string, unknown>>();
    for (const { key, value } of changes) {
      const section = valueIn(read, key.section);
      const fields = keys.get(key.section) ?? { ...(isRecord(section) ? section : {}) };
      // A key that is undefined is not written.
      keys.set(key.section, { ...fields, [key.name]: value });
    }
    return up(Object.fromEntries(keys));
  };
  const carryOut = async (action: Action, { activeSlot }: Users) => {
    switch (action.kind) {
      case "edit":
        return edited(action);
      case "reset":
        return up(sections);
      case "shift":
        return up(routingKeys({ activeSlot, shifted: action.percent }));
      case "switch":
        return up(routingKeys({ activeSlot: otherSlot(activeSlot), shifted: 0 }));
      case "revert":
        return verb(await world.run("revert", "--json"));
      case "deploy": {
        // The next model is a good one: what edits have made of the template is not what is tried here.
        const { ran, isRefused } = await up(sections);
        if (isRefused) return { ran, isRefused };
        const args = ["digits:1", "--model-version", String((version += 1)), "--json"];
        return verb(await world.run("deploy", ...args));
      }
    }
  };
  const verb = (ran: Ran) => ({ ran, isRefused: ran.exitCode !== 0 });

  return {
    /** The four sections as they stand in the file. */
    async values(): Promise<Values> {
      const read = await file();
      return (section, name) => {
        const fields = valueIn(read, section);
        return isRecord(fields) ? fields[name] : undefined;
      };
    },
    async users(): Promise<Users> {
      const { activeSlot, shifted, live } = await world.see.standing();
      // The history has texts, and this one is of a slot.
      const active = activeSlot as Slot;
      const other = otherSlot(active);
      // Rolled back by the watchdog, say: Pulumi is told.
      if (live[other] !== shifted[other]) await world.run("step", "--json");
      return { activeSlot: active, shifted: shifted[other] };
    },
    async perform(action: Action, users: Users): Promise<Omit<EditStep, "seed" | "origin">> {
      const fromMs = performance.now();
      const { ran, isRefused } = await carryOut(action, users);
      // What was refused has begun nothing, or the next step finds it.
      const unrest = isRefused ? undefined : await settled(world);
      const answers = people.answers().slice(judged);
      judged += answers.length;
      const failures = answers.filter(({ status }) => status < 200 || status >= 500);
      const problems = [
        ...(failures.length === 0
          ? []
          : [`${failures.length} of ${answers.length} requests failed: ${showStatuses(failures)}`]),
        ...(unrest === undefined ? [] : [`it does not settle: ${unrest}`]),
        ...(isRefused && !hasReason(action, ran) ? [`exit ${ran.exitCode} without a reason of ours`] : []),
      ];
      return {
        action: showAction(action),
        isEdit: action.kind === "edit",
        outcome: isRefused ? "refused" : "done",
        seconds: Math.round((performance.now() - fromMs) / 100) / 10,
        requests: answers.length,
        problems:
          problems.length === 0 ? [] : [...problems, `said: ${`${ran.stdout}${ran.stderr}`.slice(-2_500)}`],
      };
    },
  };
}

function showStatuses(failures: readonly { readonly status: number }[]): string {
  const counts = Map.groupBy(failures, ({ status }) => status);
  return [...counts]
    .map(([status, all]) => `${all.length} × ${status === 0 ? "no answer" : status}`)
    .join(", ");
}

/**
 * A refusal says what is allowed (contract/checks/problem.ts), and names a key that was edited. A verb, and a move of users,
 * which the route's hook may refuse, has a sentence of its own.
 */
function hasReason(action: Action, { exitCode, stdout, stderr }: Ran): boolean {
  if (action.kind !== "edit" && action.kind !== "reset") return exitCode !== undefined && exitCode !== 70;
  if (exitCode !== 1 && exitCode !== 64) return false;
  const text = `${stdout}${stderr}`.replaceAll(/\s+/g, " ");
  // What the cloud locally has not, it refuses by name.
  if (text.includes("NotSimulated: the local cloud does not simulate ")) return true;
  const said = [...text.matchAll(/\S+ is .+?; allowed: .+? Fix it: /g)].map(([problem]) => problem);
  const keys = action.kind === "reset" ? [""] : action.changes.map(({ key }) => `${key.section}.${key.name}`);
  return said.some((problem) => keys.some((key) => problem.includes(key)));
}
