import type { CountGroup } from "../lines/groups.ts";
import type { CounterMetric, HistogramMetric, ScrapedMetric, SeriesChoice } from "./metric.ts";
import { numberOf } from "./page.ts";
import type { MetricsPage, Sample } from "./page.ts";

/** Events of a metric since the page before, and what they were among. */
export interface ScrapedDelta {
  readonly group: CountGroup;
  readonly amounts: Readonly<Record<string, number>>;
}

/** Values that a server counts together: a counter, or one histogram with its buckets. They begin anew together. */
interface Unit {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: ReadonlyMap<string, number>;
}

const START = "process_start_time_seconds";
const COUNT = "count";

/** A metric, and where its counters stood when it was last counted. */
interface Counted {
  readonly metric: ScrapedMetric;
  readonly before: Map<string, ReadonlyMap<string, number>>;
}

/** Counts of a server's pages: what each page adds to the one before. */
export class Deltas {
  readonly wanted: ReadonlySet<string>;
  private readonly metrics: readonly Counted[];
  private readonly tell: (what: string) => void;
  private startedAt: number | undefined;
  private pages = 0;

  /** `tell`: what the reader of the log should know; it is told again and again. */
  constructor(metrics: readonly ScrapedMetric[], tell: (what: string) => void) {
    this.metrics = metrics.map((metric) => ({ metric, before: new Map() }));
    this.tell = tell;
    this.wanted = new Set([START, ...metrics.flatMap(seriesOf)]);
  }

  /** The first page says where the counters stand, and adds nothing. */
  read(page: MetricsPage): readonly ScrapedDelta[] {
    const startedAt = page.samples.find(({ name }) => name === START)?.value;
    // A process that started since the page before counts from zero, whatever its counters are at by now.
    const isAnother = startedAt !== undefined && this.startedAt !== undefined && startedAt !== this.startedAt;
    this.startedAt = startedAt ?? this.startedAt;
    this.pages += 1;
    return this.metrics.flatMap(({ metric, before }) => {
      if (isAnother) before.clear();
      const units = unitsOf(page.samples, metric);
      const missing = missingOf(metric, page, units);
      if (missing !== undefined) {
        // What it has of the metric waits for a page that has it all.
        this.tell(`${metric.numerator} is not counted: ${missing}`);
        return [];
      }
      const deltas = [...units].flatMap(([key, unit]) => gained(before, key, unit));
      if (this.pages === 1) return [];
      return metric.kind === "counters" ? [countersOf(metric, deltas)] : [this.later(metric, deltas)];
    });
  }

  /** Later than a bound is what is not in its bucket: exactly, where the server has that bucket. */
  private later(metric: HistogramMetric, deltas: readonly Unit[]): ScrapedDelta {
    let [late, all] = [0, 0];
    for (const { values } of deltas) {
      const bound = boundOf(metric, values);
      if (bound !== metric.laterThanSeconds) {
        this.tell(
          `${metric.numerator}: ${metric.histogram} has no bucket of ${metric.laterThanSeconds} s, so later than ${bound} s is counted`,
        );
      }
      const counted = values.get(COUNT) ?? 0;
      all += counted;
      late += counted - (values.get(String(bound)) ?? 0);
    }
    return deltaOf(metric, late, all);
  }
}

/** What a unit gained since it was last whole; nothing, where this page lacks a part of it: the next one makes up. */
function gained(before: Map<string, ReadonlyMap<string, number>>, key: string, unit: Unit): readonly Unit[] {
  const old = before.get(key) ?? new Map<string, number>();
  if ([...unit.values.values()].some((value) => !(value >= 0 && value < Infinity))) return [];
  if ([...old.keys()].some((member) => !unit.values.has(member))) return [];
  before.set(key, unit.values);
  // A counter that is smaller than it was has begun anew.
  const isAnew = [...unit.values].some(([member, value]) => value < (old.get(member) ?? 0));
  const since = (member: string) => (isAnew ? 0 : (old.get(member) ?? 0));
  return [
    { ...unit, values: new Map([...unit.values].map(([member, value]) => [member, value - since(member)])) },
  ];
}

