import { toldStack } from "../../contract/config/told.ts";
import type { SignalPlace } from "../../contract/signals/place.ts";
import type { Signal } from "../../contract/signals/signal.ts";
import type { Slot } from "../../contract/slot.ts";
import type { SignalSeries } from "../core/signals/series.ts";
import type { SlotMetrics } from "../measures.ts";
import type { Deployed } from "../ports.ts";
import { attempt } from "../reading.ts";
import type { Part } from "../rollout/reading/kept-points.ts";
import {
  requestOf,
  seriesOfMetrics,
  wantedOf,
  type Arm,
  type BalancerCounts,
  type MetricsSignal,
  type ReadPoints,
} from "./metrics.ts";
import { ALL_SIGNAL_SOURCES } from "./sources/all.ts";
import { emptySeries, TASKS, type AskedPair, type SignalMetrics } from "./sources/define.ts";
import type { Tenths } from "./tenths.ts";
import { seriesOfUsage } from "./usage.ts";

export interface AskedSignals {
  /** What CloudWatch is asked, together with everything else. */
  readonly parts: readonly Part[];
  /** What everybody else is asked, begun already; never rejects. */
  readonly others: Promise<ReadonlyMap<Signal, SignalSeries>>;
}

/** The two metrics of a signal on a slot; undefined: it is not read of metrics. */
export function metricsAt(signal: Signal, place: SignalPlace): SignalMetrics | undefined {
  const { source } = signal;
  const definition = definitionOf(signal);
  return "metrics" in definition ? definition.metrics(source, place) : undefined;
}

function definitionOf({ source: { from } }: Signal) {
  const definition = ALL_SIGNAL_SOURCES.find((one) => one.from === from);
  if (definition === undefined) throw new Error(`validation/signals/sources has no ${from}`);
  return definition;
}

/** What `{slot}` and the other words stand for: a stack that was renamed keeps what its containers are told. */
export function signalPlace(
  { outputs: { names, slots, loadBalancerSuffix, clusterName } }: Pick<Deployed, "outputs">,
  stack: string,
  slot: Slot,
): SignalPlace {
  const { targetGroupSuffix: targetGroup, running } = slots[slot];
  return {
    slot,
    stack: names === undefined ? stack : toldStack(names),
    targetGroup,
    loadBalancer: loadBalancerSuffix,
    clusterName,
    serviceName: running?.serviceName,
  };
}

export interface SignalsRead {
  readonly asked: AskedPair;
  /** By name of the signal. */
  readonly tenths: ReadonlyMap<string, Tenths>;
  readonly places: Readonly<Record<Arm, SlotMetrics>>;
}

const ofMetrics = ({ asked, tenths }: SignalsRead): readonly MetricsSignal[] =>
  asked.deployed.config.signals.flatMap((signal): MetricsSignal[] => {
    const at = (slot: Slot) => metricsAt(signal, signalPlace(asked.deployed, asked.context.stack, slot));
    const [candidate, active] = [at(asked.candidate), at(asked.active)];
    if (candidate === undefined || active === undefined) return [];
    return [{ signal, of: { candidate, active }, tenths: tenths.get(signal.name) }];
  });

/** Begins to read the signals of a pair of slots. */
export function askSignals(given: SignalsRead): AskedSignals {
  const { asked, places } = given;
  const byId = new Map<string, Part>();
  for (const wanted of ofMetrics(given).flatMap(wantedOf)) {
    const request = requestOf(wanted, places[wanted.arm]);
    const fromMs = wanted.arm === "active" && wanted.withHistory ? asked.historyFromMs : asked.sinceMs;
    const known = byId.get(request.id);
    if (known === undefined || fromMs < known.fromMs) byId.set(request.id, { requests: [request], fromMs });
  }
  return { parts: [...byId.values()], others: readOthers(asked) };
}

async function readOthers(asked: AskedPair): Promise<ReadonlyMap<Signal, SignalSeries>> {
  const found = await Promise.all(
    asked.deployed.config.signals.map(
      async (signal): Promise<readonly (readonly [Signal, SignalSeries])[]> => {
        const definition = definitionOf(signal);
        if ("metrics" in definition) return [];
        const read = await attempt(() => definition.series(signal, signal.source, asked));
        const series = read.readable ? read.value : emptySeries(signal, read.why);
        return [[signal, series]];
      },
    ),
  );
  return new Map(found.flat());
}

/** The series of all signals, in the order of the configuration, from everything that was read. */
export function signalSeries(
  given: SignalsRead,
  read: ReadPoints,
  others: ReadonlyMap<Signal, SignalSeries>,
  balancer: BalancerCounts,
): readonly SignalSeries[] {
  const { asked } = given;
  const metrics = new Map(ofMetrics(given).map((one) => [one.signal, one]));
  const ofMetric = (one: MetricsSignal) =>
    one.of.active.denominator === TASKS
      ? seriesOfUsage(one, read, asked, balancer)
      : seriesOfMetrics(one, read, asked, balancer.requests);
  return asked.deployed.config.signals.map((signal) => {
    const one = metrics.get(signal);
    const series = one === undefined ? others.get(signal) : ofMetric(one);
    if (series === undefined) throw new Error(`${signal.name} was not read`);
    return series;
  });
}
