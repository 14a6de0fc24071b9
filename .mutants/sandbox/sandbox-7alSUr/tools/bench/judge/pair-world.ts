import type { MeasuredPoint, MeasureRequest, Metrics } from "../../../validation/measures.ts";
import type { ElbDimensions } from "../../../validation/judge/question.ts";
import { randomOf } from "../decision/random.ts";
import { harm, releaseWorld, type Harm } from "../decision/worlds/release-world.ts";
import type { SlotMinute } from "../decision/worlds/slot-minute.ts";
import { trafficOf, type TrafficMinute } from "../decision/worlds/traffic.ts";

const MINUTE_MS = 60_000;
const HISTORY_MINUTES = 1440;
/** A tool looks so long after a minute has ended. */
const LOOK_MS = 5_000;
const BORN_MS = Date.UTC(2026, 10, 1);

export const CANDIDATE: ElbDimensions = {
  LoadBalancer: "app/shop/50dc6c495c0c9188",
  TargetGroup: "targetgroup/fraud-new/6d0ecf831eec9f09",
};
export const ACTIVE: ElbDimensions = {
  LoadBalancer: "app/shop/50dc6c495c0c9188",
  TargetGroup: "targetgroup/fraud-old/73e2d6bc24d8a067",
};
export const WORLD_ZONES = ["eu-central-1a", "eu-central-1b"];

/** `unseen`: users come, and CloudWatch tells nothing of it; `unreadable`: it refuses every call. */
export type PairKind =
  | { readonly kind: "counted"; readonly harm: Harm | undefined }
  | { readonly kind: "unseen" | "nobody" | "unreadable" };

/** Two models behind a load balancer, and what CloudWatch says of them; its clock is a manual one. */
export interface PairWorld {
  readonly metrics: Metrics;
  readonly now: () => number;
  /** Minutes since the candidate could have users. */
  readonly minute: () => number;
  /** The next minute passes, with this share of the candidate in percent. */
  pass(share: number): void;
}

/** 600 requests a minute of which 0.5 % fail, as the bench of the decision has them; a day of the active model before. */
export function pairWorld(kind: PairKind, seed: number, run: number): PairWorld {
  const world = releaseWorld("judge");
  const traffic = trafficOf(world, {
    harm: kind.kind === "counted" ? kind.harm : undefined,
    random: randomOf(seed, run),
    fromMinute: -HISTORY_MINUTES,
  });
  const minutes: TrafficMinute[] = [];
  const pass = (share: number) => void minutes.push(traffic.next(share / 100));
  for (let minute = 0; minute < HISTORY_MINUTES; minute++) pass(0);
  return {
    now: () => BORN_MS + minutes.length * MINUTE_MS + LOOK_MS,
    minute: () => minutes.length - HISTORY_MINUTES,
    pass,
    metrics: {
      async read(requests, fromMs, toMs) {
        if (kind.kind === "unreadable") throw new Error("ThrottlingException: Rate exceeded");
        return new Map(
          requests.map((request) => [
            request.id,
            kind.kind === "unseen" ? [] : pointsOf(minutes, request, fromMs, toMs, kind.kind === "nobody"),
          ]),
        );
      },
    },
  };
}

function pointsOf(
  minutes: readonly TrafficMinute[],
  { queries, periodSeconds, place }: MeasureRequest,
  fromMs: number,
  toMs: number,
  isUnused: boolean,
): readonly MeasuredPoint[] {
  const query = queries.at(-1);
  if (query === undefined || !("metricName" in query)) throw new Error("the judge asks for single metrics");
  const isCandidate = place.targetGroupSuffix === CANDIDATE.TargetGroup;
  if (!isCandidate && place.targetGroupSuffix !== ACTIVE.TargetGroup) return [];
  if (isCandidate && isUnused) return [];
  const points: MeasuredPoint[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += periodSeconds * 1000) {
    const index = (atMs - BORN_MS) / MINUTE_MS;
    const some = minutes.slice(Math.max(0, index), Math.max(0, index + periodSeconds / 60));
    const slots = some.map(({ candidate, active, zones }) =>
      place.zone === undefined ? (isCandidate ? candidate : active) : zones[WORLD_ZONES.indexOf(place.zone)],
    );
    const values = slots.map((slot) =>
      slot === undefined ? 0 : measure(query.metricName, query.stat, slot),
    );
    const value = /^p\d/.test(query.stat) ? Math.max(...values) : values.reduce((sum, one) => sum + one, 0);
    // The load balancer reports no zeros, and no times of minutes without a request.
    if (value > 0) points.push({ atMs, value });
  }
  return points;
}

/** Times in seconds: nine of ten answers within 0.9, 99 of 100 within 0.99, the others long after both. */
function measure(metricName: string, stat: string, slot: SlotMinute): number {
  const { requests, failed, slow90, slow99, unanswered } = slot;
  switch (metricName) {
    case "RequestCount":
      return requests;
    case "HTTPCode_Target_2XX_Count":
      return requests - failed - unanswered;
    case "HTTPCode_Target_5XX_Count":
      return failed;
    case "TargetResponseTime": {
      if (stat === "SampleCount") return requests - unanswered;
      if (stat === "p90") return requests === 0 ? 0 : 0.9;
      if (stat === "p99") return requests === 0 ? 0 : 0.99;
      const [, seconds] = /^TC\(([\d.]+):\)$/.exec(stat) ?? [];
      // A quarter later is allowed of the candidate: 1.125 and 1.2375.
      return [0.9, 1.125].includes(Number(seconds)) ? slow90 : slow99;
    }
    default:
      return 0;
  }
}

/** What is wrong with the candidate, one after the other: failing with 20 %, five times as often, and hanging. */
const HARMS: readonly Harm[] = [harm(0.2), harm(0.025), harm(0.005, { hanging: 0.25 })];
const WITHOUT: readonly PairKind[] = [{ kind: "unseen" }, { kind: "nobody" }, { kind: "unreadable" }];

export type PairCase = "bad" | "good" | "without data";

export function kindOf(which: PairCase, run: number): PairKind {
  if (which === "without data") return WITHOUT[run % WITHOUT.length] ?? { kind: "unseen" };
  return { kind: "counted", harm: which === "bad" ? HARMS[run % HARMS.length] : undefined };
}
