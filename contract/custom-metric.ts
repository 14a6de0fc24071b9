import { isRecord } from "./field.ts";
import type { Slot } from "./slot.ts";

/** A count of the user's own in CloudWatch, compared between the slots like the failures: disagreements, say. */
export interface CustomMetric {
  readonly name: string;
  readonly namespace: string;
  readonly metricName: string;
  /** `{slot}` in a value stands for `blue` or `green`. */
  readonly dimensions: Readonly<Record<string, string>>;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

export const CUSTOM_METRIC_ALLOWED =
  "a list of `{name, namespace, metricName, dimensions}`, each with a name of its own and `{slot}` in the value of one dimension";

/** One entry of `rollout.customMetrics`; undefined when it is not allowed. */
export function readCustomMetric(raw: unknown): CustomMetric | undefined {
  if (!isRecord(raw)) return undefined;
  const { name, namespace, metricName, dimensions, ...unknown } = raw;
  const texts = [namespace, metricName].every(
    (text) => typeof text === "string" && /^[^:\s][\s\S]{0,254}$/.test(text),
  );
  const values = isRecord(dimensions) ? Object.values(dimensions) : [];
  const areTexts = values.every((value) => typeof value === "string" && value.length > 0);
  const tellsSlots = values.some((value) => String(value).includes("{slot}"));
  if (typeof name !== "string" || !NAME.test(name) || !texts || !areTexts || !tellsSlots) return undefined;
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
export const dimensionsOf = ({ dimensions }: CustomMetric, slot: Slot): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(dimensions).map(([key, value]) => [key, value.replaceAll("{slot}", slot)]),
  );
