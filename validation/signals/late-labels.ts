import type { Signal } from "../../contract/signals/signal.ts";
import { otherSlot } from "../../contract/slot.ts";
import { compare } from "../core/comparison/compare.ts";
import { comparedSignals } from "../core/signals/compared.ts";
import { countsSentence } from "../gates/count-words.ts";
import { definition as labelSource } from "./sources/labels.ts";
import type { AskedPair } from "./sources/define.ts";
import { attempt } from "../reading.ts";
import type { Context, Deployed } from "../ports.ts";

/** What labels say of a release that is promoted already: they go on coming for the minutes in which both had users. */
export interface LateLabels {
  /** Its name in the stack's configuration. */
  readonly signal: string;
  /** What a person reads. */
  readonly sentence: string;
  /** Labels of the minutes in which both models had users, that are old enough. */
  readonly labels: number;
  /** It may still be so many times as often wrong; undefined: nothing is ruled out. */
  readonly atMostTimes: number | undefined;
  /** They show that the promoted model does more harm than tolerated. Nobody moves users by that but a person. */
  readonly isAgainst: boolean;
}

const MINUTE_MS = 60_000;
const HISTORY_MS = 24 * 60 * MINUTE_MS;

/** Of each signal that reads labels; none where nothing was promoted, or the pair is no longer what stands on the slots. */
export async function lateLabels(context: Context, deployed: Deployed): Promise<readonly LateLabels[]> {
  const { config } = deployed;
  const { release, activeSlot, signals } = config;
  const own = signals.filter(({ source }) => source.from === "labels");
  const isPromoted = release?.state === "promoted" && release.slot === activeSlot;
  const pair = isPromoted && own.length > 0 ? pairOf(context, deployed) : undefined;
  if (release === undefined || pair === undefined) return [];
  const version = config.slots[release.slot].modelVersion ?? release.id;
  const named = (signal: Signal) => (own.length === 1 ? "" : `${signal.name}: `);
  return Promise.all(
    own.map(async (signal): Promise<LateLabels> => {
      const { said, ...known } = await saidBy(signal, pair);
      return { signal: signal.name, sentence: `v${version} is promoted; ${named(signal)}${said}`, ...known };
    }),
  );
}

/** The promoted model and the one that it was compared with, when they shared users. */
function pairOf(context: Context, deployed: Deployed): AskedPair | undefined {
  const { release, slots } = deployed.config;
  const { compared, slot: candidate } = release ?? {};
  if (compared === undefined || candidate === undefined) return undefined;
  const active = otherSlot(candidate);
  if (slots[active].image !== compared.active) return undefined;
  const windows = compared.windows.flatMap(({ from, to }) => {
    const fromMs = Math.ceil(Date.parse(from) / MINUTE_MS) * MINUTE_MS;
    return to === undefined ? [] : [{ fromMs, toMs: Math.floor(Date.parse(to) / MINUTE_MS) * MINUTE_MS }];
  });
  const [first, last] = [windows[0], windows.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const { fromMs: sinceMs } = first;
  return {
    context,
    deployed,
    candidate,
    active,
    windows,
    sinceMs,
    historyFromMs: sinceMs - HISTORY_MS,
    toMs: Math.max(sinceMs, last.toMs),
  };
}

interface Said extends Pick<LateLabels, "labels" | "atMostTimes" | "isAgainst"> {
  readonly said: string;
}

async function saidBy(signal: Signal, pair: AskedPair): Promise<Said> {
  const say = (said: string, more: Partial<Said> = {}): Said => ({
    said,
    labels: 0,
    atMostTimes: undefined,
    isAgainst: false,
    ...more,
  });
  const read = await attempt(async () =>
    "series" in labelSource ? labelSource.series(signal, signal.source, pair) : undefined,
  );
  if (!read.readable || read.value === undefined) {
    return say(`its labels could not be read${read.readable ? "" : ` (${read.why})`}`);
  }
  const { rollout, service } = pair.deployed.config;
  const settings = {
    nowMs: pair.context.clock.now(),
    lagSeconds: 0,
    sticky: service.stickinessSeconds > 0,
  };
  const { alpha, tolerance } = rollout;
  const attemptNumber = pair.deployed.config.release?.compared?.attempt ?? 1;
  const { crossing, metrics } = compare(comparedSignals([read.value], settings), {
    alpha,
    tolerance,
    attempt: attemptNumber,
  });
  const [metric] = metrics;
  if (metric === undefined || metric.total.candidate.exposure + metric.total.active.exposure === 0) {
    return say("no label of the split is old enough so far");
  }
  const labels = Math.round(metric.total.candidate.exposure + metric.total.active.exposure);
  if (crossing !== undefined) {
    const counts = countsSentence(metric, pair.active);
    return say(`its labels speak against it: ${counts}`, { labels, isAgainst: true });
  }
  if (read.value.held !== undefined) return say(`its labels prove nothing: ${read.value.held}`, { labels });
  const { high } = metric.ratio;
  const atMostTimes = high === undefined ? undefined : Number(high.toPrecision(2));
  return say(boundWords(labels, atMostTimes, signal), { labels, atMostTimes });
}

/** "3,912 labels of the split so far; it may still be up to 1.2 times as often wrong". */
function boundWords(labels: number, atMostTimes: number | undefined, { kind }: Signal): string {
  const wrong = kind === "losses" ? "as wrong" : "as often wrong";
  const bound =
    atMostTimes === undefined
      ? "they rule nothing out yet"
      : `it may still be up to ${atMostTimes} times ${wrong}`;
  return `${labels.toLocaleString("en-US")} labels of the split so far; ${bound}`;
}

/** What a verb adds to its sentence: nothing moves users by it after a promotion but a person. */
export const lateLabelWords = (all: readonly LateLabels[]): readonly string[] =>
  all.map(({ sentence, isAgainst }) =>
    isAgainst ? `${sentence}; to have the users back: npx bluegreen revert` : sentence,
  );
