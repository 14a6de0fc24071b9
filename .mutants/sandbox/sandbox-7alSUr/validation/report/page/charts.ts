import { otherSlot } from "../../../contract/slot.ts";
import type { TimedMinute } from "../../core/comparison/compared.ts";
import { totalOf } from "../../core/comparison/counts.ts";
import type { CountsRecord } from "../../core/comparison/record.ts";
import { number, percent, whole } from "../words.ts";
import { releaseMinutes } from "./affected.ts";
import { endOf, type ReleaseStory } from "./story.ts";
import { markersOf } from "./markers.ts";
import { chart, type ChartLine, type ChartSpec, type TimeFrame } from "./svg/chart.ts";
import type { Html } from "./html.ts";

/** More points than this are no more to see. */
const MOST_POINTS = 240;
const MOST_METRICS = 12;

/** Both slots side by side, then what the evidence made of it. */
export function chartsOf(story: ReleaseStory): readonly Html[] {
  const frame = frameOf(story);
  const failed = story.counts.find(({ kind }) => kind === "failed");
  const specs: readonly (ChartSpec | undefined)[] = [
    ...(failed === undefined || releaseMinutes(failed, story.began).length === 0
      ? []
      : [requestsChart(story, failed)]),
    ...story.counts.slice(0, MOST_METRICS).map((counts) => rateChart(story, counts)),
    evidenceChart(story),
    blindnessChart(story),
  ];
  return specs.flatMap((spec) => (spec === undefined ? [] : [chart(spec, frame)]));
}

function frameOf(story: ReleaseStory): TimeFrame {
  const minutes = story.counts.flatMap((counts) => releaseMinutes(counts, story.began).slice(0, 1));
  const looked = Date.parse(story.looks[0]?.at ?? story.began);
  const fromMs = minutes.reduce((first, { atMs }) => Math.min(first, atMs), looked);
  return { fromMs, toMs: Date.parse(endOf(story)), markers: markersOf(story) };
}

const roleLabels = ({ slot }: ReleaseStory) => ({
  candidate: `${slot} (candidate)`,
  active: `${otherSlot(slot)} (active slot)`,
});

/** Both slots' lines: the candidate's solid, the active slot's dashed. */
function bothLines(
  story: ReleaseStory,
  minutes: readonly TimedMinute[],
  value: (minute: TimedMinute, arm: "candidate" | "active") => number | undefined,
): readonly ChartLine[] {
  const labels = roleLabels(story);
  return (["active", "candidate"] as const).map((arm) => ({
    label: labels[arm],
    style: { slot: arm === "candidate" ? story.slot : otherSlot(story.slot), dashed: arm === "active" },
    points: minutes.map((minute) => [minute.atMs, value(minute, arm)] as const),
  }));
}

function requestsChart(story: ReleaseStory, failed: CountsRecord): ChartSpec {
  const minutes = releaseMinutes(failed, story.began);
  const blocks = inBlocks(minutes);
  const { candidate, active } = totalOf(minutes);
  return {
    title: "Requests a minute",
    summary: `Requests a minute of both slots. Together: candidate ${whole(candidate.exposure)}, active slot ${whole(active.exposure)}.`,
    lines: bothLines(story, blocks.minutes, (minute, arm) => minute[arm].exposure / blocks.size),
    show: number,
    y: { kind: "linear", least: 4 },
  };
}

function rateChart(story: ReleaseStory, counts: CountsRecord): ChartSpec | undefined {
  const minutes = releaseMinutes(counts, story.began);
  const { candidate, active } = totalOf(minutes);
  if (candidate.exposure + active.exposure === 0) return undefined;
  const { name, signal } = counts;
  const rate = ({ events, exposure }: { readonly events: number; readonly exposure: number }) =>
    exposure > 0 ? events / exposure : undefined;
  const said = (count: typeof candidate) => {
    const value = rate(count);
    return value === undefined ? "no data" : percent(value);
  };
  const held = signal?.held === undefined ? "" : ` (not judged: ${signal.held})`;
  return {
    title: `${titleOf(counts)}${held}`,
    summary: `${name}, minute by minute, of both slots. Together: candidate ${said(candidate)}, active slot ${said(active)}.`,
    lines: bothLines(story, inBlocks(minutes).minutes, (minute, arm) => rate(minute[arm])),
    show: percent,
    y: { kind: "linear", most: 1, least: 0.01 },
  };
}

