import { createHash } from "node:crypto";
import { metricKey, type MetricId } from "./metric-key.ts";

/** A part (0 to 1) of the datapoints, and how many virtual seconds after the others they come. */
export interface Late {
  readonly part: number;
  readonly seconds: number;
}

/** A part of the datapoints that show only a part of their samples, and after so many virtual seconds all. */
export interface Revised extends Late {
  /** 0 to 1. */
  readonly shown: number;
}

/**
 * Which datapoints (a minute of one metric with its dimensions) CloudWatch has later than the others, or has only in part
 * at first. AWS publishes no figure for either: "Elastic Load Balancing measures and sends its metrics in 60-second
 * intervals" (ELB guide, "CloudWatch metrics for your Application Load Balancer") is all it says of the load balancer's.
 */
export interface LatePoints {
  /** Another seed: other points. */
  readonly seed: number;
  readonly late?: Late | undefined;
  readonly revised?: Revised | undefined;
  /** Of these metrics, by name, instead of `late`. */
  readonly lateOf?: Readonly<Record<string, Late>> | undefined;
}

/** How one datapoint is published: virtual milliseconds after it would be on time; 0: at once. */
export interface Publication {
  readonly lateMs: number;
  /** Until then only a part of its samples is there. */
  readonly revisedMs: number;
  readonly shown: number;
}

export interface PublicationSchedule {
  /** After so many virtual milliseconds every point is whole. */
  readonly latestMs: number;
  of(metric: MetricId, minuteMs: number): Publication;
}

/** Which points it hits is a function of seed, metric, dimensions and minute alone. */
export function latePoints({ seed, late, revised, lateOf = {} }: LatePoints): PublicationSchedule {
  const single = new Map(Object.entries(lateOf));
  const every = [late, revised, ...single.values()];
  return {
    latestMs: 1000 * Math.max(...every.map((each) => each?.seconds ?? 0)),
    of(metric, minuteMs) {
      const delayMs = (what: string, rule: Late | undefined) =>
        rule !== undefined && draw([seed, what, metricKey(metric), minuteMs]) < rule.part
          ? rule.seconds * 1000
          : 0;
      return {
        lateMs: delayMs("late", single.get(metric.metricName) ?? late),
        revisedMs: delayMs("revised", revised),
        shown: revised?.shown ?? 1,
      };
    },
  };
}

/** A number in [0, 1) that only these values decide. */
function draw(values: readonly (string | number)[]): number {
  return createHash("sha256").update(JSON.stringify(values)).digest().readUInt32BE() / 2 ** 32;
}