function countersOf(metric: CounterMetric, deltas: readonly Unit[]): ScrapedDelta {
  const sum = (choices: readonly SeriesChoice[]) =>
    deltas
      .filter((unit) => choices.some(({ series, labels }) => unit.name === series && fits(unit, labels)))
      .reduce((total, { values }) => total + (values.get(COUNT) ?? 0), 0);
  return deltaOf(metric, sum(metric.events), sum(metric.among));
}

/** The smallest bucket that holds the bound; Infinity: none does. */
function boundOf({ laterThanSeconds }: HistogramMetric, values: ReadonlyMap<string, number>): number {
  let least = Infinity;
  for (const member of values.keys()) {
    const bound = numberOf(member) ?? Number.NaN;
    if (bound >= laterThanSeconds && bound < least) least = bound;
  }
  return least;
}

/** What the page lacks of a metric, in words. */
function missingOf(
  metric: ScrapedMetric,
  page: MetricsPage,
  units: ReadonlyMap<string, Unit>,
): string | undefined {
  if (metric.kind === "counters") {
    const missing = [...metric.events, ...metric.among].find((choice) => !isThere(choice, page));
    if (missing === undefined) return undefined;
    const labels = Object.entries(missing.labels).map(([label, values]) => `${label}=${values.join("|")}`);
    return `the page has no ${missing.series}{${labels.join(",")}} yet`;
  }
  const { histogram, laterThanSeconds } = metric;
  if (units.size === 0 && !page.declared.has(histogram)) return `the page has no histogram ${histogram} yet`;
  const isBlind = [...units.values()].some(({ values }) => boundOf(metric, values) === Infinity);
  return isBlind ? `${histogram} has no bucket of ${laterThanSeconds} s or more` : undefined;
}

function deltaOf({ numerator, denominator }: ScrapedMetric, events: number, among: number): ScrapedDelta {
  const group = groupOf(numerator, denominator);
  return { group, amounts: { [numerator]: events, [denominator]: among } };
}

const groups = new Map<string, CountGroup>();
function groupOf(numerator: string, denominator: string): CountGroup {
  const key = `${numerator} ${denominator}`;
  const group = groups.get(key) ?? { denominator, numerators: [numerator] };
  groups.set(key, group);
  return group;
}

function seriesOf(metric: ScrapedMetric): readonly string[] {
  if (metric.kind === "counters") return [...metric.events, ...metric.among].map(({ series }) => series);
  return [`${metric.histogram}_count`, `${metric.histogram}_bucket`];
}

function fits({ labels }: Pick<Unit, "labels">, wanted: SeriesChoice["labels"]): boolean {
  return Object.entries(wanted).every(([label, values]) => values.includes(labels[label] ?? ""));
}

/** OpenMetrics declares a counter without its `_total`. */
function isThere({ series, labels, always }: SeriesChoice, { samples, declared }: MetricsPage): boolean {
  const shown = samples.filter(({ name }) => name === series);
  if (always) return shown.some((sample) => fits(sample, labels));
  return shown.length > 0 || declared.has(series) || declared.has(series.replace(/_total$/, ""));
}

/** By key. The members of a histogram are its count and its buckets by their bounds. */
function unitsOf(samples: readonly Sample[], metric: ScrapedMetric): ReadonlyMap<string, Unit> {
  const wanted = new Set(seriesOf(metric));
  const units = new Map<string, Unit & { readonly values: Map<string, number> }>();
  for (const { name: series, labels, value } of samples) {
    if (!wanted.has(series)) continue;
    const isHistogram = metric.kind === "histogram";
    if (isHistogram && !fits({ labels }, metric.labels)) continue;
    const { le, ...others } = labels;
    const own = isHistogram ? others : labels;
    const name = isHistogram ? metric.histogram : series;
    const key = JSON.stringify([name, Object.entries(own).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    const unit = units.get(key) ?? { name, labels: own, values: new Map<string, number>() };
    units.set(key, unit);
    unit.values.set(isHistogram && le !== undefined ? String(numberOf(le)) : COUNT, value);
  }
  return units;
}
