import * as v from "valibot";

/** Servers whose page the agent knows; agent/scrape/presets.ts has what is read of each. */
export const SCRAPE_PRESETS = ["vllm", "mlserver"] as const;
export type ScrapePreset = (typeof SCRAPE_PRESETS)[number];

export const isPreset = (name: string | undefined): name is ScrapePreset =>
  SCRAPE_PRESETS.some((one) => one === name);

const word = v.pipe(v.string(), v.nonEmpty());
/** CloudWatch, PutMetricData: a metric's name. */
const name = v.pipe(v.string(), v.regex(/^[!-~]([ -~]{0,253}[!-~])?$/));
const labels = v.optional(v.record(v.string(), v.pipe(v.array(word), v.maxLength(100))));
const choices = v.pipe(v.array(v.strictObject({ series: word, labels })), v.minLength(1));
const names = { numerator: name, denominator: name };

/** What the agent takes of one of `scrape.metrics` (agent/scrape/setup.ts); it would end with anything else. */
const ScrapedMetric = v.union([
  v.strictObject({
    ...names,
    histogram: word,
    labels,
    laterThanSeconds: v.pipe(v.number(), v.minValue(0.000_001), v.maxValue(86_400)),
  }),
  v.strictObject({ ...names, events: choices, among: choices }),
]);

export const SCRAPED_METRIC =
  "`{numerator, denominator, events, among}` with lists of `{series, labels}`, or `{numerator, denominator, histogram, laterThanSeconds, labels}`; `labels` are lists of values by name, and the first two are names of metrics in ASCII, at most 255 characters";

export const isScrapedMetric = (metric: unknown): boolean => v.is(ScrapedMetric, metric);

/** A gauge of the page that says what a GPU does, from 0 to `most`. */
export const gpuGauge = v.strictObject({
  series: word,
  labels,
  most: v.optional(v.pipe(v.number(), v.minValue(0.000_001), v.maxValue(1_000_000))),
});