function titleOf({ name, kind }: CountsRecord): string {
  if (kind === "failed") return "Failed, part of the requests";
  if (kind === "slow") return `Late (${name}), part of the answers`;
  return name;
}

/** The part that each metric has in the evidence of harm, on the scale on which evidence grows evenly. */
function evidenceChart({ looks }: ReleaseStory): ChartSpec | undefined {
  const compared = looks.flatMap(({ at, comparison }) =>
    comparison ? [{ ms: Date.parse(at), comparison }] : [],
  );
  const last = compared.at(-1)?.comparison;
  if (last === undefined) return undefined;
  const names = last.metrics.filter(({ signal }) => signal?.alone === undefined).map(({ name }) => name);
  const points = (value: (one: (typeof compared)[number]["comparison"]) => number | undefined) =>
    thinned(compared).map(({ ms, comparison }) => [ms, value(comparison)] as const);
  const each = names.slice(0, MOST_METRICS).map((name, at): ChartLine => ({
    label: name,
    style: { nth: at + 1 },
    points: points(({ metrics }) => metrics.find((one) => one.name === name)?.contribution),
  }));
  const all = compared.map(({ comparison }) => comparison.evidence);
  const top = all.reduce((a, b) => Math.max(a, b), last.needed);
  return {
    title: "Evidence of harm (e-value), each metric's part and all together",
    summary: `The evidence that the candidate is worse. At the end ${evidenceWords(last.evidence)}; ${number(last.needed)} roll it back.`,
    lines: [
      ...each,
      { label: "all together", style: { nth: 0 }, points: points(({ evidence }) => evidence) },
    ],
    show: (value) =>
      value >= 1e6 || value < 0.001 ? value.toExponential(0) : String(Number(value.toPrecision(1))),
    y: { kind: "log", low: 0.01, high: Math.min(top * 3, 1e30) },
    threshold: { value: last.needed, label: `${number(last.needed)}: rolled back` },
  };
}

/** Evidence as people read it: a number with fourteen digits says no more than this. */
export const evidenceWords = (value: number): string => (value >= 1e6 ? "over a million" : number(value));

function blindnessChart({ looks }: ReleaseStory): ChartSpec | undefined {
  const compared = thinned(
    looks.flatMap(({ at, comparison }) =>
      comparison !== undefined && comparison.share > 0 && comparison.share < 100
        ? [{ ms: Date.parse(at), comparison }]
        : [],
    ),
  );
  const last = compared.at(-1)?.comparison;
  if (last === undefined) return undefined;
  const spots = compared.map(({ comparison }) => comparison.blindSpot);
  const low = spots.reduce((a, b) => Math.min(a, b), last.maxBlindSpot);
  return {
    title: "Smallest failure rate that would have been seen (4 times of 5)",
    summary: `A candidate that failed at least this part of its requests would have been rolled back by then. At the end of the present step: ${percent(last.blindSpot)}. Wanted: ${percent(last.maxBlindSpot)}.`,
    lines: [
      {
        label: "what fails less, below the line, can pass unseen",
        style: { nth: 0 },
        filled: true,
        // Each step begins blind: what the one before has seen is no part of its line.
        points: compared.flatMap(({ ms, comparison: { blindSpot, share } }, at): ChartLine["points"] => {
          const isNew = at > 0 && compared[at - 1]?.comparison.share !== share;
          return [...(isNew ? [[ms, undefined] as const] : []), [ms, blindSpot]];
        }),
      },
    ],
    show: percent,
    y: { kind: "log", low: Math.max(low, 1e-6), high: 1 },
    threshold: { value: last.maxBlindSpot, label: `${percent(last.maxBlindSpot)} wanted` },
  };
}

/** Every so manieth, and the last. */
function thinned<T>(all: readonly T[]): readonly T[] {
  const every = Math.max(1, Math.ceil(all.length / MOST_POINTS));
  return all.filter((_, at) => at % every === 0 || at === all.length - 1);
}

/** Neighbouring minutes together, where there are more than can be drawn. */
function inBlocks(minutes: readonly TimedMinute[]) {
  const size = Math.max(1, Math.ceil(minutes.length / MOST_POINTS));
  const blocks = Array.from({ length: Math.ceil(minutes.length / size) }, (_, at) => {
    const some = minutes.slice(at * size, (at + 1) * size);
    return { ...totalOf(some), atMs: some[0]?.atMs ?? 0 };
  });
  return { size, minutes: blocks };
}
