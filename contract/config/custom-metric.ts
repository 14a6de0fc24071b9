import { isRecord } from "./field.ts";
import type { Slot } from "../slot.ts";

/** A count of the user's own in CloudWatch, compared between the slots like the failures: disagreements, say. */
export interface CustomMetric {
  readonly name: string;
  readonly namespace: string;
  readonly metricName: string;
  /** Values may have the words of PLACEHOLDERS, which stand for what belongs to each slot. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What a word in braces stands for in the value of a dimension, as one slot has it. */
export interface MetricPlace {
  /** `blue` or `green`. */
  readonly slot: Slot;
  /** `targetgroup/name/id`, CloudWatch's dimension TargetGroup. */
  readonly targetGroup: string;
  /** `app/name/id`, CloudWatch's dimension LoadBalancer; the same for both slots. */
  readonly loadBalancer: string;
}
const PLACEHOLDERS = [
  "slot",
  "targetGroup",
  "loadBalancer",
] as const satisfies readonly (keyof MetricPlace)[];

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

// CloudWatch API, Metric and Dimension: ASCII without control characters; names do not begin with a colon.
const NAMED = /^[!-9;-~][ -~]{0,254}$/;
const VALUE = /^(?=.*[!-~])[ -~]{1,1024}$/;
const MOST_DIMENSIONS = 30;

export const CUSTOM_METRIC_ALLOWED =
  "a list of `{name, namespace, metricName, dimensions}`, each with a name of its own and `{slot}` or `{targetGroup}` in the value of one dimension, and of other words in braces `{loadBalancer}` alone; all of it ASCII, at most 30 dimensions";

/** One entry of `rollout.customMetrics`; undefined when it is not allowed. */
export function readCustomMetric(raw: unknown): CustomMetric | undefined {
  if (!isRecord(raw)) return undefined;
  const { name, namespace, metricName, dimensions, ...unknown } = raw;
  const texts = [namespace, metricName].every((text) => typeof text === "string" && NAMED.test(text));
  const names = isRecord(dimensions) ? Object.keys(dimensions) : [];
  const values = isRecord(dimensions) ? Object.values(dimensions) : [];
  const areTexts =
    names.length <= MOST_DIMENSIONS &&
    names.every((text) => NAMED.test(text)) &&
    values.every((value) => typeof value === "string" && VALUE.test(value));
  const tellsSlots = values.some((value) => /\{(slot|targetGroup)\}/.test(String(value)));
  const words = values.flatMap((value) =>
    [...String(value).matchAll(/\{([^{}]*)\}/g)].map(([, word]) => word),
  );
  const areKnown = words.every((word) => PLACEHOLDERS.some((known) => known === word));
  if (typeof name !== "string" || !NAME.test(name) || !texts || !areTexts) return undefined;
  if (!tellsSlots || !areKnown) return undefined;
  if (Object.keys(unknown).length > 0) return undefined;
  return {
    name,
    namespace: String(namespace),
    metricName: String(metricName),
    dimensions: Object.fromEntries(
      Object.entries(isRecord(dimensions) ? dimensions : {}).map(([key, value]) => [key, String(value)]),
    ),
  };
}

/** The dimensions of one slot's series. */
export const dimensionsOf = (
  { dimensions }: CustomMetric,
  place: MetricPlace,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(dimensions).map(([key, value]) => [
      key,
      PLACEHOLDERS.reduce((text, word) => text.replaceAll(`{${word}}`, place[word]), value),
    ]),
  );
