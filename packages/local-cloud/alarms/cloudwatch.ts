import { messageOf } from "../../pulumi-engine/errors.ts";
import { operationsOf } from "../aws-api/define-operation.ts";
import type { Operations } from "../aws-api/operations.ts";
import type { Clock } from "../clock.ts";
import { every } from "../clock.ts";
import { createDashboards, type Dashboards } from "../dashboards/dashboards.ts";
import type { MetricStore } from "../metrics/store.ts";
import { MINUTE_MS } from "../metrics/store.ts";
import { OPERATIONS } from "../operations/index.ts";
import type { AlarmAction, MetricAlarm } from "./book.ts";
import { createAlarmBook } from "./book.ts";
import { settleComposites } from "./composite.ts";
import { evaluateAlarm } from "./observe.ts";

/** Alarms are evaluated this long (virtual) after a minute ended, so that its last requests are in. */
const EVALUATION_DELAY_MS = 3000;

export interface CloudWatch {
  readonly operations: Operations;
  readonly dashboards: Dashboards;
  /** Evaluates all alarms over the complete minutes, as happens by itself every virtual minute. */
  evaluateNow(): void;
  /** JSON-safe: definitions, states, tags and history of the alarms. Metrics are not in it. */
  snapshot(): unknown;
  /** @throws when the snapshot has another format. */
  restore(snapshot: unknown): void;
  /** Called after every change of an alarm's definition or state. */
  onChange(listener: () => void): void;
  onAlarmAction(listener: (event: AlarmAction) => void): void;
  close(): void;
}

export interface CloudWatchOptions {
  readonly clock: Clock;
  readonly region: string;
  readonly store: MetricStore;
  /** Gets lines for the person who runs the local cloud; standard error unless given. */
  readonly tell?: (line: string) => void;
}

/** CloudWatch of one region: `operations` for the API, and the schedule that evaluates the alarms. */
export function createCloudWatch(options: CloudWatchOptions): CloudWatch {
  const { clock, region, store, tell = console.error } = options;
  const changeListeners: (() => void)[] = [];
  const actionListeners: ((event: AlarmAction) => void)[] = [];
  const dashboards = createDashboards({ clock });
  const book = createAlarmBook({
    clock,
    region,
    onChange: () => {
      for (const listener of changeListeners) listener();
    },
    onAction: (action) => {
      for (const listener of actionListeners) listener(action);
    },
  });

  /** Whether the state is another one now. */
  function evaluate(known: MetricAlarm): boolean {
    const nowMs = clock.now();
    const warming = known.warmUntilMs !== undefined && nowMs < known.warmUntilMs;
    const verdict = evaluateAlarm(known.input, known.watched, store, { nowMs, warming });
    const isAsBefore = known.warmUntilMs === undefined || (warming && verdict === undefined);
    const alarm = isAsBefore ? known : { ...known, warmUntilMs: undefined };
    if (alarm !== known) book.replace(alarm);
    // StateReason and its time are those of the last change (CloudWatch API, MetricAlarm).
    if (verdict === undefined || verdict.state === alarm.state.value) return false;
    book.setState(alarm, { value: verdict.state, reason: verdict.reason, reasonData: verdict.reasonData });
    return true;
  }

  let failing: ReadonlySet<string> = new Set();
  /** One alarm that cannot be evaluated keeps its state, is told once, and stops no other one. */
  function evaluateNow(): void {
    const changed = new Set<string>();
    const failed = new Set<string>();
    for (const alarm of book.all()) {
      if (alarm.kind !== "metric") continue;
      const name = alarm.input.AlarmName;
      try {
        if (evaluate(alarm)) changed.add(name);
      } catch (error) {
        failed.add(name);
        if (!failing.has(name))
          tell(`the alarm "${name}" cannot be evaluated and keeps its state: ${messageOf(error)}`);
      }
    }
    failing = failed;
    settleComposites(book, changed);
  }

  const cancel = every(clock, MINUTE_MS, EVALUATION_DELAY_MS, evaluateNow);
  return {
    operations: operationsOf(OPERATIONS, "cloudwatch", { clock, store, book, dashboards }),
    dashboards,
    evaluateNow,
    snapshot: book.snapshot,
    restore: book.restore,
    onChange: (listener) => void changeListeners.push(listener),
    onAlarmAction: (listener) => void actionListeners.push(listener),
    close: cancel,
  };
}
