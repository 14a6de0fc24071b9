import { switchedManually } from "../../contract/route/manual-switch.ts";
import { isExternal, serviceOf } from "../../contract/config/model-service.ts";
import { isOpen } from "../../contract/release/release.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { isEmpty } from "../../contract/config/stack-config.ts";
import { mustWrite, readLive, requireDeployed } from "../stack/apply.ts";
import { retireChange } from "../core/changes/settling.ts";
import { waitUntilDrained } from "../rollback/drain.ts";
import { registered } from "./external.ts";
import { UserError } from "../errors.ts";
import { attempt } from "../reading.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context, Deployed } from "../ports.ts";

export interface RetireOptions {
  /** Whether to retire a standby that the policy would still keep warm. */
  readonly giveUpStandby: boolean;
}

export interface RetireOutcome extends Outcome {
  readonly slot: Slot;
  readonly retired: boolean;
  /** Tasks that still run; undefined: not readable. */
  readonly tasks: number | undefined;
}

const HOUR_MS = 3_600_000;
const LOOK_EVERY_MS = 5_000;
/** Beyond the time that requests in flight have: ECS stops tasks one by one, CloudWatch publishes late. */
const PATIENCE_MS = 600_000;

/**
 * Scales the slot without users to zero, once it has answered the last of them: the standby of the last promotion, or
 * a model that users were rolled back from. What runs there stays configured. Both waits are bounded, and told.
 */
export async function retire(context: Context, { giveUpStandby }: RetireOptions): Promise<RetireOutcome> {
  const { reporter } = context;
  const deployed = await requireDeployed(context);
  const { config } = deployed;
  const slot = otherSlot(config.activeSlot);
  const { minTasks } = config.slots[slot];
  // The command once more: what is left of it is to see the tasks end.
  if (!isEmpty(config.slots[slot]) && minTasks === 0) {
    const ended = await seeTasksEnd(context, deployed, slot, "<number>");
    return { ...ended, retired: false };
  }
  await refuse(context, deployed, slot, giveUpStandby);

  const withinMs = patienceOf(deployed, slot);
  const bound = boundOf(withinMs);
  reporter.report({ kind: "note", message: `waiting until ${slot} has answered its last request, ${bound}` });
  if (!(await waitUntilDrained(context, deployed, slot, idleSinceMs(context, deployed, slot), withinMs))) {
    const sentence = `${slot} keeps its ${minTasks} tasks: it was not seen without requests within ${bound}`;
    return { exitCode: EXIT.needsPerson, sentence, slot, retired: false, tasks: undefined };
  }

  // Users may have come while it was waited for; the program refuses tasks to go under them, too.
  const now = await requireDeployed(context);
  await refuse(context, now, slot, giveUpStandby);
  const change = retireChange(now.config, now.raw, slot);
  const message = `bluegreen: ${slot} is retired, ${now.config.slots[slot].modelVersion ?? "its model"} has no tasks`;
  const after = await mustWrite(context, { change, scope: "everything", refresh: false, message });
  return { ...(await seeTasksEnd(context, after, slot, String(minTasks))), retired: true };
}

async function seeTasksEnd(
  context: Context,
  deployed: Deployed,
  slot: Slot,
  formerTasks: string,
): Promise<Omit<RetireOutcome, "retired">> {
  const { clock, reporter } = context;
  const back = `pulumi config set --path ${slot}.minTasks ${formerTasks} && pulumi up`;
  if (isExternal(deployed.config, slot)) {
    return { ...(await targetsLeft(context, deployed, slot, back)), slot };
  }
  const withinMs = patienceOf(deployed, slot);
  const message = `waiting until the tasks of ${slot} have ended, ${boundOf(withinMs)}`;
  reporter.report({ kind: "note", message });
  const tasks = await untilStopped(context, deployed, slot, clock.now() + withinMs);
  const ended = tasks === 0 ? "has no tasks any more" : `is to have no tasks; ${tasks ?? "some"} still run`;
  const exitCode = tasks === 0 ? EXIT.done : EXIT.needsPerson;
  return { exitCode, sentence: `${slot} ${ended}. To bring it back: ${back}`, slot, tasks };
}

