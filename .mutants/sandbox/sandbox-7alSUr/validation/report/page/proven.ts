import type { MetricRecord } from "../../core/comparison/record.ts";
import { number, percent } from "../words.ts";
import { lastCompared, type LookComparison, type ReleaseStory } from "./story.ts";

/** What a step has shown of the candidate by its end. */
export interface ProvenStep {
  readonly share: number;
  /** What would have been rolled back, 4 times of 5; undefined: nobody was on the active slot to compare with. */
  readonly seen: string | undefined;
  /** `less than 2 times as often`; undefined: the policy asked for no proof here. */
  readonly proof: string | undefined;
  /** Per metric: the ratio's interval. */
  readonly ratios: readonly string[];
}

/** One entry a share, as the last look at it had it. */
export function proven({ looks }: ReleaseStory): readonly ProvenStep[] {
  const last = new Map<number, LookComparison>();
  for (const { comparison } of looks) if (comparison !== undefined) last.set(comparison.share, comparison);
  return [...last].map(([share, { blindSpot, proof, metrics }]) => ({
    share,
    seen: share >= 100 ? undefined : percent(Math.min(1, blindSpot)),
    proof:
      proof &&
      `${proof.evidence >= proof.needed ? "" : "not proven: "}fails less than ${number(proof.ratio)} times as often${proof.rate === undefined ? "" : `, or in less than ${percent(proof.rate)} of requests`} (${number(proof.evidence)} of ${number(proof.needed)})`,
    ratios: metrics.map((metric) => `${metric.name}: ${ratioWords(metric)}`),
  }));
}

function ratioWords({ ratio: { low, high }, candidate, active }: MetricRecord): string {
  if (candidate.events + active.events === 0) return "none on either slot";
  if (high === undefined) return low > 0 ? `${number(low)} times as often or more` : "nothing known yet";
  return `${number(low)} to ${number(high)} times as often`;
}

/** What nobody may read out of a promotion. */
export function notProven(story: ReleaseStory): readonly string[] {
  const { looks, waived, source, tests } = story;
  const comparison = lastCompared(story)?.comparison;
  const gates = looks.at(-1)?.gates ?? [];
  const named = (wanted: (gate: (typeof gates)[number]) => boolean) => [
    ...new Set(gates.filter(wanted).map(({ gate }) => gate)),
  ];
  const silent = named(({ answer, dryRun = false }) => answer.kind === "noAnswer" && !dryRun);
  const dry = named(({ dryRun = false }) => dryRun);
  const late = (comparison?.metrics ?? []).filter(
    ({ signal }) => signal?.definition.source?.from === "labels",
  );
  const assumed = (comparison?.metrics ?? []).filter(
    ({ dispersion, candidate, active }) => dispersion.assumed && candidate.events + active.events > 0,
  );
  const left = (comparison?.unreadable.length ?? 0) + (comparison?.unevenMinutes ?? 0);
  return [
    ...(source.whole ? [] : [`The begin of the release is not in this report. ${source.sentence}`]),
    ...(comparison === undefined ? ["The slots were not compared: the alarms alone have judged."] : []),
    "What shows only after the promotion: nobody is on the other slot to compare with since then.",
    ...late.map(
      ({ name }) =>
        `Labels of ${name} that came, or come, after the promotion: npx bluegreen status shows them.`,
    ),
    ...(silent.length === 0 ? [] : [`Gates that gave no answer at the end: ${silent.join(", ")}.`]),
    ...(dry.length === 0 ? [] : [`Gates that were only told (dry run): ${dry.join(", ")}.`]),
    ...(waived.length === 0
      ? []
      : [`Pre-traffic checks that did not pass and were waived: ${waived.join(", ")}.`]),
    ...(tests === undefined && waived.length === 0
      ? ["This report has no pre-traffic tests of the candidate."]
      : []),
    ...(assumed.length === 0
      ? []
      : [
          `How failures come in groups was assumed, not measured: ${assumed.map(({ name }) => name).join(", ")}.`,
        ]),
    ...(left === 0 ? [] : [`${left} minutes were left out of a comparison.`]),
  ];
}
