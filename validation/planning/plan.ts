import { JUDGING_ALARM_KEYS, alarmSpec } from "../../contract/alarms/alarm-catalog.ts";
import { labelsTooLate } from "../../contract/signals/label-warning.ts";
import { RATE_ALARMS } from "../core/comparison/rate-alarms.ts";
import { requireDeployed } from "../stack/apply.ts";
import { detections, type Detection } from "../core/planning/detection.ts";
import {
  FALSE_ALARM_RUNS,
  falseAlarms,
  lintAlarm,
  type AlarmLint,
  type RatedMinute,
} from "../core/planning/past-alarms.ts";
import { planSteps, type StepPlan } from "../core/planning/steps.ts";
import { releaseTasks, type ReleaseTasks } from "../core/planning/release-tasks.ts";
import { adviceOn, scheduleSentence } from "../core/planning/words.ts";
import { planSchedule, type Planned } from "../core/planning/choice.ts";
import { PRICE_REGION, PRICES, type Price } from "../insight/cost/prices.ts";
import { ERRORS, UserError } from "../errors.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import { readHistory, type History } from "./read-history.ts";
import { trafficOf, type PlannedTraffic } from "./traffic-of.ts";
import { pollMsOf } from "../rollout/poll.ts";
import type { Context, Deployed } from "../ports.ts";
import { percent, whole } from "../report/words.ts";

export interface PlanOptions {
  /** Assumed instead of the past: requests a minute. */
  readonly traffic: number | undefined;
  /** 0 to 1. */
  readonly errorRate: number | undefined;
  /** Seconds between two checks of a rollout; undefined: see poll.ts. */
  readonly pollSeconds?: number | undefined;
}

export interface PlanOutcome extends Outcome {
  /** What it was planned from; of the past or assumed. */
  readonly traffic: PlannedTraffic;
  readonly history: { readonly hours: number; readonly minutesWithRequests: number; readonly from: string };
  readonly slow: readonly { readonly quantile: number; readonly seconds: number }[];
  readonly steps: readonly (StepPlan & { readonly detections: readonly Detection[] })[];
  /** Until the first step's smallest detectable failure rate closes in the quietest hour; undefined: not in a week, or no such hour. */
  readonly quietMinutes: number | undefined;
  readonly falseRollback: {
    readonly comparison: number;
    readonly alarms: Readonly<Record<string, number>>;
    readonly runs: number;
  };
  /** What the candidate's tasks come to, as long as the steps are planned to last. */
  readonly release: ReleaseTasks;
  readonly calls: {
    readonly looks: number;
    readonly pollSeconds: number;
    readonly perLook: number;
    readonly series: number;
    readonly usd: number;
    readonly price: Price;
    readonly region: string;
  };
  readonly lints: readonly (AlarmLint & { readonly lastFiredAt: string | undefined })[];
  readonly lintedHours: number;
  readonly unknown: readonly string[];
  /** What would make it faster, where it takes longer than `rollout.targetMinutes`; empty: nothing has to. */
  readonly advice: readonly string[];
  readonly schedule: Planned["schedule"];
  /** The error that refuses the schedule; undefined: it can see. */
  readonly refused: { readonly code: "BG204"; readonly message: string; readonly fix: string } | undefined;
}

/** Route, alarms, service, targets, zones, metrics. */
const CALLS_PER_LOOK = 6;
/** A schedule that overlooks more than this until a step's deadline is no watch. */
const BLIND = 0.5;
const MINUTE_MS = 60_000;

/** What the schedule of the deployed policy can see at the stack's traffic, what it costs, and how often it errs. */
export async function plan(context: Context, options: PlanOptions): Promise<PlanOutcome> {
  const deployed = await requireDeployed(context);
  const history = await readHistory(context, deployed);
  const { rollout } = deployed.config;
  const traffic = trafficOf(history, options, rollout.syntheticLoad?.requestsPerMinute);
  if (traffic.requestsPerMinute <= 0) {
    throw new UserError("BG203", "In the last 24 hours nobody came.");
  }
  const settings = { alpha: rollout.alpha, tolerance: rollout.tolerance, attempt: 1 };
  const chosen = planSchedule(traffic, rollout);
  const planned = planSteps(traffic, rollout, chosen.schedule);
  const steps = planned.map(({ plan: step, before }) => ({
    ...step,
    detections: step.share < 100 ? detections(traffic, step.share, before, settings) : [],
  }));
  const quiet = traffic.quietestHour;
  const quietStep =
    quiet === undefined || quiet <= 0
      ? undefined
      : planSteps({ ...traffic, requestsPerMinute: quiet }, rollout, chosen.schedule)[0]?.plan;
  const lasting = steps.map(({ share, advancesAfterMinutes, deadlineMinutes }) => ({
    share,
    minutes: advancesAfterMinutes ?? deadlineMinutes,
  }));
  const total = sumOf(lasting);
  const shared = sumOf(lasting.filter(({ share }) => share < 100));
  const tasks = deployed.config.slots[deployed.config.activeSlot].minTasks;
  const { pollSeconds = pollMsOf(deployed.config) / 1000 } = options;
  const looks = Math.ceil((total * 60) / pollSeconds);
  const series = looks * history.seriesPerLook;
  const refused = refusal(steps);
  return {
    exitCode: refused === undefined ? EXIT.done : ERRORS[refused.code].exitCode,
    sentence: refused?.message ?? scheduleSentence(traffic, rollout, chosen),
    advice: adviceOn(traffic, rollout, chosen),
    traffic,
    history: {
      hours: history.minutes.length / 60,
      minutesWithRequests: history.minutes.filter(({ requests }) => requests > 0).length,
      from: new Date(history.fromMs).toISOString(),
    },
    slow: history.data.slowThresholds,
    steps,
    quietMinutes: quietStep?.seesAfterMinutes,
    falseRollback: {
      comparison: rollout.alpha,
      alarms: alarmErrors(history, deployed, lasting),
      runs: FALSE_ALARM_RUNS,
    },
    release: releaseTasks(
      rollout,
      tasks,
      (share) => lasting.find((one) => one.share === share)?.minutes ?? 0,
    ),
    calls: {
      looks,
      pollSeconds,
      perLook: CALLS_PER_LOOK,
      series,
      usd: (series / 1000) * PRICES.metricsRead.usd,
      price: PRICES.metricsRead,
      region: PRICE_REGION,
    },
    lints: lintsOf(history, deployed),
    schedule: chosen.schedule,
    lintedHours: history.requests.length / 60,
    unknown: unknownOf(history, traffic, deployed, shared),
    refused,
  };
}

