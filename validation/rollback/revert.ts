import { groupsFromTags, liveSplit } from "../../contract/route/live-route.ts";
import { serviceOf } from "../../contract/config/model-service.ts";
import { isRouteOf, readReleaseTags, REVERT_TAG } from "../../contract/route/route-tags.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { splitOf, type Split } from "../../contract/route/split.ts";
import { bringCohortBack } from "../cohorts/bring-back.ts";
import { requireDeployed } from "../stack/apply.ts";
import { bringInLine, endedRelease } from "./bring-in-line.ts";
import { cohortPerhapsSent } from "../core/changes/cohort-step.ts";
import { planRevert, type RevertPlan } from "../core/changes/revert-plan.ts";
import { situationOf } from "../core/situation.ts";
import { waitUntilDrained } from "./drain.ts";
import { rollBack } from "./emergency-write.ts";
import { UserError } from "../errors.ts";
import { attempt } from "../reading.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import { outlast, type Outlasted } from "./outlast.ts";
import { raiseReturned } from "./raise-tasks.ts";
import type { LiveRoute } from "../../contract/route/live-route.ts";
import type { Context } from "../ports.ts";

export interface RevertOptions {
  /** From a flag or BLUEGREEN_ROUTE_ARN; otherwise from the memo of this machine, or by the tags. */
  readonly routeArn: string | undefined;
  /** Who shall have everyone; undefined: whom the route's tags say. */
  readonly to: Slot | undefined;
  readonly reason: string;
  /** When the process started, epoch ms of the machine's clock; the seconds are counted from here. */
  readonly startedWallMs: number;
  /** Whether to wait until the slot that lost its users has answered the last of them. */
  readonly wait: boolean;
}

export interface RevertOutcome extends Outcome {
  readonly to: Slot;
  /** The split when the flow began; undefined: its weights were no whole percents. */
  readonly before: Split | undefined;
  readonly after: Split | undefined;
  /** Seconds from the start to the new weights; undefined: there was nothing to write. */
  readonly seconds: number | undefined;
  readonly pulumi: "inLine" | "pending";
  /** undefined: not waited for. */
  readonly drained: boolean | undefined;
}

/**
 * All traffic back, in seconds, from any state. The traffic needs the load balancer's API alone: Pulumi's state,
 * the engine and CloudWatch may all be down. Pulumi's state follows afterwards.
 */
export async function revert(context: Context, options: RevertOptions): Promise<RevertOutcome> {
  const { routeArn, groups, live, plan, open } = await readRoute(context, options);
  const sinceMs = context.clock.now();
  const { to, stickinessSeconds } = plan;
  const route = { routeArn, groups, stickinessSeconds };
  let users = live;
  if (plan.kind === "nothing") {
    const pending = await attempt(() => pendingFrom(context, live, to));
    if (!pending.readable) return notCompared(plan, live, pending.why);
    const outlasted = pending.value === undefined ? await outlast(context, route, to) : undefined;
    const shifted = outlasted?.kind === "ended" ? outlasted.shifted : undefined;
    users = pending.value ?? shifted;
    if (users === undefined) return nothingToDo(plan, live, outlasted);
  }
  const seconds =
    plan.kind === "move" ? await rollBack(context, route, to, options.startedWallMs) : undefined;
  const { reason } = options;
  const mark = open && ({ tag: REVERT_TAG, releaseId: open.id, atMs: context.clock.now(), reason } as const);
  const state = await bringInLine(context, route, to, endedRelease(context, to, users, reason), mark);
  const back = seconds === undefined ? "were back already" : `are back after ${seconds.toFixed(2)} s`;
  const base = { to, before: live, after: splitOf(to, 0), seconds };
  if (state.kind === "pending") {
    const sentence = `all users ${back} on ${to}; state pending: ${state.why}. The next step completes it`;
    return { ...base, exitCode: EXIT.rolledBack, sentence, pulumi: "pending", drained: undefined };
  }
  // Everyone's tasks before a team's cohort: each is a whole update.
  const returned = await raiseReturned(context, state.deployed, to, users);
  const cohort = await bringCohortBack(context, returned.deployed);
  const sentence = `all users ${back} on ${to}${returned.words}${cohort.words}`;
  const done = { ...base, exitCode: EXIT.done, pulumi: "inLine" } as const;
  if (!options.wait) return { ...done, sentence, drained: undefined };

  const from = otherSlot(to);
  const withinMs = (serviceOf(state.deployed.config, from).drainSeconds + 600) * 1000;
  const drained = await waitUntilDrained(context, cohort.deployed, from, sinceMs, withinMs);
  const words = drained ? `${from} is drained` : `${from} still answers requests`;
  return { ...done, sentence: `${sentence}; ${words}`, drained };
}

