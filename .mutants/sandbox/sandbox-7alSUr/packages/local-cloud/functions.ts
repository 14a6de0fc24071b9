import type { AlarmAction } from "./alarms/book.ts";
import { every, type Clock } from "./clock.ts";
import type { Properties } from "../pulumi-engine/values/provider.ts";
import type { RecordStore } from "./provider/records.ts";
import { asProperties } from "./provider/shape.ts";

/** The code of a function. Rejects when the call failed and shall be repeated. */
export type LocalFunction = (
  event: unknown,
  surroundings: {
    readonly environment: Readonly<Record<string, string>>;
    readonly log: (line: string) => void;
  },
) => Promise<void>;

export interface Functions {
  /** Calls the function that an alarm's action names. */
  onAlarmAction(action: AlarmAction): void;
  /** Calls nothing more, and waits for the calls under way. */
  close(): Promise<void>;
}

const FUNCTION = "aws:lambda/function:Function";
const SCHEDULE = "aws:cloudwatch/eventRule:EventRule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";

const MINUTE_MS = 60_000;
// After the alarms of the minute, which are evaluated a few seconds into it.
const SCHEDULE_OFFSET_MS = 20_000;
// Lambda: an asynchronous call that failed is repeated after one minute, and again after two.
const RETRIES_MS = [60_000, 120_000];

/**
 * What calls Lambda functions: alarm actions, and EventBridge rules of one minute. The functions themselves are recorded
 * resources; their code is given, since the local cloud does not unpack archives. All calls are asynchronous.
 */
export function createFunctions(options: {
  readonly clock: Clock;
  readonly region: string;
  readonly recorded: RecordStore;
  readonly code: Readonly<Record<string, LocalFunction>>;
  readonly tell: (line: string) => void;
}): Functions {
  const { clock, region, recorded, code, tell } = options;
  const underWay = new Set<Promise<void>>();
  let closed = false;
  const all = (type: string) => recorded.all().flatMap((one) => (one.type === type ? [one.outputs] : []));

  const call = (arn: unknown, event: unknown, retries: readonly number[]) => {
    const found = all(FUNCTION).find((one) => one["arn"] === arn);
    if (closed || found === undefined) return;
    const { name, handler } = found;
    const log = (line: string) => tell(`${String(name)}: ${line}`);
    const own = Object.hasOwn(code, String(handler)) ? code[String(handler)] : undefined;
    if (own === undefined) {
      log(`called, but the local cloud has no code for ${String(handler)}`);
      return;
    }
    const calling = own(event, { environment: environmentOf(found), log }).catch((error: unknown) => {
      log(`failed: ${error instanceof Error ? error.message : String(error)}`);
      const [next, ...later] = retries;
      if (next !== undefined) clock.after(next, () => call(arn, event, later));
    });
    underWay.add(calling);
    void calling.finally(() => underWay.delete(calling));
  };

  const stopSchedule = every(clock, MINUTE_MS, SCHEDULE_OFFSET_MS, () => {
    const time = new Date(clock.now()).toISOString();
    for (const { name, arn, scheduleExpression, state, isEnabled } of all(SCHEDULE)) {
      if (scheduleExpression !== "rate(1 minute)" || state === "DISABLED" || isEnabled === false) continue;
      const event = {
        source: "aws.events",
        "detail-type": "Scheduled Event",
        time,
        region,
        resources: [arn],
        detail: {},
      };
      for (const target of all(TARGET)) if (target["rule"] === name) call(target["arn"], event, RETRIES_MS);
    }
  });

  return {
    onAlarmAction({ alarmName, alarmArn, newState, reason, actionArn }) {
      const timestamp = new Date(clock.now()).toISOString();
      // CloudWatch User Guide, "Invoke a Lambda function from an alarm".
      const event = {
        source: "aws.cloudwatch",
        alarmArn,
        time: timestamp,
        region,
        alarmData: { alarmName, state: { value: newState, reason, timestamp } },
      };
      call(actionArn, event, RETRIES_MS);
    },
    async close() {
      closed = true;
      stopSchedule();
      await Promise.allSettled(underWay);
    },
  };
}

function environmentOf(found: Properties): Readonly<Record<string, string>> {
  const { variables } = asProperties(found["environment"]);
  const entries = Object.entries(asProperties(variables)).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
