import type { AlarmQuery } from "../contract/alarms/alarm-catalog.ts";

/** A query of one metric by its whole name, or of the alarm catalogue's kind. */
export type MeasureQuery =
  | AlarmQuery
  | {
      readonly id: string;
      readonly namespace: string;
      readonly metricName: string;
      readonly stat: string;
      readonly dimensions: Readonly<Record<string, string>>;
    };

/** One measure of one slot: the queries of an alarm, or a count. The last query is the measure. */
export interface MeasureRequest {
  readonly id: string;
  readonly queries: readonly MeasureQuery[];
  readonly periodSeconds: number;
  readonly place: SlotMetrics;
}

/** Where the metrics of a slot are: the values of CloudWatch's dimensions. */
export interface SlotMetrics {
  readonly loadBalancerSuffix: string;
  readonly targetGroupSuffix: string;
  readonly clusterName: string;
  /** undefined: the slot has no service. */
  readonly serviceName: string | undefined;
  /** Only what happened in this Availability Zone; undefined: in all of them. */
  readonly zone?: string | undefined;
}

/** A period's value; `atMs` is when the period began, epoch ms of the cloud's clock. */
export interface MeasuredPoint {
  readonly atMs: number;
  readonly value: number;
}

export interface Metrics {
  /**
   * Complete periods in [fromMs, toMs), oldest first, by id of the request; periods without data are left out.
   * Throws when the answer is not whole: a partial count is no count.
   */
  read(
    requests: readonly MeasureRequest[],
    fromMs: number,
    toMs: number,
  ): Promise<ReadonlyMap<string, readonly MeasuredPoint[]>>;
}
