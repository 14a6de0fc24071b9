import { isDeepStrictEqual } from "node:util";
import { serviceOf } from "../../contract/config/model-service.ts";
import { switchedManually } from "../../contract/route/manual-switch.ts";
import { isRecord } from "../../contract/config/field.ts";
import { isOpen, type Release } from "../../contract/release/release.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { sameSplit } from "../../contract/route/split.ts";
import { isEmpty, shiftedShare, type StackConfig } from "../../contract/config/stack-config.ts";
import { mustWrite, readLive, requireDeployed } from "../stack/apply.ts";
import { rotateChange, staleVariables, type Stale, type Template } from "../core/changes/rotating.ts";
import { ERRORS, UserError } from "../errors.ts";
import { attempt } from "../reading.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context, Deployed } from "../ports.ts";
import { filledBySomethingElse } from "./external.ts";
import { untilReady } from "./ready.ts";

export interface RotateOptions {
  /** undefined: each slot that has tasks, the one without users first. */
  readonly slot: Slot | undefined;
}

export interface Rotated {
  readonly slot: Slot;
  /** Configuration keys whose value it has now as `service` has it; never the values. */
  readonly renewed: readonly string[];
  readonly healthyTasks: number;
}

export interface RotateOutcome extends Outcome {
  readonly rotated: readonly Rotated[];
}

/**
 * Starts the tasks of a slot anew, with the secrets that `service` names now, one slot after the other: a task reads them
 * when it starts. The one without users goes first and must be healthy before the other one is touched; ECS takes no task
 * away before a new one is healthy. Killed anywhere and run again, it renews both.
 */
export async function rotate(context: Context, { slot }: RotateOptions): Promise<RotateOutcome> {
  const deployed = await requireDeployed(context);
  const slots = slotsToRotate(deployed.config, slot);
  for (const one of slots) refuseAlone(deployed.config, one);
  const { values = {}, secretPaths = [] } = await context.store.checkout(deployed);
  refuseUndeployed(deployed, slots, values["service"], secretPaths);
  const rotated: Rotated[] = [];
  for (const one of slots) rotated.push(await rotateSlot(context, one, secretPaths));
  const sentence = [...rotated.map(wordsOf), ...testsWords(deployed.config.release, slots)].join("; ");
  return { exitCode: EXIT.done, sentence, rotated };
}

/** In the order in which they go. A slot without tasks has nothing to renew: they read their secrets when they start. */
function slotsToRotate(config: StackConfig, asked: Slot | undefined): readonly Slot[] {
  const { slots, activeSlot } = config;
  const all = asked === undefined ? [otherSlot(activeSlot), activeSlot] : [asked];
  const isOurs = (slot: Slot) => serviceOf(config, slot).kind === "ecs";
  const wanted = all.filter((slot) => isEmpty(slots[slot]) || isOurs(slot));
  if (wanted.length === 0) throw filledBySomethingElse(all);
  const found = wanted.filter((slot) => !isEmpty(slots[slot]) && slots[slot].minTasks > 0);
  if (found.length > 0) return found;
  throw new UserError("BG272", `${wanted.join(" and ")} ${wanted.length > 1 ? "have" : "has"} none.`);
}

/** Before anything is written: users must have somewhere to go. */
function refuseAlone({ slots, activeSlot }: StackConfig, slot: Slot): void {
  const other = otherSlot(slot);
  if (slot !== activeSlot || (!isEmpty(slots[other]) && slots[other].minTasks > 0)) return;
  const why = isEmpty(slots[other]) ? "empty" : "scaled to zero";
  throw new UserError("BG273", `${slot} has all users, and ${other} is ${why}.`);
}

/** An edit that is not deployed would not arrive, and nobody would notice. `text`: `service` as the stack file has it. */
function refuseUndeployed(
  { config, secretKeys = [] }: Deployed,
  slots: readonly Slot[],
  text: string | undefined,
  secretPaths: readonly string[],
): void {
  if (text === undefined) return;
  const template = templateOf(text);
  if (template === undefined) throw new UserError("BG274", "There, service is no object.");
  const isSecret = secretKeys.includes("service");
  const keys = slots.flatMap((slot) => {
    const ofFile = staleVariables(config.slots[slot], template, secretPaths);
    const ofDeployed = staleVariables(config.slots[slot], config.service, secretPaths);
    const isIn = (all: readonly Stale[], one: Stale) => all.some((other) => isDeepStrictEqual(other, one));
    return [
      ...ofFile.filter((one) => !isIn(ofDeployed, one)),
      // In clear as deployed, and encrypted in the file.
      ...ofDeployed.filter((one) => !isIn(ofFile, one) || (one.kind === "environment" && !isSecret)),
    ].map(({ kind, name }) => `service.${kind}.${name}`);
  });
  if (keys.length > 0) throw new UserError("BG274", `Not deployed: ${[...new Set(keys)].join(", ")}.`);
}

