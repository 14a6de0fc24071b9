import {
  COHORT_FIELDS,
  cohortWords,
  isOver,
  MOST_COHORTS,
  type Cohort,
} from "../../contract/cohorts/cohort.ts";
import { showProblems } from "../../contract/checks/problem.ts";
import { isExternal } from "../../contract/config/model-service.ts";
import { requestedIn } from "../../contract/names/running.ts";
import { againstModelOn } from "../../contract/route/manual-switch.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { Slot } from "../../contract/slot.ts";
import { nextGeneration, withChange, type KeyChange } from "../core/changes/changes.ts";
import { cohortsAfterDeploy, cohortToReturn } from "../core/changes/cohort-step.ts";
import { iso } from "../core/iso.ts";
import { UserError } from "../errors.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context, Deployed } from "../ports.ts";
import { mustWrite, requireDeployed } from "../stack/apply.ts";

export interface WantedCohort {
  readonly name: string;
  readonly slot: Slot;
  /** `x-team=ml`, or several of one header. */
  readonly headers: readonly string[];
  /** Either of them; a time is ISO 8601. */
  readonly until: { readonly days: number } | { readonly time: string };
}

export interface CohortsOutcome extends Outcome {
  readonly cohorts: readonly Cohort[];
}

/** Puts a rule before the route, by an update of its own. */
export async function addCohort(context: Context, wanted: WantedCohort): Promise<CohortsOutcome> {
  const deployed = await requireDeployed(context);
  const { config } = deployed;
  const cohort = cohortOf(config, wanted, context.clock.now());
  const same = config.cohorts.find(({ name }) => name === cohort.name);
  if (same !== undefined) {
    if (isSame(same, cohort)) return renewed(context, deployed, same, cohort.until);
    throw new UserError("BG381", `${cohort.name} is there already: ${cohortWords(same)}.`);
  }
  if (isExternal(config, cohort.slot))
    throw new UserError("BG380", `Got ${cohort.slot}; ${externalWords(cohort.slot)}.`);
  if (!config.slots[cohort.slot].cohortGroup) throw new UserError("BG380", `Got ${cohort.slot}.`);
  const cohorts = [...config.cohorts, cohort];
  const words = cohortWords(cohort);
  const after = await writeCohorts(context, deployed, cohorts, `bluegreen: cohort ${words}`);
  const end = `It is no part of the split, and a revert leaves it: npx bluegreen cohort remove ${cohort.name}`;
  const requested = requestedIn(deployed.outputs, cohort.slot);
  const against = againstModelOn(config, cohort.slot, requested);
  const warning =
    against === undefined ? "" : `What these people get on ${cohort.slot} is not proven: ${against}. `;
  return outcome(after, `cohort ${words}. ${warning}${end}`);
}

/** Whoever fills such a slot registers targets for users and for tests; a group for cohorts would stay empty. */
export const externalWords = (slot: Slot): string =>
  `something else fills ${slot}, and nobody a group for cohorts there; allowed: a slot that runs on ECS`;

/** The same command again, after a kill, asks for an end that is a little later: that is no other one. */
const SAME_END_MS = 60 * 60_000;

/** A cohort that is there, with the end that is asked for now. */
async function renewed(
  context: Context,
  deployed: Deployed,
  cohort: Cohort,
  until: string,
): Promise<CohortsOutcome> {
  const { cohorts } = deployed.config;
  const isSameEnd = Math.abs(Date.parse(until) - Date.parse(cohort.until)) < SAME_END_MS;
  if (isSameEnd && !isOver(cohort, context.clock.now()))
    return outcome(cohorts, `cohort ${cohortWords(cohort)} already`);
  const after = { ...cohort, until };
  const words = cohortWords(after);
  const all = cohorts.map((one) => (one === cohort ? after : one));
  return outcome(
    await writeCohorts(context, deployed, all, `bluegreen: cohort ${words}`),
    `cohort ${words}: it ended ${cohort.until} before`,
  );
}

/** Requests with its header go by the route again. */
export async function removeCohort(context: Context, name: string): Promise<CohortsOutcome> {
  const deployed = await requireDeployed(context);
  const { cohorts } = deployed.config;
  const found = cohorts.find((one) => one.name === name);
  const names =
    cohorts.length === 0 ? "The stack has none." : `Allowed: ${cohorts.map((one) => one.name).join(", ")}.`;
  if (found === undefined) throw new UserError("BG382", `Got ${name}. ${names}`);
  const left = cohorts.filter((one) => one !== found);
  const after = await writeCohorts(
    context,
    deployed,
    left,
    `bluegreen: cohort ${name} goes by the route again`,
  );
  return outcome(after, `cohort ${name} goes by the route again`);
}

