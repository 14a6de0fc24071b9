import { alarmSpec, type AlarmSpec } from "../../../contract/alarm-catalog.ts";
import { thresholdFields } from "../../../contract/sections.ts";
import { weighing, type ComparisonPolicy, type MetricKind } from "../../../validation/core/comparison/compare.ts";
import type { ArmCount, PairedMinute } from "../../../validation/core/comparison/counts.ts";
import { dispersionTracker } from "../../../validation/core/comparison/dispersion.ts";
import type { Counts } from "./arm.ts";
import type { Cell } from "./cell.ts";
import type { WorldMinute } from "./world.ts";

/** Our verdict under the shipped defaults: the comparison and, guarded, the absolute alarms. */
export interface OurVerdict {
  /** A minute of the active slot before the release. */
  learn(at: WorldMinute): void;
  /** A minute of the release. */
  see(at: WorldMinute): { readonly comparison: boolean; readonly alarms: boolean };
  /** φ of the failures, as it is known now. */
  phi(): number;
}

/** alpha and tolerance of the shipped defaults. */
export const SHIPPED: ComparisonPolicy = { alpha: 0.01, tolerance: 1.1, attempt: 1 };

interface Metric {
  readonly kind: MetricKind;
  readonly count: (counts: Counts) => ArmCount;
}

const answers = ({ requests, failed }: Counts) => requests - failed;
const METRICS: readonly Metric[] = [
  { kind: "failed", count: ({ requests, failed }) => ({ exposure: requests, events: failed }) },
  { kind: "slow", count: (counts) => ({ exposure: answers(counts), events: counts.slow90 }) },
  { kind: "slow", count: (counts) => ({ exposure: answers(counts), events: counts.slow99 }) },
];

export interface OurSettings {
  /** φ that is known instead of estimated, to see what estimating it costs. */
  readonly knownPhi?: number | undefined;
}

export function ourVerdict(cell: Cell, { knownPhi }: OurSettings = {}): OurVerdict {
  const { zones, historyMinutes, sticky } = cell;
  const trackers = METRICS.map(() => dispersionTracker({ zones, historyMinutes, sticky }));
  const phis = METRICS.map(() => knownPhi ?? 1);
  const evidence = weighing(
    METRICS.map(({ kind }, index) => ({ kind, phi: phis[index] ?? 1 })),
    SHIPPED,
  );
  const seen: PairedMinute[][] = METRICS.map(() => []);
  const candidateAlarms = absoluteAlarms();
  const activeAlarms = absoluteAlarms();

  const learn = (at: WorldMinute) => {
    if (knownPhi !== undefined) return;
    for (let index = 0; index < METRICS.length; index++) {
      const count = METRICS[index]?.count;
      if (count !== undefined) trackers[index]?.add(at.zones.map(count));
    }
  };
  /** A metric whose φ has changed is weighed anew, as the product does at each look. */
  const renew = (index: number) => {
    const phi = knownPhi ?? trackers[index]?.current().phi ?? 1;
    if (phi === phis[index]) return;
    phis[index] = phi;
    evidence.restart(index, phi);
    for (const minute of seen[index] ?? []) evidence.takeIn(index, minute);
  };

  return {
    learn,
    phi: () => phis[0] ?? 1,
    see(at) {
      learn(at);
      for (let index = 0; index < METRICS.length; index++) {
        const count = METRICS[index]?.count;
        if (count === undefined) continue;
        renew(index);
        const minute = { candidate: count(at.candidate), active: count(at.active) };
        seen[index]?.push(minute);
        evidence.takeIn(index, minute);
      }
      const candidate = candidateAlarms(at.candidate);
      const active = activeAlarms(at.active);
      const isBaselineFailing = active.some((inAlarm) => inAlarm);
      return {
        comparison: evidence.isEnough(),
        alarms: !isBaselineFailing && candidate.some((inAlarm) => inAlarm),
      };
    },
  };
}

const LIMITS = {
  maxErrorRate: thresholdFields.maxErrorRate.default,
  maxSlowRate: thresholdFields.maxSlowRate.default,
};
const MIN_REQUESTS = thresholdFields.minRequestsPerMinute.default;

/** The catalogue's alarms on rates: whether each is in ALARM after the minute. A slow answer here is one of 1 %. */
function absoluteAlarms(): (counts: Counts) => readonly boolean[] {
  const failures = mOfN(alarmSpec("error-rate"), LIMITS.maxErrorRate);
  const slowness = mOfN(alarmSpec("slow-rate"), LIMITS.maxSlowRate);
  return (counts) => [
    failures(counts.requests, counts.failed),
    slowness(answers(counts), counts.slow99),
  ];
}

function mOfN({ datapointsToAlarm, evaluationPeriods }: AlarmSpec, limit: number) {
  const breaching = new Uint8Array(evaluationPeriods);
  let minute = 0;
  return (requests: number, events: number): boolean => {
    breaching[minute % evaluationPeriods] = requests >= MIN_REQUESTS && events / requests > limit ? 1 : 0;
    minute += 1;
    return breaching.reduce((sum, one) => sum + one, 0) >= datapointsToAlarm;
  };
}
