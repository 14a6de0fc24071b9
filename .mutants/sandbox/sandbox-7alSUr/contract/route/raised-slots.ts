import { ROUTE_TAGS } from "./route.ts";
import { SLOTS, type PerSlot, type Slot } from "../slot.ts";

/** The route before or after an update: what each slot has, and what its tags say of roles and release. */
export interface RouteMoment {
  /** Percent; a slot that the rule does not list has nothing. */
  readonly weights: PerSlot<number>;
  readonly tags: Readonly<Record<string, string>>;
}

/** One change of the route: an update, or the creation of one where users already were. */
export interface RouteChange {
  readonly before: RouteMoment;
  readonly after: RouteMoment;
  /**
   * Slots to whose target group the route did not lead before, because the group or the route is new: whoever the
   * slot's users were, they come to other targets now.
   */
  readonly moved: readonly Slot[];
}

/**
 * Slots that a change of the route gives more users to, and that must have healthy targets for it. Moving users back
 * is never among them: neither what the active slot gets back from a share shifted, nor what a release that is rolled
 * back gives to the other slot.
 */
export function slotsToProve({ before, after, moved }: RouteChange): readonly Slot[] {
  // Not `>`: what cannot be compared is a raise.
  const raised = SLOTS.filter((slot) => !(after.weights[slot] <= before.weights[slot]));
  return raised.filter(
    (slot) => moved.includes(slot) || !(isActiveSlot(slot, before, after) || isRollbackTo(slot, after)),
  );
}

function isActiveSlot(slot: Slot, ...moments: readonly RouteMoment[]): boolean {
  return moments.every(({ tags }) => tags[ROUTE_TAGS.activeSlot] === slot);
}

/** The tags go on saying that a release was rolled back; a share that is shifted later manually is no rollback. */
function isRollbackTo(slot: Slot, { tags }: RouteMoment): boolean {
  const releaseSlot = tags[ROUTE_TAGS.releaseSlot];
  const isRolledBack = tags[ROUTE_TAGS.releaseState] === "rolledBack" && releaseSlot !== "none";
  return isRolledBack && releaseSlot !== slot && tags[ROUTE_TAGS.activeSlot] === slot;
}

/** The deployment of a service that ECS calls PRIMARY: what the service runs, or is becoming. */
export interface PrimaryDeployment {
  readonly taskDefinitionArn: string;
  /** In ECS's words: COMPLETED, IN_PROGRESS or FAILED. */
  readonly rolloutState: string;
}

/** What is known of a slot that would get more users. */
export interface SlotProof {
  /** Of the slot's targets, in ELB's words. */
  readonly states: readonly string[];
  /** The task definition that the last update asked for; undefined: none, the slot was empty. */
  readonly requested: string | undefined;
  /** Something else fills the slot, and ECS has nothing to say of it. */
  readonly isExternal: boolean;
  /** undefined: ECS has no such service, or it runs nothing. */
  readonly primary: PrimaryDeployment | undefined;
}

/** What is wrong with a raise; undefined: nothing. */
export function raiseProblem(slot: Slot, change: RouteChange, proof: SlotProof): string | undefined {
  const { before, after, moved } = change;
  const isMoved = moved.includes(slot);
  const why = isReachable(proof.states, isMoved) ? runsAnother(slot, proof) : noTarget(proof.states);
  if (why === undefined) return undefined;
  const what = isMoved
    ? `the route would lead ${after.weights[slot]} % of the users to a target group of ${slot} that is new to it`
    : `${slot} would go from ${before.weights[slot]} to ${after.weights[slot]} % of the users`;
  const wayOut =
    why.first === undefined || isMoved ? "Undo" : `${why.first} and run the same command again, or undo`;
  return `${what}, and ${why.is}. Nothing was changed. ${wayOut} the change: ${commandBack(slot, change)}`;
}

/**
 * ELB checks no target of a group that no rule leads to, and calls it unused (DescribeTargetHealth,
 * Target.NotInUse). Only the route can end that, and where there is none, users have nothing to lose.
 */
function isReachable(states: readonly string[], isMoved: boolean): boolean {
  if (states.includes("healthy")) return true;
  return isMoved && states.length > 0 && states.every((state) => state === "unused");
}

interface Reason {
  readonly is: string;
  /** What a person does before the same command works; undefined: nothing helps. */
  readonly first?: string;
}

function noTarget(states: readonly string[]): Reason {
  const first = "Wait until it is healthy (npx bluegreen status)";
  if (states.length === 0) return { is: "it has no registered target", first };
  return { is: `none of its targets is healthy (${states.join(", ")})`, first };
}

/** A healthy target may be that of another model: ECS's circuit breaker goes back to what ran before, and says nothing. */
function runsAnother(slot: Slot, { requested, isExternal, primary }: SlotProof): Reason | undefined {
  if (requested === undefined) return { is: "no update has deployed a model there" };
  if (isExternal) return undefined;
  if (primary === undefined)
    return { is: `ECS runs no service for it, where ${short(requested)} was asked for` };
  const { taskDefinitionArn, rolloutState } = primary;
  if (taskDefinitionArn !== requested) {
    return {
      is:
        `it runs ${short(taskDefinitionArn)} where ${short(requested)} was asked for: ECS went back to it, or ` +
        `somebody changed the service`,
      first: `See why (npx bluegreen logs ${slot}), deploy a model that runs`,
    };
  }
  if (rolloutState === "COMPLETED") return undefined;
  const is = `its deployment of ${short(requested)} is ${rolloutState}`;
  return { is, first: "Wait until it is COMPLETED (npx bluegreen status)" };
}

/** `family:revision` of a task definition's ARN. */
const short = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

/** The command that rolls a raise of this slot back; for a new route or group, where to see what makes it new. */
export function commandBack(slot: Slot, { before, after, moved }: RouteChange): string {
  if (moved.includes(slot)) return "pulumi preview --diff shows what replaces it";
  const active = before.tags[ROUTE_TAGS.activeSlot];
  return active === undefined || active === after.tags[ROUTE_TAGS.activeSlot]
    ? `pulumi config set ${slot}Weight ${before.weights[slot]}`
    : `pulumi config set activeSlot ${active}`;
}
