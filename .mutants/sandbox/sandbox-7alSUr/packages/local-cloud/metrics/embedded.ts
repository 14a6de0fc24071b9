import * as v from "valibot";
import { isRecord } from "../is-record.ts";
import type { MetricSink } from "../gateway/metric-sink.ts";
import { list } from "./input.ts";
import { unit } from "./unit.ts";
import { metricName, namespace } from "./queries.ts";

// CloudWatch, "Specification: Embedded metric format" (MetricDirective object, root node), June 2026.
const MOST_DIMENSIONS = 30;
const MOST_METRICS = 100;
const MOST_VALUES = 100;

const definition = v.object({
  Name: metricName,
  Unit: v.optional(unit),
  // High resolution is not simulated (put-metric-data.ts).
  StorageResolution: v.optional(v.literal(60)),
});
const directive = v.object({
  // As with PutMetricData, `AWS/` is for AWS's own services.
  Namespace: v.pipe(namespace, v.regex(/^(?!AWS\/)/, "Member must not start with AWS/")),
  Dimensions: v.array(list(v.pipe(v.string(), v.minLength(1), v.maxLength(250)), MOST_DIMENSIONS)),
  Metrics: list(definition, MOST_METRICS),
});
const metadata = v.object({
  Timestamp: v.pipe(v.number(), v.integer(), v.minValue(0)),
  CloudWatchMetrics: v.array(directive),
});
const dimensionValue = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));
const finite = v.pipe(v.number(), v.finite());
const metricValues = v.union([
  v.pipe(
    finite,
    v.transform((value) => [value]),
  ),
  list(finite, MOST_VALUES),
]);

/** One value that a line of a log carries. */
export interface EmbeddedDatum {
  readonly series: Parameters<MetricSink["series"]>[0];
  readonly values: readonly number[];
}

export type Embedded =
  | { readonly kind: "metrics"; readonly timestampMs: number; readonly data: readonly EmbeddedDatum[] }
  /** It is meant to carry metrics, and CloudWatch would take none of them. */
  | { readonly kind: "invalid"; readonly why: string };

/**
 * The metrics in one line of a container's output, as CloudWatch Logs takes them out of a log event in the embedded
 * metric format; undefined: the line carries none. `timestampMs` is the writer's own clock.
 */
export function readEmbedded(line: string): Embedded | undefined {
  // Most lines carry none, and a busy model writes many.
  if (!line.startsWith("{") || !line.includes('"_aws"')) return undefined;
  const root = parseJson(line);
  if (!isRecord(root) || root["_aws"] === undefined) return undefined;
  const head = v.safeParse(metadata, root["_aws"]);
  if (!head.success) return { kind: "invalid", why: whyOf("_aws", head.issues) };
  const data: EmbeddedDatum[] = [];
  for (const { Namespace, Dimensions, Metrics } of head.output.CloudWatchMetrics) {
    for (const { Name, Unit = "None" } of Metrics) {
      const values = v.safeParse(metricValues, root[Name]);
      if (!values.success) return { kind: "invalid", why: whyOf(Name, values.issues) };
      for (const names of Dimensions) {
        const dimensions: Record<string, string> = {};
        for (const name of names) {
          const value = v.safeParse(dimensionValue, root[name]);
          if (!value.success) return { kind: "invalid", why: whyOf(name, value.issues) };
          dimensions[name] = value.output;
        }
        const series = { namespace: Namespace, metricName: Name, unit: Unit, dimensions };
        data.push({ series, values: values.output });
      }
    }
  }
  return { kind: "metrics", timestampMs: head.output.Timestamp, data };
}

function whyOf(root: string, issues: readonly v.BaseIssue<unknown>[]): string {
  const [issue] = issues;
  const path = issue === undefined ? undefined : v.getDotPath(issue);
  return `${path === undefined || path === null ? root : `${root}.${path}`}: ${issue?.message}`;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A line that looks like JSON and is none is a line of a log like any other.
    return undefined;
  }
}