export async function listCohorts(context: Context): Promise<CohortsOutcome> {
  const { config } = await requireDeployed(context);
  const lines = cohortLines(config, context.clock.now());
  return outcome(config.cohorts, lines.length === 0 ? "no cohorts" : lines.join("\n"));
}

/** One sentence each; whose end has come says what takes it away. */
export const cohortLines = ({ cohorts }: StackConfig, nowMs: number): readonly string[] =>
  cohorts.map((cohort) =>
    isOver(cohort, nowMs)
      ? `cohort ${cohortWords(cohort)}, which is over: npx bluegreen cohort remove ${cohort.name}`
      : `cohort ${cohortWords(cohort)}`,
  );

/** Who is left where they are when everyone goes to a slot: their rules are none of the route, and no release took them there. */
export const staying = (config: StackConfig, to: Slot): readonly string[] =>
  config.cohorts
    .filter((one) => one.slot !== to && one !== cohortToReturn(config))
    .map(({ name, slot }) => `cohort ${name} is still on ${slot}: npx bluegreen cohort remove ${name}`);

/** Refuses another model on a slot to which a header would still send people. */
export function refuseUnderCohort(config: StackConfig, slot: Slot, nowMs: number): void {
  const there = cohortsAfterDeploy(config, nowMs).filter((one) => one.slot === slot);
  if (there.length === 0) return;
  const ends = there.map(({ name }) => `npx bluegreen cohort remove ${name}`);
  throw new UserError("BG384", `Got ${slot}, with ${there.map(cohortWords).join(", ")}: ${ends.join("; ")}`);
}

/** Without those that are over; undefined: none is. */
export function withoutOver(config: StackConfig, nowMs: number): KeyChange | undefined {
  const left = config.cohorts.filter((one) => !isOver(one, nowMs));
  return left.length === config.cohorts.length ? undefined : nextGeneration(config, { cohorts: left });
}

async function writeCohorts(
  context: Context,
  deployed: Deployed,
  cohorts: readonly Cohort[],
  message: string,
): Promise<readonly Cohort[]> {
  const change = nextGeneration(deployed.config, { cohorts });
  const parsed = parseConfig(withChange(deployed.raw, change));
  if (!parsed.ok) throw new UserError("BG381", showProblems(parsed.problems));
  // A rule is no part of the route, and nothing else of the stack is made from cohorts.
  const written = await mustWrite(context, { change, scope: "everything", refresh: false, message });
  return written.config.cohorts;
}

const outcome = (cohorts: readonly Cohort[], sentence: string): CohortsOutcome => ({
  exitCode: EXIT.done,
  sentence,
  cohorts,
});

const isSame = (one: Cohort, other: Cohort) =>
  one.slot === other.slot && one.header === other.header && one.values.join() === other.values.join();

const DAY_MS = 24 * 60 * 60_000;
const MOST_DAYS = 365;

function cohortOf(config: StackConfig, wanted: WantedCohort, nowMs: number): Cohort {
  const { name, slot, headers, until } = wanted;
  const refuse = (what: string, got: string, allowed: string): never => {
    throw new UserError("BG381", `${what}: got ${got}; allowed: ${allowed}.`);
  };
  if (COHORT_FIELDS.name.read(name) === undefined) refuse("name", name, COHORT_FIELDS.name.allowed);
  const pairs = headers.map((text) => [text.split("=")[0] ?? "", text.slice(text.indexOf("=") + 1)] as const);
  const header = pairs[0]?.[0] ?? "";
  const isOne = pairs.every(([one]) => one.toLowerCase() === header.toLowerCase());
  if (!isOne || headers.some((text) => !text.includes("=")))
    refuse("--header", headers.join(" "), "x-team=ml, several times with the same header for several values");
  if (COHORT_FIELDS.header.read(header) === undefined)
    refuse("--header", header, COHORT_FIELDS.header.allowed);
  const values = [...new Set(pairs.map(([, value]) => value))];
  for (const value of values)
    if (COHORT_FIELDS.value.read(value) === undefined) refuse("--header", value, COHORT_FIELDS.value.allowed);
  const untilMs = "days" in until ? nowMs + until.days * DAY_MS : Date.parse(until.time);
  if (!(untilMs > nowMs && untilMs <= nowMs + MOST_DAYS * DAY_MS))
    refuse(
      "--until",
      "time" in until ? until.time : `${until.days} days`,
      `an ISO 8601 time after ${iso(nowMs)}, at most ${MOST_DAYS} days later`,
    );
  const taken = new Set(config.cohorts.map(({ place }) => place));
  const place = Array.from({ length: MOST_COHORTS }, (_, index) => index + 1).find((one) => !taken.has(one));
  if (place === undefined) return refuse("cohorts", `${MOST_COHORTS + 1}`, `${MOST_COHORTS} at most`);
  return { name, slot, header, values, until: iso(untilMs), place };
}
