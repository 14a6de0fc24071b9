import type { Clock } from "../clock.ts";
import type { Dashboards } from "../dashboards/dashboards.ts";
import type { MetricStore } from "../metrics/store.ts";
import type { AlarmBook } from "./book.ts";

/** What the operations of CloudWatch work on. */
export interface CloudWatchControl {
  readonly clock: Clock;
  readonly store: MetricStore;
  readonly book: AlarmBook;
  readonly dashboards: Dashboards;
}
