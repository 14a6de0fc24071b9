import {
  JUDGING_ALARM_KEYS,
  alarmRangeMs,
  alarmSpec,
  type AlarmQuery,
} from "../../contract/alarms/alarm-catalog.ts";
import { ownAlarmOf } from "../../contract/config/own-alarm.ts";
import type { Compared } from "../../contract/release/compared.ts";
import { otherSlot, SLOTS, type Slot } from "../../contract/slot.ts";
import type { Split } from "../../contract/route/split.ts";
import { placeOf, readComparison, type ComparisonMemory } from "./reading/read-counts.ts";
import { remembered, type ComparisonData, type EarlierReads } from "../core/comparison/data.ts";
import type { AlarmValues, Observation, Reading, SlotObservation } from "../core/observation.ts";
import { attempt } from "../reading.ts";
import { readKept, type KeptPoints } from "./reading/kept-points.ts";
import { cohortRequests, cohortSeen } from "./reading/read-cohort.ts";
import { readShadow } from "./reading/read-shadow.ts";
import type { PlannedRelease } from "../core/planning/words.ts";
import type { MeasuredPoint, MeasureQuery, MeasureRequest } from "../measures.ts";
import type { Context, Deployed } from "../ports.ts";

const MINUTE_MS = 60_000;
/** Alarms that count no requests. */
const UNCOUNTED = JUDGING_ALARM_KEYS.filter((key) => alarmSpec(key).rate === undefined);
export const REQUEST_COUNT: AlarmQuery = {
  id: "count",
  metricName: "RequestCount",
  stat: "Sum",
  scope: "targetGroup",
};
const NOT_ASKED = { readable: false, why: "not asked for" } as const;

/** What is known before looking: who shares with whom, and since when. */
export interface Viewpoint {
  readonly split: Split;
  readonly candidate: Slot;
  /** Epoch milliseconds of the cloud's clock. */
  readonly liveSinceMs: number;
  /** When the share was asked for. */
  readonly askedMs: number;
  readonly firstShare: boolean;
  /** How often the candidate has had this share in this release, this time included; from 1. */
  readonly visits: number;
  /** When the two models have shared users; undefined: they have not. */
  readonly compared: Compared | undefined;
  /** Which cohort has the candidate before any user; undefined: none. */
  readonly cohort?: string | undefined;
}

/** What a process that looks more than once remembers from its last check; begins empty. */
export interface CheckMemory extends ComparisonMemory {
  reads?: EarlierReads;
  /** What was read of the release's experiment. */
  experimentPoints?: KeptPoints;
  /** What this process planned for the release, before that is written down. */
  planned?: PlannedRelease;
}

/**
 * Reads everything that the gates look at: seven calls to AWS, the route not counted, and five from the second check of
 * a process on. More only for what is throttled, or too long for one answer: GetMetricData gives 100,800 values at a
 * time (CloudWatch API), and one for a shadow before the first user.
 */
export async function observe(
  context: Context,
  deployed: Deployed,
  view: Viewpoint,
  memory: CheckMemory,
): Promise<Seen> {
  const { outputs } = deployed;
  const { split, candidate, liveSinceMs, askedMs, firstShare } = view;
  const nowMs = context.clock.now();
  const service = outputs.slots[candidate].running?.serviceName;

  const [alarms, services, targets, { measures, recent, counts }] = await Promise.all([
    attempt(() => context.alarms.read(alarmNames(deployed))),
    attempt(() => context.services.read(outputs.clusterName, service === undefined ? [] : [service])),
    attempt(() => context.health.targets(outputs.slots[candidate].targetGroupArn)),
    readCounts(context, deployed, view, memory),
  ]);

  // Nobody else's tasks are asked for while the candidate has any: whoever has none may share that with the active slot.
  const ofActive =
    targets.readable && targets.value.healthy === 0
      ? await attempt(() => context.health.targets(outputs.slots[otherSlot(candidate)].targetGroupArn))
      : NOT_ASKED;
  const ofCandidate = services.readable
    ? ({ readable: true, value: service === undefined ? undefined : services.value.get(service) } as const)
    : services;
  const shadow = await readShadow(context, deployed, view, ofCandidate, memory);

  const base = (slot: Slot) => ({
    slot,
    share: split[slot],
    requested: outputs.slots[slot].running,
    alarms,
  });
  return {
    nowMs,
    liveSinceMs,
    askedMs,
    firstShare,
    counts,
    shadow,
    refused: view.compared?.refused,
    cohort: view.cohort === undefined ? undefined : cohortSeen(view.cohort, candidate, deployed, measures),
    candidate: {
      ...base(candidate),
      targets,
      service: ofCandidate,
      requests: requestsOf(measures),
      values: valuesOf(measures),
      recent: recent.candidate,
    },
    active: {
      ...base(otherSlot(candidate)),
      targets: ofActive,
      service: NOT_ASKED,
      requests: NOT_ASKED,
      values: {},
      recent: recent.active,
    } satisfies SlotObservation,
  };
}

/** The stack's alarms of both slots, and those of `rollout.alarms`; each once. */
function alarmNames({ outputs, config }: Deployed): readonly string[] {
  const ofStack = SLOTS.flatMap((slot) => Object.values(outputs.slots[slot].running?.alarms ?? {}));
  const own = config.rollout.alarms.flatMap((name) => SLOTS.map((slot) => ownAlarmOf(name, slot)));
  return [...new Set([...ofStack, ...own])];
}