type NothingPlan = Extract<RevertPlan, { kind: "nothing" }>;

function nothingToDo(
  { to, why }: NothingPlan,
  live: Split | undefined,
  outlasted: Outlasted | undefined,
): RevertOutcome {
  const base = { to, before: live, after: live, seconds: undefined, drained: undefined };
  if (outlasted?.kind === "holds") {
    const sentence = `${why}; the stack is still held by ${outlasted.who}, whose update may give ${otherSlot(to)} users: when you know that it has ended, npx bluegreen revert --force-ownership`;
    return { ...base, exitCode: EXIT.needsPerson, sentence, pulumi: "pending" };
  }
  const beside = outlasted && `; the update of ${outlasted.who} has ended, and gave ${otherSlot(to)} nobody`;
  const sentence = `${why}${beside ?? ""}; to move them all the same: npx bluegreen revert --to <slot>`;
  return { ...base, exitCode: EXIT.needsPerson, sentence, pulumi: "inLine" };
}

const notCompared = ({ to, why }: NothingPlan, live: Split | undefined, reason: string): RevertOutcome => ({
  to,
  before: live,
  after: live,
  seconds: undefined,
  drained: undefined,
  exitCode: EXIT.rolledBack,
  sentence: `${why}; Pulumi's state could not be compared: ${reason}`,
  pulumi: "pending",
});

/**
 * The split as deployed, where all users are on `to` and the state does not say so: a revert that Pulumi does not know of
 * yet, or a release that has none now and would give them away: it gave them back in doubt, has a cohort, or may have one.
 */
async function pendingFrom(context: Context, live: Split | undefined, to: Slot): Promise<Split | undefined> {
  const { config } = await requireDeployed(context);
  const situation = situationOf(config, live);
  const isOpen =
    situation.kind === "retreated" ||
    situation.kind === "cohort" ||
    (situation.kind === "starting" && cohortPerhapsSent(config, situation.release) !== undefined);
  const goesOn = isOpen && situation.release.slot !== to;
  return goesOn || (situation.kind === "reverted" && situation.to === to) ? config.split : undefined;
}

interface FoundRoute {
  readonly route: LiveRoute;
  readonly tags: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

async function readRoute(context: Context, options: RevertOptions) {
  const { route, tags } =
    options.routeArn === undefined
      ? ((await remembered(context)) ?? (await lookAt(context, await findByTags(context))))
      : await lookAt(context, options.routeArn);
  const groups = groupsFromTags(route, tags);
  const live = groups && liveSplit(route, groups);
  const own = tags.get(route.routeArn) ?? {};
  const plan = planRevert(live, own, options.to);
  if (groups === undefined || plan === undefined)
    throw new UserError("BG122", `Looked at ${route.routeArn}.`);
  return { routeArn: route.routeArn, groups, live, plan, open: readReleaseTags(own) };
}

async function lookAt(context: Context, routeArn: string): Promise<FoundRoute> {
  const route = await context.route.read(routeArn);
  return { route, tags: await context.route.tags([routeArn, ...route.groups.map(({ arn }) => arn)]) };
}

/** The memo saves a search; one that is gone, or is of a rule that is gone, only costs it. */
async function remembered(context: Context): Promise<FoundRoute | undefined> {
  const found = await attempt(async () => {
    const routeArn = await context.memo.read();
    return routeArn === undefined ? undefined : lookAt(context, routeArn);
  });
  if (!found.readable || found.value === undefined) return undefined;
  const { route, tags } = found.value;
  return isRouteOf(tags.get(route.routeArn) ?? {}, context) ? found.value : undefined;
}

async function findByTags(context: Context): Promise<string> {
  const [first, ...others] = await context.route.find(context);
  if (first === undefined) throw new UserError("BG120", `Looked for stack ${context.stack}.`);
  if (others.length > 0) throw new UserError("BG121", [first, ...others].join(", "));
  return first;
}