const sumOf = (steps: readonly { readonly minutes: number }[]) =>
  steps.reduce((sum, { minutes }) => sum + minutes, 0);

function refusal(steps: readonly StepPlan[]): PlanOutcome["refused"] {
  const blind = steps.filter(({ share, blindSpotAtDeadline }) => share < 100 && blindSpotAtDeadline > BLIND);
  if (blind.length === 0) return undefined;
  const words = blind.map(
    ({ share, blindSpotAtDeadline, candidatePerMinute, deadlineMinutes }) =>
      `${share} % (${whole(candidatePerMinute)} requests a minute): ${blindSpotAtDeadline >= 1 ? "nothing at all is seen" : `only ${percent(blindSpotAtDeadline)} failing requests are seen`} within ${deadlineMinutes} min`,
  );
  const { meaning, fix } = ERRORS.BG204;
  return { code: "BG204", message: `${meaning} ${words.join("; ")}.`, fix };
}

function lintsOf(history: History, { config }: Deployed): PlanOutcome["lints"] {
  return JUDGING_ALARM_KEYS.map((key) => {
    const lint = lintAlarm(key, alarmSpec(key), config.thresholds, history.alarms[key]);
    const { lastFired } = lint;
    const at = lastFired === undefined ? undefined : history.alarmsFromMs + (lastFired + 1) * MINUTE_MS;
    return { ...lint, lastFiredAt: at === undefined ? undefined : new Date(at).toISOString() };
  });
}

/** Of 200 releases of the past, how many each alarm on a rate would have rolled back without a fault. */
function alarmErrors(
  history: History,
  { config }: Deployed,
  schedule: readonly { readonly share: number; readonly minutes: number }[],
): Readonly<Record<string, number>> {
  if (history.requests.length === 0) return {};
  // One that clients can bring about rolls nobody back alone.
  const proving = RATE_ALARMS.filter(({ key }) => alarmSpec(key).proves);
  const errors = proving.map(({ key, kind: ofAlarm }) => {
    const minutes = history.requests.map((requests = 0, index): RatedMinute => ({
      requests,
      events: requests * (history.alarms[key][index] ?? 0),
    }));
    const ofKind = history.metrics.filter(({ kind }) => kind === ofAlarm);
    const dispersion = Math.max(1, ...ofKind.map((metric) => metric.dispersion.phi));
    const { thresholds, rollout } = config;
    const spec = alarmSpec(key);
    return [
      key,
      falseAlarms({ spec, thresholds, minutes, schedule, tolerance: rollout.tolerance, dispersion }),
    ];
  });
  return Object.fromEntries(errors);
}

function unknownOf(
  history: History,
  traffic: PlanOutcome["traffic"],
  { config }: Deployed,
  sharedFor: number,
): readonly string[] {
  const hours = history.minutes.length / 60;
  const { dispersion, errorRate, assumed } = traffic;
  const late = labelsTooLate(config.signals, sharedFor);
  return [
    hours < 24 ? `there are only ${hours.toFixed(1)} of the 24 hours that a plan likes to see` : "",
    assumed ? "traffic or error rate are assumed, not measured" : "",
    dispersion.assumed
      ? `how failures cluster: ${whole(dispersion.events)} events in ${dispersion.minutes} minutes are too few, φ ${dispersion.phi} is assumed`
      : "",
    errorRate === 0 ? "what ×2, ×5, ×10 are of an error rate of 0" : "",
    history.data.slowThresholds.length < 2
      ? "from when on an answer is slow: too few answers were timed, so some slowness will not be compared"
      : "",
    history.requests.length < 7 * 24 * 60
      ? `the thresholds' whole week: ${config.activeSlot} has ${(history.requests.length / 60).toFixed(1)} hours`
      : "",
    late === undefined ? "" : `what labels say: ${late}`,
  ].filter((note) => note !== "");
}
