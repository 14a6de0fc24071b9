import { cohortInStep } from "../../contract/cohorts/in-step.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { ANSWER_CLASSES, type PairedAnswers } from "../core/comparison/answers.ts";
import type { ComparisonRecord, MetricRecord } from "../core/comparison/record.ts";
import { isDoubt } from "../core/assessment.ts";
import { waivedWords } from "../core/tested.ts";
import type { EvidenceRecord } from "./evidence.ts";
import { nextSteps } from "./next-steps.ts";
import { clockTime, columns, dateTime, number, paragraph, percent, sureWords, whole } from "./words.ts";

const MARGIN = 11;

/** What a person on call needs, in the order in which it is needed: decided, why, the numbers, how sure, what now. */
export function explanation(record: EvidenceRecord): string {
  const { comparison, release } = record;
  const waived = release && waivedWords(release);
  const slots = release && { candidate: release.slot, active: otherSlot(release.slot) };
  return [
    ...headline(record),
    "",
    ...paragraph("Why", why(record, slots), MARGIN),
    ...(comparison && slots ? ["", ...table(comparison, slots), ""] : [""]),
    ...(comparison && slots ? paragraph("How sure", howSure(comparison, slots), MARGIN) : []),
    ...paragraph("Not seen", notSeen(comparison, slots), MARGIN),
    ...paragraph("Gates", gates(record), MARGIN),
    ...(waived === undefined ? [] : paragraph("Tests", `${waived}.`, MARGIN)),
    ...nextSteps(record).flatMap((line, index) => paragraph(index === 0 ? "Next" : "", line, MARGIN)),
  ].join("\n");
}

export interface Slots {
  readonly candidate: Slot;
  readonly active: Slot;
}

const HEADLINES: Readonly<Record<string, string>> = {
  rollback: "ROLLED BACK",
  retreat: "USERS BACK, TRIED AGAIN",
  advance: "MORE USERS",
  promote: "PROMOTED",
  hold: "WAITS",
  insufficient: "WAITS",
  ended: "ENDED BEFORE",
  none: "NOTHING DECIDED",
};

function headline({ verdict, expired, comparison, split, stack, at, ...rest }: EvidenceRecord): string[] {
  const { release, model: brought } = rest;
  const cohort = cohortInStep(release);
  const word =
    cohort !== undefined && verdict === "advance"
      ? "A COHORT FIRST"
      : ((Object.hasOwn(HEADLINES, verdict) ? HEADLINES[verdict] : undefined) ?? verdict);
  const now = release && split?.[release.slot];
  const share = comparison?.share ?? now;
  const moved =
    verdict === "rollback" || verdict === "retreat" ? `from ${share} %` : `from ${share} % to ${now} %`;
  const ofShare = share === now || share === undefined ? `at ${now ?? "?"} %` : moved;
  const where = cohort === undefined ? ofShare : `with cohort ${cohort.name}`;
  const who = release === undefined ? "no release" : `${release.slot}, ${where}`;
  const late = expired ? ", and its deadline has passed" : "";
  const version = brought?.modelVersion === undefined ? "" : ` · version ${brought.modelVersion}`;
  const model = release === undefined ? [] : [`${shortened(release.digest)}${version} · ${release.id}`];
  return [`${word}: ${who}${late}`, ...model, `${stack} · ${dateTime(Date.parse(at))}`];
}

/** An image reference with the beginning of its digest, which tells it from the others of a stack. */
const shortened = (image: string) => image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, "$1…");

const worst = (metrics: readonly MetricRecord[]) =>
  metrics.reduce<MetricRecord | undefined>(
    (a, b) => (a === undefined || b.contribution > a.contribution ? b : a),
    undefined,
  );

/** The one number that decided: of the comparison in words of its own, otherwise what the first gate said. */
function why({ verdict, reasons, sentence, comparison }: EvidenceRecord, slots: Slots | undefined): string {
  const crossing = comparison?.crossing;
  const metrics = comparison?.metrics ?? [];
  const metric = metrics.find(({ name }) => name === crossing?.name) ?? worst(metrics);
  // Of a signal the gate says which segment it is, and what its events are counted among.
  const byComparison = verdict === "rollback" && crossing !== undefined && metric?.signal === undefined;
  if (byComparison && metric && slots) {
    const others = reasons.length > 1 ? ` Also: ${reasons.slice(1, 3).join("; ")}.` : "";
    return `${harm(metric, slots)}${others}`;
  }
  const [first, ...others] = reasons;
  if (first === undefined) return sentence;
  const more = others.length > 2 ? `; and ${others.length - 2} more` : "";
  return [first, ...others.slice(0, 2)].join("; ") + more;
}

const EVENTS: Readonly<Record<MetricRecord["kind"], (name: string) => string>> = {
  failed: () => "failed",
  slow: (name) => `were slow (${name.replace("slow-", "")})`,
  client: () => "were answered neither 2xx nor 5xx",
  custom: (name) => `counted for ${name}`,
  signal: (name) => `counted for ${name}`,
};

function harm({ name, kind, candidate, active, ratio, exposure }: MetricRecord, slots: Slots): string {
  const what = EVENTS[kind](name);
  const rate = (value: number | undefined) => (value === undefined ? "none" : percent(value));
  const { estimate, low } = ratio;
  const times = estimate === undefined ? "" : `: ${number(estimate)} times as many`;
  const sure = estimate === undefined ? ": surely at least" : ", and surely at least";
  const atLeast = low > 1 ? `${sure} ${number(low)} times${estimate === undefined ? " as many" : ""}` : "";
  return `${rate(candidate.rate)} of ${slots.candidate}'s ${exposure ?? "requests"} ${what}, ${rate(active.rate)} of ${slots.active}'s${times}${atLeast}.`;
}

