import { GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { MinuteSeen, Series } from "../observations.ts";
import type { Context } from "./context.ts";

const MINUTE = 60_000;

export interface Wanted {
  readonly metric: string;
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Reads series again and again, and remembers when each minute could first be read. */
export interface Watched<Name extends string> {
  look(): Promise<void>;
  /** Minutes counted from the first one. */
  series(name: Name): Series;
}

/** @param fromMs the start of minute 0, a full minute. */
export function watch<Name extends string>(
  { clients: { cloudWatch }, clock }: Context,
  wanted: Readonly<Record<Name, Wanted>>,
  fromMs: number,
): Watched<Name> {
  // The keys of a record of Name are Names.
  const names = Object.keys(wanted) as Name[];
  const seen = new Map<Name, Map<number, MinuteSeen>>(names.map((name) => [name, new Map()]));
  const queries = names.map((name, index): MetricDataQuery => {
    const { metric, stat, dimensions } = wanted[name];
    return {
      Id: `m${index}`,
      MetricStat: {
        Metric: {
          Namespace: "AWS/ApplicationELB",
          MetricName: metric,
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        },
        Period: 60,
        Stat: stat,
      },
    };
  });
  return {
    async look() {
      const nowMs = clock.now();
      const { MetricDataResults = [] } = await cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(fromMs),
          EndTime: new Date(nowMs),
          MetricDataQueries: queries,
        }),
      );
      for (const [index, name] of names.entries()) {
        const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === `m${index}`) ?? {};
        for (const [at, timestamp] of Timestamps.entries()) {
          const minute = Math.round((timestamp.getTime() - fromMs) / MINUTE);
          const known = seen.get(name)?.get(minute);
          const lagSeconds =
            known?.lagSeconds ?? Math.max(0, Math.round((nowMs - timestamp.getTime() - MINUTE) / 1000));
          // CloudWatch revises: the value is the last one, the lag that of the first.
          seen.get(name)?.set(minute, { minute, value: Values[at] ?? 0, lagSeconds });
        }
      }
    },
    series: (name) => [...(seen.get(name)?.values() ?? [])].toSorted((a, b) => a.minute - b.minute),
  };
}
