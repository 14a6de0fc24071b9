import { SIGNAL_DIMENSIONS, SIGNAL_NAMESPACE } from "../../../contract/signals/signal.ts";
import { isExternal, serviceOf } from "../../../contract/config/model-service.ts";
import type { Release } from "../../../contract/release/release.ts";
import type { Split } from "../../../contract/route/split.ts";
import { otherSlot, type Slot } from "../../../contract/slot.ts";
import type { Reading, ServiceReading } from "../../core/observation.ts";
import type { LiveShadow, ShadowCounts } from "../../core/signals/live-shadow.ts";
import type { MeasureRequest } from "../../measures.ts";
import type { Context, Deployed } from "../../ports.ts";
import { attempt } from "../../reading.ts";
import { signalPlace } from "../../signals/read.ts";
import type { MinuteRange } from "../../signals/sources/define.ts";
import { readKept, type KeptPoints } from "./kept-points.ts";
import { placeOf } from "../place.ts";

const MINUTE_MS = 60_000;

/** Whose shadow it is, and who has users. */
export interface ShadowView {
  readonly split: Split;
  readonly candidate: Slot;
  /** Since when the split is as it is, epoch ms of the cloud's clock. */
  readonly liveSinceMs: number;
}

/** As contract/signals/agent-counts.ts has them. */
const METRICS = {
  pairs: "ShadowPairs",
  disagreed: "ShadowDisagreed",
  selfDisagreed: "ShadowSelfDisagreed",
  bothDisagreed: "ShadowBothDisagreed",
  slower: "ShadowSlower",
  faster: "ShadowFaster",
  requests: "ShadowRequests",
  failed: "ShadowFailed",
  bothFailed: "ShadowBothFailed",
  sampled: "ShadowSampled",
  dropped: "ShadowDropped",
} as const satisfies Readonly<Record<Exclude<keyof ShadowCounts, "atMs">, string>>;

/**
 * What the active slot's agent counted of a candidate before its first user, in one call to AWS; undefined: nobody waits
 * for a shadow, or the candidate has had users.
 */
export async function readShadow(
  context: Context,
  deployed: Deployed,
  { candidate, split, liveSinceMs }: ShadowView,
  service: Reading<ServiceReading | undefined>,
  memory: { points?: KeptPoints },
): Promise<Reading<LiveShadow> | undefined> {
  const { config } = deployed;
  const { release, rollout, activeSlot } = config;
  const isBefore = release?.state === "deployed" && split[candidate] === 0 && candidate !== activeSlot;
  if (rollout.shadow === undefined || !isBefore) return undefined;
  const active = otherSlot(candidate);
  if (serviceOf(config, active).agent?.shadow === undefined)
    return { readable: true, value: { kind: "none" } };
  if (!service.readable) return service;
  const replacedMs = isExternal(config, candidate) ? testedSince(release) : replacedSince(service.value);
  if (replacedMs === undefined) return { readable: true, value: { kind: "deploying" } };
  const sinceMs = Math.ceil(Math.max(liveSinceMs, replacedMs) / MINUTE_MS) * MINUTE_MS;
  // A minute that is younger may not be whole.
  const settledMs = context.clock.now() - rollout.metricLagSeconds * 1000;
  const untilMs = Math.max(sinceMs, Math.floor(settledMs / MINUTE_MS) * MINUTE_MS);
  const points = (memory.points ??= new Map());
  return attempt(async () => {
    const minutes = await countsBetween(
      context,
      deployed,
      { active, fromMs: sinceMs, toMs: untilMs },
      points,
    );
    return { kind: "counted", sinceMs, untilMs, minutes } as const;
  });
}

/**
 * Since when the service's tasks are of its present deployment alone: before that, the agent may have asked the model that
 * was there before. ECS, service events: "(deployment …) deployment completed."; it keeps the newest ones, so where that
 * one is no longer among them all of them are later. undefined: it is not complete.
 */
function replacedSince(service: ServiceReading | undefined): number | undefined {
  if (service?.primary?.rolloutState !== "COMPLETED") return undefined;
  const completed = service.events.find(({ message }) => message.endsWith(" deployment completed."));
  return (completed ?? service.events.at(-1))?.atMs;
}

/**
 * The same of targets that something else registers, and of which nobody else tells: the pre-traffic tests have asked
 * them for their version. undefined: they have not.
 */
const testedSince = ({ tested }: Release): number | undefined => tested && Date.parse(tested.at);

async function countsBetween(
  { stack, metrics }: Context,
  deployed: Deployed,
  { active, fromMs, toMs }: { readonly active: Slot } & MinuteRange,
  kept: KeptPoints,
): Promise<readonly ShadowCounts[]> {
  const place = placeOf(deployed.outputs, active);
  const told = signalPlace(deployed, stack, active);
  const dimensions = { [SIGNAL_DIMENSIONS.stack]: told.stack, [SIGNAL_DIMENSIONS.slot]: active };
  const request = (metricName: string): MeasureRequest => ({
    id: `shadow_${metricName}`,
    queries: [{ id: "value", namespace: SIGNAL_NAMESPACE, metricName, stat: "Sum", dimensions }],
    periodSeconds: 60,
    place,
  });
  const parts = [{ requests: Object.values(METRICS).map(request), fromMs }];
  const read = await readKept(metrics, kept, parts, toMs);
  const by = new Map<string, ReadonlyMap<number, number>>(
    Object.values(METRICS).map((name) => {
      const points = read.get(`shadow_${name}`) ?? [];
      return [name, new Map(points.map(({ atMs, value }) => [atMs, value]))];
    }),
  );
  // Nothing of a metric in a minute: nothing was counted.
  const value = (name: string, atMs: number) => by.get(name)?.get(atMs) ?? 0;
  const at = [...new Set([...by.values()].flatMap((points) => [...points.keys()]))];
  return at
    .toSorted((a, b) => a - b)
    .map((atMs) => ({
      atMs,
      pairs: value(METRICS.pairs, atMs),
      disagreed: value(METRICS.disagreed, atMs),
      selfDisagreed: value(METRICS.selfDisagreed, atMs),
      bothDisagreed: value(METRICS.bothDisagreed, atMs),
      // A line of counts has all of a group: an agent that says nothing of it does not count it.
      slower: by.get(METRICS.slower)?.get(atMs),
      faster: by.get(METRICS.faster)?.get(atMs),
      requests: value(METRICS.requests, atMs),
      failed: value(METRICS.failed, atMs),
      bothFailed: value(METRICS.bothFailed, atMs),
      sampled: value(METRICS.sampled, atMs),
      dropped: value(METRICS.dropped, atMs),
    }));
}
