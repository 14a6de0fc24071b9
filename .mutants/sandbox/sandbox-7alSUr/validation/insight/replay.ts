import { JUDGING_ALARM_KEYS } from "../../contract/alarms/alarm-catalog.ts";
import { requireDeployed } from "../stack/apply.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context } from "../ports.ts";
import { judgePast, type PastLook } from "./replay/judge-past.ts";
import { refuseTooLong, type Past } from "./replay/past.ts";
import { readPast, type PastWanted } from "./replay/read-past.ts";
import { withSet, type ReplaySettings } from "./replay/settings.ts";
import { changes, summaryOf, type ReplaySummary } from "./replay/summary.ts";
import { dateTime } from "../report/words.ts";

export interface ReplayOutcome extends Outcome {
  readonly source: string;
  readonly from: string;
  readonly to: string;
  readonly minutes: number;
  /** What was said when, each time that it changed. */
  readonly looks: readonly PastLook[];
  readonly asConfigured: ReplaySummary;
  /** With what `--set` asked for; undefined: it asked for nothing. */
  readonly withYours: ReplaySummary | undefined;
  readonly set: readonly string[];
  /** What the past does not tell, so that nobody judged it. */
  readonly notJudged: readonly string[];
}

/** Past data of the stack through the judge, minute by minute; changes nothing. */
export async function replay(
  context: Context,
  wanted: PastWanted,
  set: readonly string[],
): Promise<ReplayOutcome> {
  const deployed = await requireDeployed(context);
  const { rollout, thresholds } = deployed.config;
  // Before anything is read: a typo costs no call.
  withSet({ rollout, thresholds }, set);
  return replayed(await readPast(context, deployed, wanted), { rollout, thresholds }, set, "as configured");
}

/** The same of a past that is at hand. `base`: what these settings are called. */
export function replayed(
  past: Past,
  settings: ReplaySettings,
  set: readonly string[],
  base: "as configured" | "with the defaults",
): ReplayOutcome {
  const yours = withSet(settings, set);
  const { minutes } = past.data;
  refuseTooLong(minutes.length, { have: `${past.source} has`, fix: "Leave the others out" });
  const baseLooks = judgePast(past, settings);
  const asConfigured = summaryOf(baseLooks, minutes);
  const looks = set.length === 0 ? baseLooks : judgePast(past, yours);
  const withYours = set.length === 0 ? undefined : summaryOf(looks, minutes);
  const from = minutes[0]?.atMs ?? 0;
  const to = (minutes.at(-1)?.atMs ?? 0) + 60_000;
  const sentence =
    withYours === undefined
      ? `${past.candidate} ${asConfigured.sentence}`
      : `${base}: ${past.candidate} ${asConfigured.sentence}\nwith ${set.join(", ")}: ${past.candidate} ${withYours.sentence}`;
  return {
    exitCode: EXIT.done,
    sentence,
    source: `${past.source}, ${dateTime(from)} to ${dateTime(to)}`,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    minutes: minutes.length,
    looks: changes(looks),
    asConfigured,
    withYours,
    set,
    notJudged: notJudged(past, yours),
  };
}

function notJudged(
  { alarms, shares, attempt, schedule }: Past,
  { rollout }: ReplaySettings,
): readonly string[] {
  const unmeasured = JUDGING_ALARM_KEYS.filter((key) => alarms[key] === undefined);
  return [
    "target health and the task definition that ran",
    ...(unmeasured.length === 0 ? [] : [`the alarms ${unmeasured.join(", ")}`]),
    ...(unmeasured.length === 0 ? [] : ["the active slot's own state"]),
    ...(shares.length > 0 ? [] : ["when shares changed (taken from the counts)"]),
    ...(schedule !== undefined || rollout.advanceWhen !== "proven" || rollout.provenRatios !== "auto"
      ? []
      : ["what was planned for this pair of models (judged by the least that is ever asked for)"]),
    ...(attempt !== undefined ? [] : ["which attempt of its digest it was (judged as the first)"]),
  ];
}