/** Nobody but whoever registered the targets of a slot that something else fills takes them away. */
async function targetsLeft(context: Context, deployed: Deployed, slot: Slot, back: string) {
  const read = await attempt(() => registered(context, deployed, slot));
  const tasks = read.readable ? read.value : undefined;
  if (tasks === 0) {
    const sentence = `${slot} has no targets any more. To bring it back: register them, and ${back}`;
    return { exitCode: EXIT.done, sentence, tasks };
  }
  const left = read.readable ? countOf(read.value) : `may have targets (${read.why})`;
  const sentence = `${slot} is retired and ${left}: whoever registered them must remove them (Kubernetes: scale the slot's Deployment to 0). To bring it back: ${back}`;
  return { exitCode: EXIT.needsPerson, sentence, tasks };
}

const countOf = (targets: number) => (targets === 1 ? "still has 1 target" : `still has ${targets} targets`);

const patienceOf = ({ config }: Deployed, slot: Slot) =>
  serviceOf(config, slot).drainSeconds * 1000 + PATIENCE_MS;
const boundOf = (withinMs: number) => `at most ${Math.round(withinMs / 60_000)} minutes`;

async function refuse(
  context: Context,
  deployed: Deployed,
  slot: Slot,
  giveUpStandby: boolean,
): Promise<void> {
  const { config } = deployed;
  const { release, slots, split, rollout } = config;
  if (isEmpty(slots[slot])) throw new UserError("BG164", `${slot} is empty.`);
  // Whom a person has made the active slot nobody moves any more, whatever its release says.
  if (isOpen(release) && switchedManually(config) === undefined)
    throw new UserError("BG110", `Release ${release.id} is ${release.state}.`);
  const live = await readLive(context, deployed);
  if (live === undefined || live[slot] > 0 || split[slot] > 0) {
    const share = live?.[slot] ?? "an unclear share of";
    throw new UserError("BG165", `${slot} has ${share} % live and ${split[slot]} % as deployed.`);
  }
  const hours = standbyHours(context, deployed, slot);
  if (hours === undefined || hours >= rollout.keepStandbyHours || giveUpStandby) return;
  throw new UserError(
    "BG163",
    `${slot} has been the standby for ${hours.toFixed(1)} of ${rollout.keepStandbyHours} hours.`,
  );
}

/** Since how many hours the slot is what a revert would go back to; undefined: it holds what was rolled back. */
function standbyHours(context: Context, deployed: Deployed, slot: Slot): number | undefined {
  const { release } = deployed.config;
  const isFailed = release?.state === "rolledBack" && release.slot === slot;
  if (isFailed) return undefined;
  return (context.clock.now() - idleSinceMs(context, deployed, slot)) / HOUR_MS;
}

/** Since when the slot has no users: the end of its release, or the last update when it was switched manually. */
function idleSinceMs({ clock }: Context, { config, endedWallMs }: Deployed, slot: Slot): number {
  const { release } = config;
  const isManual = switchedManually(config) !== undefined;
  const isByRelease =
    !isManual && release !== undefined && (release.state === "rolledBack") === (release.slot === slot);
  const sinceMs = isByRelease ? Date.parse(release.stepSince) : Number.NaN;
  return Number.isFinite(sinceMs) ? sinceMs : clock.fromWall(endedWallMs);
}

async function untilStopped(context: Context, { outputs }: Deployed, slot: Slot, untilMs: number) {
  const name = outputs.slots[slot].running?.serviceName;
  if (name === undefined) return 0;
  for (;;) {
    const read = await attempt(() => context.services.read(outputs.clusterName, [name]));
    const tasks = read.readable ? (read.value.get(name)?.running ?? 0) : undefined;
    if (tasks === 0 || context.clock.now() >= untilMs) return tasks;
    await context.clock.sleep(LOOK_EVERY_MS);
  }
}