type Measures = Reading<ReadonlyMap<string, readonly number[]>>;

/** The counts of a pair of models, and what earlier checks of this process have read of them. */
export interface PairCounts {
  readonly data: ComparisonData;
  readonly earlier: EarlierReads;
}

/** What was read, not judged yet. */
export interface Seen extends Omit<Observation, "comparison"> {
  /** Of the pair of models; undefined: they have not shared users yet. */
  readonly counts: Reading<PairCounts> | undefined;
}

interface ReadCounts extends Pick<Seen, "counts"> {
  readonly measures: Measures;
  readonly recent: Readonly<Record<"candidate" | "active", SlotObservation["recent"]>>;
}

/** The alarms' own measures, and the counts of the pair once they have shared users. */
async function readCounts(
  context: Context,
  deployed: Deployed,
  view: Viewpoint,
  memory: CheckMemory,
): Promise<ReadCounts> {
  const { candidate, liveSinceMs, compared, cohort } = view;
  const toMs = Math.floor(context.clock.now() / MINUTE_MS) * MINUTE_MS;
  // Only complete minutes that lie wholly after the share: the minute of the change belongs to both splits.
  const fromMs = Math.ceil(liveSinceMs / MINUTE_MS) * MINUTE_MS;
  const requests = [
    ...measureRequests(deployed, candidate),
    ...activeRequests(deployed, otherSlot(candidate)),
    ...(cohort === undefined ? [] : cohortRequests(deployed, candidate)),
  ];
  if (compared === undefined) {
    const points = (memory.points ??= new Map());
    const read = await attempt(() => readKept(context.metrics, points, [{ requests, fromMs }], toMs));
    return { measures: valuesSince(read, fromMs), recent: recentOf(read, toMs), counts: undefined };
  }
  const read = await attempt(() => readComparison(context, deployed, candidate, compared, memory, requests));
  if (!read.readable) return { measures: read, recent: recentOf(read, toMs), counts: read };
  const { data, others } = read.value;
  const earlier = remembered(data.minutes, context.clock.now(), memory.reads);
  memory.reads = earlier;
  const points = { readable: true, value: others } as const;
  return {
    measures: valuesSince(points, fromMs),
    recent: recentOf(points, toMs),
    counts: { readable: true, value: { data, earlier } },
  };
}

/** Requests, and the alarms' own measures, of one slot. */
export function measureRequests({ outputs, config }: Deployed, slot: Slot): readonly MeasureRequest[] {
  const place = placeOf(outputs, slot);
  const ofAlarms = JUDGING_ALARM_KEYS.flatMap((key): MeasureRequest[] => {
    const { queries: queriesOf, periodSeconds } = alarmSpec(key);
    const queries = queriesOf(config.thresholds);
    // A slot without a service has no such metrics, and CloudWatch refuses a whole call for one name that is empty.
    const isMeasured = place.serviceName !== undefined || !queries.some(isOnService);
    return isMeasured ? [{ id: key, queries, periodSeconds, place }] : [];
  });
  return [{ id: "requests", queries: [REQUEST_COUNT], periodSeconds: 60, place }, ...ofAlarms];
}

const ACTIVE_PREFIX = "active-";

/** The same of the active slot, of alarms that count no requests; what others measure of it the comparison reads. */
export const activeRequests = (deployed: Deployed, active: Slot): readonly MeasureRequest[] =>
  measureRequests(deployed, active)
    .filter(({ id }) => UNCOUNTED.some((key) => key === id))
    .map((request) => ({ ...request, id: `${ACTIVE_PREFIX}${request.id}` }));

export const isOnService = (query: MeasureQuery) => "scope" in query && query.scope === "service";

type Points = Reading<ReadonlyMap<string, readonly MeasuredPoint[]>>;

function recentOf(read: Points, toMs: number): ReadCounts["recent"] {
  if (!read.readable) return { candidate: undefined, active: undefined };
  const of = (prefix: string) =>
    Object.fromEntries(
      UNCOUNTED.flatMap((key) => {
        const points = read.value.get(`${prefix}${key}`);
        const sinceMs = toMs - alarmRangeMs(alarmSpec(key));
        return points === undefined ? [] : [[key, points.filter(({ atMs }) => atMs >= sinceMs)]];
      }),
    );
  return { candidate: of(""), active: of(ACTIVE_PREFIX) };
}

function valuesSince(read: Points, fromMs: number): Measures {
  if (!read.readable) return read;
  const entries = [...read.value].map(([id, points]) => {
    const values = points.filter(({ atMs }) => atMs >= fromMs).map(({ value }) => value);
    return [id, values] as const;
  });
  return { readable: true, value: new Map(entries) };
}

function requestsOf(measures: Measures): Reading<readonly number[]> {
  return measures.readable ? { readable: true, value: measures.value.get("requests") ?? [] } : measures;
}

function valuesOf(measures: Measures): AlarmValues {
  if (!measures.readable) return {};
  return Object.fromEntries(JUDGING_ALARM_KEYS.map((key) => [key, measures.value.get(key) ?? []]));
}
