import type { Checks } from "./differences.ts";
import { blindSpot } from "./formulas/blind-spot.ts";
import { sumsOf, type Minute } from "./formulas/minute.ts";
import { provenLog } from "./formulas/ratio.ts";
import { alphaOf, rolesOf, toleranceOf, weightsOf } from "./formulas/weights.ts";
import { checkMetric } from "./metric.ts";
import { countsOf, type MetricCounts } from "./read/counts.ts";
import {
  numberAt,
  numbersAt,
  objectAt,
  objectsAt,
  optionalObject,
  optionalNumber,
  timeAt,
  NotEvidence,
  type JsonObject,
} from "./read/json.ts";
import { checkSum } from "./sum.ts";
import { evidenceOf, summed, type Courses, type WeighedCourse } from "./weigh.ts";

/** docs/decision.md: users are given back at an error probability of 5 %. */
const RETREAT_ALPHA = 0.05;
const MINUTE_MS = 60_000;

/** docs/decision.md, "To compute it again": a logarithm of evidence may be off by so much for each cluster of events. */
const PER_EVENT = 1e-10;

const clustersOf = ({ minutes, phi }: MetricCounts) => {
  const { candidate, active } = sumsOf(minutes);
  return (candidate.events + active.events) / phi;
};

/** What a comparison says of a release, recomputed from its counts. */
export interface Recomputed {
  readonly hasCrossed: boolean;
  readonly isInDoubt: boolean;
  readonly isBlind: boolean;
  readonly isUnproven: boolean;
  /** Contradicting minutes among the last five. */
  readonly contradictions: number;
  /** Whether a signal that holds has said enough. */
  readonly isHeldBySignal: boolean;
}

/** Compares everything in a comparison that follows from its counts. */
export function checkComparison(comparison: JsonObject, checks: Checks, known: Courses): Recomputed {
  const settings = objectAt(comparison, "settings");
  const tolerance = numberAt(settings, "tolerance");
  const alpha = alphaOf(numberAt(settings, "alpha"), numberAt(settings, "attempt"));
  const counts = countsOf(comparison);
  const sticky = comparison["sticky"] === true;
  const weights = weightsOf(counts.map(({ terms }) => terms));
  const roles = counts.map(({ terms }) => rolesOf(terms, sticky));
  const sinceMs = timeAt(comparison, "splitSince");
  checks.allow(PER_EVENT * Math.max(0, ...counts.map(clustersOf)));

  const whole = counts.map((metric, at) =>
    weighed(metric, weights[at] ?? 0, known, tolerance, {
      phi: metric.phi,
      sinceMs: Number.NEGATIVE_INFINITY,
    }),
  );
  const recent = counts.map((metric, at) =>
    weighed(metric, weights[at] ?? 0, known, tolerance, {
      phi: sticky ? metric.phi : metric.bounded,
      sinceMs,
    }),
  );
  const ends = summed(
    whole.filter((_, at) => roles[at]?.ends === true),
    1 / alpha,
  );
  const doubt = summed(
    recent.filter((_, at) => roles[at]?.givesBack === true),
    1 / RETREAT_ALPHA,
  );
  checks.number("needed", comparison["needed"], 1 / alpha);
  checkSum("", comparison, ends, checks, "at");
  const toldDoubt = objectAt(comparison, "doubt");
  checks.number("doubt.needed", toldDoubt["needed"], 1 / RETREAT_ALPHA);
  checkSum("doubt.", toldDoubt, doubt, checks, "atMs");

  const metrics = objectsAt(comparison, "metrics");
  checks.same(
    "metrics",
    metrics.map(({ name }) => name),
    counts.map(({ name }) => name),
  );
  const heldBy = metrics.map((told, at) => {
    const [metric, course] = [counts[at], whole[at]];
    if (metric === undefined || course === undefined) return false;
    const role = roles[at] ?? rolesOf(metric.terms, sticky);
    return checkMetric(told, metric, course, role, alpha, checks);
  });
  return {
    ...checkStep(comparison, counts, tolerance, alpha, checks),
    hasCrossed: ends.crossing !== undefined,
    isInDoubt: doubt.crossing !== undefined,
    isHeldBySignal: heldBy.includes(true),
  };
}

function weighed(
  { name, terms, series }: MetricCounts,
  weight: number,
  known: Courses,
  usual: number,
  { phi, sinceMs }: { readonly phi: number; readonly sinceMs: number },
): WeighedCourse {
  const tolerance = toleranceOf(terms, usual);
  return {
    name,
    weight,
    series: series.map((one) => ({
      weight: one.weight,
      course: known.of(
        `${name}/${one.name ?? ""}`,
        one.minutes.filter(({ atMs }) => atMs >= sinceMs),
        { tolerance, phi },
      ),
    })),
  };
}

/** What a step shows: how blind it still is, and whether it is proven. */
function checkStep(
  comparison: JsonObject,
  counts: readonly MetricCounts[],
  tolerance: number,
  alpha: number,
  checks: Checks,
) {
  const failed = counts.find(({ terms }) => terms.kind === "failed");
  if (failed === undefined) throw new NotEvidence("the failed requests are not among the counts");
  const stepMs = timeAt(comparison, "stepSince");
  const fromMs = failed.minutes[0]?.atMs ?? 0;
  const silent = new Set(numbersAt(comparison, "proveNothing").map((offset) => fromMs + offset * MINUTE_MS));
  const proving = failed.minutes.filter(({ atMs }) => !silent.has(atMs));
  const step = (minutes: readonly Minute[]) => minutes.filter(({ atMs }) => atMs >= stepMs);
  checks.same("stepMinutes", comparison["stepMinutes"], step(failed.minutes).length);

  const terms = { tolerance, phi: failed.bounded };
  const spot = blindSpot(proving, stepMs, terms, -Math.log(alpha * 0.5));
  checks.number("blindSpot", comparison["blindSpot"], spot);
  const most = numberAt(comparison, "maxBlindSpot");
  if (spot <= most) checks.same("missing", comparison["missing"], undefined);

  checkShare(comparison, step(failed.minutes), checks);
  const proof = optionalObject(comparison, "proof");
  let isUnproven = false;
  if (proof !== undefined) {
    const log = provenLog(
      step(proving),
      failed.bounded,
      numberAt(proof, "ratio"),
      optionalNumber(proof, "rate"),
    );
    checks.number("proof.evidence", proof["evidence"], evidenceOf(log));
    isUnproven = evidenceOf(log) < numberAt(proof, "needed");
  }
  const lastMs = counts[0]?.minutes.at(-1)?.atMs ?? 0;
  const unreadable = Array.isArray(comparison["unreadable"]) ? comparison["unreadable"] : [];
  const contradictions = unreadable.filter(
    (time) => Date.parse(String(time)) > lastMs - 5 * MINUTE_MS,
  ).length;
  return { isBlind: spot > most, isUnproven, contradictions };
}

/** docs/decision.md: the first two minutes after a change of the weights belong to both splits. */
const SKIPPED_MINUTES = 2;

function checkShare(comparison: JsonObject, step: readonly Minute[], checks: Checks): void {
  const told = optionalObject(comparison, "sampleRatio");
  if (told === undefined) return;
  const { candidate, active } = sumsOf(step.slice(SKIPPED_MINUTES));
  const observed = candidate.requests / (candidate.requests + active.requests);
  checks.number("sampleRatio.observed", told["observed"], observed);
  checks.number("sampleRatio.configured", told["configured"], numberAt(comparison, "share") / 100);
}
