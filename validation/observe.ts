import { ALARM_KEYS, alarmSpec, type AlarmQuery } from "../contract/alarm-catalog.ts";
import { otherSlot, SLOTS, type Slot } from "../contract/slot.ts";
import type { Split } from "../contract/split.ts";
import type { AlarmValues, Observation, Reading, SlotObservation } from "./core/observation.ts";
import type { Context, Deployed, MeasureRequest } from "./ports.ts";

const MINUTE_MS = 60_000;
export const REQUEST_COUNT: AlarmQuery = {
  id: "count",
  metricName: "RequestCount",
  stat: "Sum",
  scope: "targetGroup",
};
const NOT_ASKED = { readable: false, why: "not asked for" } as const;

/** What `read` gives, or why it could not be read: a failure to read is something seen, not an exception. */
export async function attempt<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { readable: true, value: await read() };
  } catch (error) {
    return { readable: false, why: messageOf(error) };
  }
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What is known before looking: who shares with whom, and since when. */
export interface Viewpoint {
  readonly split: Split;
  readonly candidate: Slot;
  /** Epoch milliseconds of the cloud's clock. */
  readonly liveSinceMs: number;
  readonly firstShare: boolean;
}

/** Reads everything that the gates look at: four calls to AWS. */
export async function observe(context: Context, deployed: Deployed, view: Viewpoint): Promise<Observation> {
  const { outputs } = deployed;
  const { split, candidate, liveSinceMs, firstShare } = view;
  const nowMs = context.clock.now();
  const running = SLOTS.map((slot) => outputs.slots[slot].running).filter((one) => one !== undefined);
  const service = outputs.slots[candidate].running?.serviceName;

  const [alarms, services, targets, measures] = await Promise.all([
    attempt(() => context.alarms.read(running.flatMap((slot) => Object.values(slot.alarms)))),
    attempt(() => context.services.read(outputs.clusterName, service === undefined ? [] : [service])),
    attempt(() => context.health.targets(outputs.slots[candidate].targetGroupArn)),
    attempt(() => readMeasures(context, deployed, candidate, liveSinceMs, nowMs)),
  ]);

  const base = (slot: Slot) => ({
    slot,
    share: split[slot],
    requested: outputs.slots[slot].running,
    alarms,
  });
  return {
    nowMs,
    liveSinceMs,
    firstShare,
    candidate: {
      ...base(candidate),
      targets,
      service: services.readable
        ? { readable: true, value: service === undefined ? undefined : services.value.get(service) }
        : services,
      requests: requestsOf(measures),
      values: valuesOf(measures),
    },
    active: {
      ...base(otherSlot(candidate)),
      targets: NOT_ASKED,
      service: NOT_ASKED,
      requests: NOT_ASKED,
      values: {},
    } satisfies SlotObservation,
  };
}

/**
 * Requests and the alarms' own measures in one call. Only complete minutes that lie wholly after the share:
 * CloudWatch's newest minute is partial, and the minute of the change belongs to both splits.
 */
async function readMeasures(
  context: Context,
  { outputs, config }: Deployed,
  slot: Slot,
  liveSinceMs: number,
  nowMs: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const fromMs = Math.ceil(liveSinceMs / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS;
  if (toMs <= fromMs) return new Map();
  const { loadBalancerSuffix, clusterName } = outputs;
  const { targetGroupSuffix, running } = outputs.slots[slot];
  const place = { loadBalancerSuffix, targetGroupSuffix, clusterName, serviceName: running?.serviceName };
  const ofAlarms = ALARM_KEYS.map((key): MeasureRequest => {
    const spec = alarmSpec(key);
    return { id: key, queries: spec.queries(config.thresholds), periodSeconds: spec.periodSeconds, place };
  });
  const requests = { id: "requests", queries: [REQUEST_COUNT], periodSeconds: 60, place };
  return context.metrics.read([requests, ...ofAlarms], fromMs, toMs);
}

type Measures = Reading<ReadonlyMap<string, readonly number[]>>;

function requestsOf(measures: Measures): Reading<readonly number[]> {
  return measures.readable ? { readable: true, value: measures.value.get("requests") ?? [] } : measures;
}

function valuesOf(measures: Measures): AlarmValues {
  if (!measures.readable) return {};
  return Object.fromEntries(ALARM_KEYS.map((key) => [key, measures.value.get(key) ?? []]));
}
