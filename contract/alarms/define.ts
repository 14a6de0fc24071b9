import type { Thresholds } from "../config/sections.ts";
import type { Count } from "./excess.ts";
import type { AlarmComparisonOperator } from "./hits-both.ts";

/** What a metric of the catalogue is measured on: a slot's production target group, or its service. */
export type MetricScope = "targetGroup" | "service";

/** One query of an alarm, in CloudWatch's terms. */
export type AlarmQuery =
  | { readonly id: string; readonly metricName: string; readonly stat: string; readonly scope: MetricScope }
  | { readonly id: string; readonly expression: string };

/** Ids under which alarms on rates count; the same in every alarm. */
export type CountId =
  | "requests"
  | "ok"
  | "redirects"
  | "refusals"
  | "errors"
  | "refused"
  | "answers"
  | "slow";
/** What a slot had of it. */
export type CountOf = (id: CountId) => number;

/**
 * An alarm of each slot: one file in kinds/ with one `definition`, called as the alarm is. `npm run generate` makes the
 * index, the names of gates and the table in docs/alarms.md from it. A threshold of its own is a configuration key.
 */
export interface AlarmSpec {
  /** Rising: in this order they are made, read and told. */
  readonly order: number;
  /** A sentence about what it watches, for people and for the alarm's description. */
  readonly title: string;
  /** Why it is built this way. */
  readonly why: string;
  readonly thresholdKey: keyof Thresholds | undefined;
  readonly threshold: (thresholds: Thresholds) => number;
  readonly comparison: AlarmComparisonOperator;
  readonly periodSeconds: number;
  /** M of N: this many of the last `evaluationPeriods` points must breach. */
  readonly datapointsToAlarm: number;
  readonly evaluationPeriods: number;
  readonly treatMissingData: "notBreaching" | "breaching" | "missing";
  /** Outside of this the alarm is not applicable: neither healthy nor failing. */
  readonly appliesWhen: { readonly share: boolean };
  /**
   * Whether only the slot itself can bring it about. `false`: clients that give up do so, too, and no metric of a target
   * group tells which it was, so it alone rolls nobody back while clients can choose the slot (docs/decision.md).
   */
  readonly proves: boolean;
  /** Whether the gates ask it, of the candidate and of the active slot. */
  readonly judges: boolean;
  /** Whether the slot's composite names it, which pages and calls the watchdog. */
  readonly pages: boolean;
  /** The last query is the one that is compared with the threshold. */
  readonly queries: (thresholds: Thresholds) => readonly AlarmQuery[];
  /**
   * Of an alarm on a rate: what it counts, so that what chance explains of it, the active slot or a warm-up (`slow`) is
   * no proof. undefined: it counts no requests.
   */
  readonly rate?: { readonly kind: "failed" | "slow"; readonly counted: (of: CountOf) => Count };
}

export const defineAlarm = (definition: AlarmSpec): AlarmSpec => definition;
