import type { Scenario } from "../scenario/scenario.ts";
import type { Violation } from "./violation.ts";

const MINUTE_MS = 60_000;
/**
 * Three bad minutes of eight, which CloudWatch may have five minutes late, a minute until somebody looks, and what the
 * calls take (contract/alarms/queries.ts, docs/operations/watchdog.md).
 */
const BOUND_MINUTES = 14;
/** So many requests a minute make an alarm judge the minute (thresholds.minRequestsPerMinute). */
const JUDGED_REQUESTS = 25;

/** For how long a candidate that fails much may have users whom verdicts have given it. */
export class Bound {
  private readonly scenario: Scenario;
  private bad = 0;
  private late = 0;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  /** `share`: by verdicts; `guards`: whether somebody is there to take it back. */
  minute(nowMs: number, share: number, guards: boolean): Violation | undefined {
    const { model, beginsMs, requestsPerMinute } = this.scenario;
    const isBad = model.failureRate > 0 && nowMs >= beginsMs + model.fromMs + MINUTE_MS;
    const isSeen = (requestsPerMinute * share) / 100 >= JUDGED_REQUESTS;
    if (share === 0) this.bad = 0;
    else if (isBad && isSeen && guards) this.bad += 1;
    if (this.bad < this.minutes(this.bad, nowMs)) return undefined;
    const what = `it fails ${Math.round(model.failureRate * 100)} % and has ${share} % of the users for ${this.bad} minutes`;
    return { invariant: "rollback", atMs: nowMs, what };
  }

  /** `isLate`: it has users past a deadline that reverts. */
  deadline(nowMs: number, isLate: boolean): Violation | undefined {
    this.late = isLate ? this.late + 1 : 0;
    if (this.late < this.minutes(this.late, nowMs)) return undefined;
    return { invariant: "rollback", atMs: nowMs, what: `its deadline was ${this.late} minutes ago` };
  }

  /** What it takes, and what in the minutes until now has kept figures, alarms or answers away. */
  private minutes(last: number, nowMs: number): number {
    const fromMs = nowMs - (last + BOUND_MINUTES) * MINUTE_MS;
    const excuses = this.scenario.incidents.filter(
      ({ kind, atMs }) => EXCUSES.has(kind) && atMs >= fromMs && atMs <= nowMs,
    );
    const excusedMs = excuses.reduce(
      (sum, one) => sum + ("ms" in one ? one.ms : 0) + (OUTAGES.has(one.kind) ? AFTER_OUTAGE_MS : 0),
      0,
    );
    return BOUND_MINUTES + Math.ceil(excusedMs / MINUTE_MS);
  }
}

const OUTAGES: ReadonlySet<string> = new Set(["outage", "allSick", "activeDown"]);
const EXCUSES: ReadonlySet<string> = new Set(["partialAlarms", "network", "call", ...OUTAGES]);
/** So long an alarm looks back, where both slots failed. */
const AFTER_OUTAGE_MS = 11 * MINUTE_MS;
