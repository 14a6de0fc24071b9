import type { Checks } from "./differences.ts";
import { sumsOf, type Sums } from "./formulas/minute.ts";
import { intervalOf } from "./formulas/ratio.ts";
import type { rolesOf } from "./formulas/weights.ts";
import type { MetricCounts } from "./read/counts.ts";
import { objectAt, optionalObject, type JsonObject } from "./read/json.ts";
import { checkSum } from "./sum.ts";
import { evidenceOf, lastLog, metricLog, summed, type WeighedCourse } from "./weigh.ts";

const MINUTE_MS = 60_000;

/** Compares what is told of one metric; answers whether it is a signal that holds the release by its own evidence. */
export function checkMetric(
  told: JsonObject,
  metric: MetricCounts,
  course: WeighedCourse,
  role: ReturnType<typeof rolesOf>,
  alpha: number,
  checks: Checks,
): boolean {
  const field = (name: string) => `metrics.${metric.name}.${name}`;
  const { terms, phi, minutes, isScores } = metric;
  checks.same(field("kind"), told["kind"], terms.kind);
  checks.same(field("dispersion"), told["dispersion"], metric.dispersion);

  const log = metricLog(course);
  checks.log(field("logE"), told["logE"], log);
  checks.number(field("evidence"), told["evidence"], evidenceOf(log));
  const contribution = role.ends ? course.weight * evidenceOf(log) : 0;
  checks.number(field("contribution"), told["contribution"], contribution);

  // All scores together are all answers: what they say is said by one of their tenths.
  const part = tellingPart(metric, course);
  const shown = isScores ? (part?.minutes ?? []) : minutes;
  checkSums(field, told, sumsOf(shown), checks);
  const window = optionalObject(told, "window");
  const [first, last] = [minutes[0]?.atMs, minutes.at(-1)?.atMs];
  checks.same(field("window.from"), window?.["from"], first && new Date(first).toISOString());
  checks.same(field("window.to"), window?.["to"], last && new Date(last + MINUTE_MS).toISOString());
  const interval = intervalOf(shown, phi, alpha);
  const ratio = objectAt(told, "ratio");
  for (const end of ["estimate", "low", "high"] as const)
    checks.number(field(`ratio.${end}`), ratio[end], interval[end]);
  return checkSignal(field, told, metric, course, { role, alpha, part: part?.name }, checks);
}

function checkSums(field: (name: string) => string, told: JsonObject, sums: Sums, checks: Checks): void {
  for (const slot of ["candidate", "active"] as const) {
    const arm = objectAt(told, slot);
    const { requests, events } = sums[slot];
    checks.number(field(`${slot}.requests`), arm["requests"], requests);
    checks.number(field(`${slot}.events`), arm["events"], events);
    checks.number(field(`${slot}.rate`), arm["rate"], requests > 0 ? events / requests : undefined);
  }
  if (told["informativeMinutes"] !== undefined || sums.informative > 0)
    checks.same(field("informativeMinutes"), told["informativeMinutes"], sums.informative);
}

interface SignalTerms {
  readonly role: ReturnType<typeof rolesOf>;
  readonly alpha: number;
  readonly part: string | undefined;
}

function checkSignal(
  field: (name: string) => string,
  told: JsonObject,
  { terms }: MetricCounts,
  course: WeighedCourse,
  { role, alpha, part }: SignalTerms,
  checks: Checks,
): boolean {
  const signal = optionalObject(told, "signal");
  checks.same(field("signal"), signal !== undefined, terms.action !== undefined);
  if (signal === undefined) return false;
  checks.same(field("signal.part"), optionalObject(signal, "part")?.["name"], part);
  checks.same(field("signal.action"), objectAt(signal, "definition")["action"], terms.action);
  const alone = optionalObject(signal, "alone");
  if (!role.isAlone || alone === undefined) {
    checks.same(field("signal.alone"), alone !== undefined, role.isAlone);
    return false;
  }
  const sum = summed([course], 1 / alpha);
  checks.number(field("signal.alone.needed"), alone["needed"], 1 / alpha);
  checkSum(field("signal.alone."), alone, sum, checks, "atMs");
  return terms.action === "hold" && sum.crossing !== undefined;
}

/** The segment, or the tenth, that is most of the evidence, where that is not the whole. */
function tellingPart({ series }: MetricCounts, course: WeighedCourse) {
  const logs = course.series.map((one) => Math.log(one.weight) + lastLog(one.course));
  const most = logs.reduce((best, log, at) => (log > (logs[best] ?? 0) ? at : best), 0);
  const part = series[most];
  return part?.name === undefined ? undefined : { name: part.name, minutes: part.minutes };
}
