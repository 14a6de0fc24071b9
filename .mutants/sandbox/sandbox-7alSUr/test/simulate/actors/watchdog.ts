import { wokenBy } from "../../../watchdog/event.ts";
import { guard } from "../../../watchdog/guard.ts";
import { awsPorts } from "../../../watchdog/aws.ts";
import { WATCHDOG_TIMEOUT_SECONDS } from "../../../contract/alarms/watchdog.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import { messageOf } from "../../../validation/reading.ts";
import { ROUTE_ARN } from "../../validation/support/world.ts";
import type { Machine } from "../engine/machine.ts";
import type { CloudOfOne } from "../world/cloud-of-one.ts";
import type { Begin } from "./begin.ts";
import { watchdogClients } from "./watchdog-clients.ts";

const MINUTE_MS = 60_000;
/** Lambda tries an asynchronous call that failed twice more, after one minute and after two (Lambda guide). */
const AGAIN_AFTER_MS = [MINUTE_MS, 2 * MINUTE_MS];
const ALARM_NAMES = { blue: "blue", green: "green" } as const;

/** The function, as EventBridge calls it every minute, and CloudWatch at once when a composite goes into ALARM. */
export class WatchdogOnLambda {
  private readonly cloud: CloudOfOne;
  private readonly machine: Machine;
  private readonly begin: Begin;
  /** Told why it took users back. */
  private readonly rolledBack: (by: string, reason: string) => void;
  private were: Readonly<Record<Slot, boolean>> = { blue: false, green: false };

  constructor(cloud: CloudOfOne, machine: Machine, begin: Begin, rolledBack: WatchdogOnLambda["rolledBack"]) {
    this.cloud = cloud;
    this.machine = machine;
    this.begin = begin;
    this.rolledBack = rolledBack;
  }

  /** After each evaluation of the alarms. */
  alarmed(): void {
    const { alarms, timeline } = this.cloud;
    for (const slot of SLOTS) {
      const isNow = alarms.isComposite(slot);
      if (isNow && !this.were[slot]) this.call(alarmEvent(slot, timeline.nowMs));
      this.were = { ...this.were, [slot]: isNow };
    }
  }

  scheduled(): void {
    this.call({ source: "aws.events", "detail-type": "Scheduled Event" });
  }

  private call(event: unknown, tries = 0): void {
    const { cloud } = this;
    const by = this.begin(this.machine, "watchdog");
    const end = () => {
      by.lives = false;
    };
    const again = () => {
      const afterMs = AGAIN_AFTER_MS[tries];
      if (afterMs === undefined) return;
      cloud.timeline.at(cloud.nowMs() + afterMs, () => this.call(event, tries + 1));
    };
    cloud.timeline.at(cloud.nowMs() + WATCHDOG_TIMEOUT_SECONDS * 1000, () => {
      if (!by.lives) return;
      end();
      again();
    });
    const trigger = wokenBy(event, ALARM_NAMES);
    if (trigger === undefined) return;
    const now = () => by.clockMs();
    const { elb, cloudWatch } = watchdogClients(cloud, by);
    const ports = {
      ...awsPorts({ routeArn: ROUTE_ARN, elb, cloudWatch, now }),
      id: by.run,
      now,
      async wait(ms: number) {
        await cloud.timeline.wait(Math.max(0, ms));
        if (!by.lives) await new Promise<never>(() => {});
      },
      notify: async () => {},
      log: (line: string) => cloud.note(`${by.name}: ${line}`),
    };
    guard(ports, trigger, ALARM_NAMES).then(
      ({ written, decision }) => {
        if (decision.kind === "rollBack" && written) {
          cloud.note(`${by.name}: rolled back: ${decision.reason}`);
          this.rolledBack(by.name, decision.reason);
        }
        end();
      },
      (error: unknown) => {
        cloud.note(`${by.name} failed: ${messageOf(error)}`);
        if (by.lives) again();
        end();
      },
    );
  }
}

/** CloudWatch User Guide, "Invoke a Lambda function from an alarm". */
const alarmEvent = (slot: Slot, atMs: number) => ({
  source: "aws.cloudwatch",
  alarmData: {
    alarmName: ALARM_NAMES[slot],
    state: {
      value: "ALARM",
      reason: "a child is in ALARM",
      timestamp: new Date(atMs).toISOString().replace("Z", "+0000"),
    },
  },
});