/** undefined: what a person has written there is no object, which `pulumi up` would refuse. */
function templateOf(text: string): Template | undefined {
  const service = parsed(text);
  if (!isRecord(service)) return undefined;
  const textsIn = (value: unknown) =>
    Object.fromEntries(
      Object.entries(isRecord(value) ? value : {}).map(([name, entry]) => [name, String(entry)]),
    );
  return { secrets: textsIn(service["secrets"]), environment: textsIn(service["environment"]) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text that is not JSON is what the caller reports it to be: no object.
    return undefined;
  }
}

async function rotateSlot(context: Context, slot: Slot, secretPaths: readonly string[]): Promise<Rotated> {
  const deployed = await requireDeployed(context);
  const { config, raw } = deployed;
  await refuseMoving(context, deployed);
  await refuseUnhealthy(context, deployed, slot);
  const stale = staleVariables(config.slots[slot], config.service, secretPaths);
  const renewed = stale.map(({ kind, name }) => `${slot}.service.${kind}.${name}`);
  const change = rotateChange(config, raw, slot, stale, context.clock.now());
  const what = renewed.length === 0 ? "" : ` with another ${renewed.join(", ")}`;
  const message = `bluegreen: rotates ${slot}: new tasks${what}`;
  const after = await mustWrite(context, { change, scope: "everything", refresh: false, message });
  const healthyTasks = await untilReady(context, after, slot).catch((error: unknown) => {
    throw asRotation(error, slot);
  });
  const now = await requireDeployed(context);
  if (now.config.slots[slot].rotated !== after.config.slots[slot].rotated) {
    throw new UserError("BG230", `${slot} was changed again, generation ${now.config.generation}.`);
  }
  return { slot, renewed, healthyTasks };
}

async function refuseMoving(context: Context, deployed: Deployed): Promise<void> {
  const { config } = deployed;
  const { release, split } = config;
  // Whom a person has made the active slot nobody moves any more, whatever its release says.
  if (isOpen(release) && release.state !== "deployed" && switchedManually(config) === undefined) {
    throw new UserError("BG270", `Release ${release.id} of ${release.owner} is ${release.state}.`);
  }
  const { slot: shifted, percent } = shiftedShare(config);
  const live = await readLive(context, deployed);
  if (percent === 0 && live !== undefined && sameSplit(live, split)) return;
  const now = live === undefined ? "an unclear share" : `${live[shifted]} %`;
  throw new UserError("BG271", `${shifted} has ${now} live and ${percent} % as deployed.`);
}

/** The program asks the same in the update itself; this says it before anything is written. */
async function refuseUnhealthy(context: Context, { config, outputs }: Deployed, slot: Slot): Promise<void> {
  const other = otherSlot(slot);
  if (slot !== config.activeSlot) return;
  const read = await attempt(() => context.health.targets(outputs.slots[other].targetGroupArn));
  if (read.readable && read.value.healthy > 0) return;
  const why = read.readable ? "has no healthy target" : `could not be read (${read.why})`;
  throw new UserError("BG273", `${slot} has all users, and ${other} ${why}.`);
}

/** What is said of a candidate is wrong of a slot with users: ECS has left its tasks alone. */
function asRotation(error: unknown, slot: Slot): unknown {
  const isOurs = error instanceof UserError && (error.code === "BG140" || error.code === "BG141");
  if (!isOurs) return error;
  return new UserError("BG275", `${slot}: ${error.message.slice(ERRORS[error.code].meaning.length).trim()}`);
}

function wordsOf({ slot, renewed, healthyTasks }: Rotated): string {
  const tasks = healthyTasks === 1 ? "1 new task" : `${healthyTasks} new tasks`;
  const what =
    renewed.length === 0
      ? "what its secrets hold now; no name or value of them was changed in service"
      : `${renewed.join(", ")} as service has it`;
  return `${slot} has ${tasks}, with ${what}`;
}

/** What was tested is another task definition now. */
function testsWords(release: Release | undefined, slots: readonly Slot[]): readonly string[] {
  const isStale =
    release?.state === "deployed" && release.tested !== undefined && slots.includes(release.slot);
  return isStale
    ? [`the pre-traffic tests of ${release.slot} are of its former tasks: npx bluegreen test`]
    : [];
}