/** Both slots side by side. */
function table({ metrics, share, settings, answers }: ComparisonRecord, slots: Slots): readonly string[] {
  const failed = metrics.find(({ kind }) => kind === "failed");
  const sure = `${sureWords(settings.alpha)} sure`;
  const requests = (arm: MetricRecord["candidate"] | undefined) => whole(arm?.requests ?? 0);
  const cell = ({ events, rate }: MetricRecord["candidate"]) =>
    rate === undefined ? "-" : `${whole(events)} (${percent(rate)})`;
  const rows = metrics.map((metric) => [
    metric.name,
    cell(metric.candidate),
    cell(metric.active),
    metric.ratio.estimate === undefined ? "" : `× ${number(metric.ratio.estimate)}`,
    interval(metric.ratio),
  ]);
  return columns(
    [
      ["", slots.candidate, slots.active, "", sure],
      ["share", `${share} %`, `${100 - share} %`],
      ["requests", requests(failed?.candidate), requests(failed?.active)],
      ...(answers === undefined ? [] : answerRows(answers)),
      ...rows,
    ],
    " ".repeat(MARGIN),
    3,
  );
}

const answerRows = ({ candidate, active }: PairedAnswers) =>
  ANSWER_CLASSES.map((name) => [`answers ${name}`, whole(candidate[name]), whole(active[name])]);

export function interval({ low, high }: MetricRecord["ratio"]): string {
  if (high === undefined) return low > 0 ? `${number(low)} or more` : "anything yet";
  return `${number(low)} to ${number(high)}`;
}

function howSure({ evidence: now, needed, settings, crossing }: ComparisonRecord, slots: Slots): string {
  const evidence = Math.max(now, crossing?.evidence ?? 0);
  const seen = `Evidence that ${slots.candidate} is worse: ${evidence >= 1e6 ? "over a million" : number(evidence)}; ${number(needed)} roll it back`;
  const since =
    crossing === undefined ? "" : `, reached with the minute of ${clockTime(Date.parse(crossing.at))} UTC`;
  const mistake = `A model up to ${settings.tolerance} times as bad as ${slots.active}'s is rolled back by mistake in at most ${percent(1 / needed)} of releases.`;
  return `${seen}${since}. ${mistake}`;
}

function notSeen(comparison: ComparisonRecord | undefined, slots: Slots | undefined): string {
  if (comparison === undefined || slots === undefined) {
    return "The two slots were not compared; what the alarms do not measure was not seen.";
  }
  const { share, metrics } = comparison;
  const assumed = metrics.filter(
    ({ dispersion, candidate, active }) => dispersion.assumed && candidate.events + active.events > 0,
  );
  const notes = [
    share >= 100
      ? `Nobody was on ${slots.active} to compare with: the alarms alone have judged.`
      : blindness(comparison, slots),
    assumed.length === 0
      ? ""
      : `How ${listed(assumed.map(({ name }) => name))} requests come in groups is not known yet; ${groupsOf(assumed[0]?.dispersion.phi ?? 1)}.`,
    ...metrics.map(wideNote).slice(0, 1),
    comparison.unevenMinutes === 0
      ? ""
      : `In ${comparison.unevenMinutes} minutes slowness was not compared, because a task of ${slots.candidate} had more to do.`,
    comparison.unreadable.length === 0
      ? ""
      : `${comparison.unreadable.length} minutes contradict themselves and were left out.`,
  ];
  return notes.filter((note) => note !== "").join(" ");
}

const groupsOf = (phi: number) =>
  phi > 1 ? `${number(phi)} at a time are assumed` : "each failure is counted as its own";

/** From this mean size of a cluster on, what it costs is said. */
const WIDE = 5;

/** Clusters make a fault so many times as slow to see. */
function wideNote({ name, dispersion: { phi, bounded } }: MetricRecord): string {
  if (phi < WIDE) return "";
  const usually = bounded < phi ? ` (${number(bounded)} without the incidents among them)` : "";
  return `On the active slot ${name} requests come about ${number(phi)} at a time${usually}, so it takes about ${number(phi)} times as many of them to end a release.`;
}

function blindness({ blindSpot, maxBlindSpot, missing }: ComparisonRecord, slots: Slots): string {
  const seen =
    blindSpot >= 1
      ? `In this step not even a ${slots.candidate} that fails every request would have been seen by now.`
      : `In this step a ${slots.candidate} that fails ${percent(blindSpot)} of its requests would have been rolled back by now (4 times out of 5); one that fails less can have passed unseen.`;
  if (blindSpot <= maxBlindSpot) return seen;
  const more =
    missing === undefined
      ? "there is too little traffic to say how long that takes"
      : `${whole(missing.requests)} requests more, ${whole(missing.minutes)} min at this traffic`;
  return `${seen} Wanted: ${percent(maxBlindSpot)}; ${more}.`;
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

function gates({ gates: all }: EvidenceRecord): string {
  const named = (kind: string) => all.filter(({ answer }) => answer.kind === kind).map(({ gate }) => gate);
  const [passed, silent] = [named("pass"), named("noAnswer")];
  const doubtful = all.filter(isDoubt).map(({ gate }) => gate);
  const failed = named("fail").filter((gate) => !doubtful.includes(gate));
  const parts = [
    failed.length === 0 ? "" : `failed: ${failed.join(", ")}`,
    doubtful.length === 0 ? "" : `in doubt: ${doubtful.join(", ")}`,
    silent.length === 0 ? "" : `no answer: ${silent.join(", ")}`,
    passed.length === 0 ? "" : `${passed.length} passed`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "none was asked" : parts.join("; ");
}
