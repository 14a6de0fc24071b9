import type { CloudWatchClient, MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { MetricScope } from "../../contract/alarms/alarm-catalog.ts";
import type { MeasuredPoint, MeasureQuery, MeasureRequest, Metrics, SlotMetrics } from "../measures.ts";
import { whileThrottled, type Backoff } from "./backoff.ts";

export function cloudWatchMetrics(client: () => Promise<CloudWatchClient>, backoff?: Backoff): Metrics {
  return {
    async read(requests, fromMs, toMs) {
      const points = new Map<string, readonly MeasuredPoint[]>();
      for (const batch of batchesOf(requests, toMs - fromMs)) {
        const results = await readBatch(client, batch, { fromMs, toMs }, backoff);
        for (const [index, request] of batch.entries()) {
          points.set(request.id, pointsOf(request, index, results));
        }
      }
      return points;
    },
  };
}

// CloudWatch API, GetMetricData: at most 500 queries in a call, and 100,800 datapoints of all of them together.
const QUERIES_PER_CALL = 500;
const DATAPOINTS_PER_CALL = 100_800;

/** As many measures in a call as it takes, each with all of its queries. */
function batchesOf(
  requests: readonly MeasureRequest[],
  rangeMs: number,
): readonly (readonly MeasureRequest[])[] {
  const batches: MeasureRequest[][] = [];
  let [queriesLeft, pointsLeft] = [0, 0];
  for (const request of requests) {
    const { length } = request.queries;
    const points = length * Math.ceil(rangeMs / (request.periodSeconds * 1000));
    if (length > queriesLeft || points > pointsLeft) {
      batches.push([]);
      [queriesLeft, pointsLeft] = [QUERIES_PER_CALL, DATAPOINTS_PER_CALL];
    }
    batches.at(-1)?.push(request);
    queriesLeft -= length;
    pointsLeft -= points;
  }
  return batches;
}

async function readBatch(
  client: () => Promise<CloudWatchClient>,
  requests: readonly MeasureRequest[],
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
  backoff: Backoff | undefined,
): Promise<readonly MetricDataResult[]> {
  const { GetMetricDataCommand } = await import("@aws-sdk/client-cloudwatch");
  const sender = await client();
  const results: MetricDataResult[] = [];
  let token: string | undefined;
  do {
    const command = new GetMetricDataCommand({
      MetricDataQueries: requests.flatMap(queriesOf),
      StartTime: new Date(fromMs),
      EndTime: new Date(toMs),
      ScanBy: "TimestampAscending",
      NextToken: token,
    });
    const page = await whileThrottled(() => sender.send(command), backoff);
    results.push(...(page.MetricDataResults ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return results;
}

/** Ids of one call must be unique, begin with a small letter, and hold letters, digits, `_` (CloudWatch API). */
const idOf = (index: number, id: string) => `m${index}_${id}`;

export function queriesOf(request: MeasureRequest, index: number): MetricDataQuery[] {
  const { queries, periodSeconds, place } = request;
  const ids = queries.map(({ id }) => id);
  return queries.map((query, position) => {
    const base = { Id: idOf(index, query.id), ReturnData: position === queries.length - 1 };
    return "expression" in query
      ? { ...base, Expression: renamed(query.expression, ids, index), Period: periodSeconds }
      : { ...base, MetricStat: metricStat(query, periodSeconds, place) };
  });
}

/** The expression with each id of its alarm in this call's spelling. */
function renamed(expression: string, ids: readonly string[], index: number): string {
  return ids.reduce(
    (text, id) => text.replaceAll(new RegExp(`\\b${id}\\b`, "g"), idOf(index, id)),
    expression,
  );
}

type MetricQuery = Exclude<MeasureQuery, { readonly expression: string }>;

function metricStat(query: MetricQuery, periodSeconds: number, place: SlotMetrics) {
  const { namespace, dimensions } = "scope" in query ? PLACES[query.scope](place) : query;
  const named = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const metric = { Namespace: namespace, MetricName: query.metricName, Dimensions: named };
  return { Metric: metric, Period: periodSeconds, Stat: query.stat };
}

interface Place {
  readonly namespace: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

const PLACES: Readonly<Record<MetricScope, (place: SlotMetrics) => Place>> = {
  targetGroup: ({ loadBalancerSuffix, targetGroupSuffix, zone }) => ({
    namespace: "AWS/ApplicationELB",
    dimensions: {
      ...(zone === undefined ? {} : { AvailabilityZone: zone }),
      LoadBalancer: loadBalancerSuffix,
      TargetGroup: targetGroupSuffix,
    },
  }),
  service: ({ clusterName, serviceName }) => ({
    namespace: "AWS/ECS",
    dimensions: { ClusterName: clusterName, ServiceName: serviceName ?? "" },
  }),
};

/** Throws when CloudWatch says that the numbers are not all there: a partial count is not a count. */
function pointsOf(
  request: MeasureRequest,
  index: number,
  results: readonly MetricDataResult[],
): readonly MeasuredPoint[] {
  const last = request.queries.at(-1);
  if (last === undefined) throw new Error(`${request.id} asks for nothing`);
  const pages = results.filter(({ Id }) => Id === idOf(index, last.id));
  if (pages.length === 0) throw new Error(`CloudWatch gave no answer about ${request.id}`);
  // Every page but the last of a longer answer is marked PartialData; the last one says how it ended.
  const status = pages.at(-1)?.StatusCode;
  if (status !== "Complete")
    throw new Error(`CloudWatch answered ${status ?? "nothing"} about ${request.id}`);
  return pages.flatMap(({ Timestamps = [], Values = [] }) =>
    Timestamps.map((at, position) => {
      const value = Values[position];
      if (value === undefined) throw new Error(`CloudWatch gave a time without a value about ${request.id}`);
      return { atMs: at.getTime(), value };
    }),
  );
}
