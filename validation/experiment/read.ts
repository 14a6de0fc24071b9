import type { Experiment } from "../../contract/release/experiment.ts";
import type { Release } from "../../contract/release/release.ts";
import type { Signal } from "../../contract/signals/signal.ts";
import { otherSlot } from "../../contract/slot.ts";
import type { Count } from "../core/comparison/counts.ts";
import { lookAt, type Look } from "../core/experiment/conclusion.ts";
import { isCount, signalDispersion } from "../core/signals/compared.ts";
import type { SignalMinute, SignalSeries } from "../core/signals/series.ts";
import type { Context, Deployed } from "../ports.ts";
import { REQUEST_COUNT } from "../rollout/observe.ts";
import { placeOf } from "../rollout/place.ts";
import { readKept, type KeptPoints } from "../rollout/reading/kept-points.ts";
import { askSignals, signalSeries, type SignalsRead } from "../signals/read.ts";
import { withSilence } from "../signals/silent.ts";
import type { Arm, CountAt } from "../signals/metrics.ts";

const MINUTE_MS = 60_000;
/** CloudWatch may have a minute five minutes late and in parts; an experiment has the time to wait for twice that. */
const LATE_MS = 10 * MINUTE_MS;
/** Of the active slot before it: how its events cluster is taken from there, too. */
const HISTORY_MS = 24 * 60 * MINUTE_MS;

/** What an experiment says so far, or why it says nothing. */
export type ExperimentRead =
  | { readonly readable: true; readonly look: Look; readonly phi: number }
  | { readonly readable: false; readonly why: string };

export interface ReadExperiment {
  readonly experiment: Experiment;
  readonly release: Release;
  /** Since when the split is live, epoch ms. */
  readonly liveSinceMs: number;
}

/** Reads the signal of both slots from the begin of the split on, and looks at it. */
export async function readExperiment(
  context: Context,
  deployed: Deployed,
  { experiment, release, liveSinceMs }: ReadExperiment,
  points: KeptPoints = new Map(),
): Promise<ExperimentRead> {
  const signal = deployed.config.signals.find(({ name }) => name === experiment.signal);
  if (signal === undefined) return { readable: false, why: `signals names no ${experiment.signal} any more` };
  const series = await readSignal(context, deployed, signal, release, liveSinceMs, points);
  if (series.held !== undefined) return { readable: false, why: series.held };
  const minutes = series.minutes.filter(({ candidate, active }) => isCount(candidate) && isCount(active));
  const left = series.minutes.length - minutes.length;
  // Minutes are left out by what was read of them, so too many of them would choose the result.
  if (left > series.minutes.length / 100)
    return { readable: false, why: `${left} minutes have more events than there can be` };
  if (minutes.length > 0 && minutes.every(({ candidate, active }) => candidate.events + active.events === 0))
    return { readable: false, why: `no event was counted of either slot in ${minutes.length} minutes` };
  const sticky = deployed.config.service.stickinessSeconds > 0;
  const { phi } = signalDispersion(ofTheRarer(series), { sticky });
  const aim = { better: signal.better, smallestPoints: experiment.smallestPoints };
  return { readable: true, look: lookAt(minutes, aim, phi), phi };
}

async function readSignal(
  context: Context,
  deployed: Deployed,
  signal: Signal,
  release: Release,
  liveSinceMs: number,
  points: KeptPoints,
): Promise<SignalSeries> {
  const [candidate, active] = [release.slot, otherSlot(release.slot)];
  const sinceMs = Math.ceil(liveSinceMs / MINUTE_MS) * MINUTE_MS;
  const lastMs = Math.floor((context.clock.now() - LATE_MS) / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.max(sinceMs, lastMs);
  const alone: Deployed = { ...deployed, config: { ...deployed.config, signals: [signal] } };
  const places = {
    candidate: placeOf(deployed.outputs, candidate),
    active: placeOf(deployed.outputs, active),
  };
  const windows = [{ fromMs: sinceMs, toMs }];
  const historyFromMs = sinceMs - HISTORY_MS;
  const asked = { context, deployed: alone, candidate, active, windows, historyFromMs, sinceMs, toMs };
  const given: SignalsRead = { asked, tenths: new Map(), places };
  const { parts, others } = askSignals(given);
  const counted = (arm: Arm) => ({
    requests: [{ id: idOf(arm), queries: [REQUEST_COUNT], periodSeconds: 60, place: places[arm] }],
    // The active slot's day before is a denominator, too.
    fromMs: arm === "active" ? historyFromMs : sinceMs,
  });
  const all = [counted("candidate"), counted("active"), ...parts];
  const read = await readKept(context.metrics, points, all, toMs);
  const by = (arm: Arm) => new Map((read.get(idOf(arm)) ?? []).map(({ atMs, value }) => [atMs, value]));
  const requestsBy = { candidate: by("candidate"), active: by("active") };
  const requests: CountAt = (arm, atMs) => requestsBy[arm].get(atMs) ?? 0;
  // What tasks use is not what an experiment asks for (BG372), so nobody needs their number.
  const [series] = signalSeries(given, read, await others, { requests, healthy: () => 0 });
  if (series === undefined) throw new Error(`${signal.name} was not read`);
  return withSilence(series, asked, requests);
}

const idOf = (arm: Arm) => `${arm}_requests`;

/** How events cluster is seen on the rarer side of them: where nearly all convert, in those who do not. */
function ofTheRarer(series: SignalSeries): SignalSeries {
  const counts = [...series.history, ...series.minutes.map(({ active }) => active)];
  const sum = (of: (count: Count) => number) => counts.reduce((total, count) => total + of(count), 0);
  if (sum(({ events }) => events) <= sum(({ exposure }) => exposure) / 2) return series;
  const rest = ({ exposure, events }: Count): Count => ({ exposure, events: exposure - events });
  const flipped = (minute: SignalMinute): SignalMinute => ({ ...minute, active: rest(minute.active) });
  return { ...series, minutes: series.minutes.map(flipped), history: series.history.map(rest) };
}
