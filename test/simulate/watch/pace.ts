import { isOpen } from "../../../contract/release/release.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { approvalShares, percents } from "../../../contract/config/steps.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Persons } from "./persons.ts";

const MINUTE_MS = 60_000;
/** Machines are a second apart, and a bake begins with the update that gives the share, before its end. */
const APART_MS = 30_000;
/** An OK says nothing before the alarm has had the periods that it fires on, and one more (contract/alarms/queries.ts). */
const ALARM_MINUTES = 4;

/** What the policy, and whoever steers, say of the way of a release: told by the configuration as it was deployed. */
export class Pace {
  private readonly clocksMs: number;
  /** When each share was last given; an update that was cut off and undone leads back to one that was watched already. */
  private readonly givenMs = new Map<number, number>();
  private readonly persons: Persons;

  constructor({ incidents }: Scenario, persons: Persons) {
    this.persons = persons;
    this.clocksMs = incidents.reduce(
      (sum, one) => sum + (one.kind === "clock" ? Math.abs(one.ms) : 0),
      APART_MS,
    );
  }

  /** What is wrong with a raise that no person has asked for; undefined: nothing. */
  raised(config: StackConfig, before: number, after: number, nowMs: number): string | undefined {
    const { release, rollout } = config;
    const sinceMs = nowMs - (this.givenMs.get(before) ?? Number.NEGATIVE_INFINITY);
    this.givenMs.set(after, nowMs);
    if (!isOpen(release)) return undefined;
    if (release.state === "paused" || this.persons.hasPaused) return "although a person has paused it";
    const steps = percents(rollout.steps);
    const next = steps.find((step) => step > before) ?? 100;
    const hasRetreated = release.retreats.length > 0;
    if (after > next && !hasRetreated) return `where ${next} % is its next step`;
    const isUnapproved = approvalShares(rollout).includes(after) && !this.persons.hasApproved(after);
    if (isUnapproved) return "which nobody has approved";
    const minutes = Math.max(release.fastTrack === "" ? rollout.bakeMinutes : 0, ALARM_MINUTES);
    if (before > 0 && sinceMs < minutes * MINUTE_MS - this.clocksMs)
      return `after ${Math.round(sinceMs / 1000)} s, where ${minutes} minutes are to be watched`;
    return undefined;
  }
}
