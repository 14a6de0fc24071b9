import { isOpen } from "../../../contract/release/release.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { approvalShares, percents } from "../../../contract/config/steps.ts";
import type { Scenario } from "../scenario/scenario.ts";

const MINUTE_MS = 60_000;
/** Machines are a second apart, and a bake begins with the update that gives the share, before its end. */
const APART_MS = 30_000;

/** What the policy, and whoever steers, say of the way of a release: told by the configuration as it was deployed. */
export class Pace {
  private readonly clocksMs: number;
  private raisedMs = Number.NEGATIVE_INFINITY;
  private readonly approved = new Set<number>();
  private mayAll = false;

  constructor({ incidents }: Scenario) {
    this.clocksMs = incidents.reduce(
      (sum, one) => sum + (one.kind === "clock" ? Math.abs(one.ms) : 0),
      APART_MS,
    );
  }

  /** A person has said yes to a share; undefined: to the next one, whichever that is by then. */
  approves(share: number | undefined): void {
    if (share === undefined) this.mayAll = true;
    else this.approved.add(share);
  }

  /** What is wrong with a raise that no person has asked for; undefined: nothing. */
  raised(config: StackConfig, before: number, after: number, nowMs: number): string | undefined {
    const { release, rollout } = config;
    const sinceMs = nowMs - this.raisedMs;
    this.raisedMs = nowMs;
    if (!isOpen(release)) return undefined;
    if (release.state === "paused") return "although a person has paused it";
    const steps = percents(rollout.steps);
    const next = steps.find((step) => step > before) ?? 100;
    const hasRetreated = release.retreats.length > 0;
    if (after > next && !hasRetreated) return `where ${next} % is its next step`;
    const isUnapproved = approvalShares(rollout).includes(after) && !this.mayAll && !this.approved.has(after);
    if (isUnapproved) return "which nobody has approved";
    const bakeMs = rollout.bakeMinutes * MINUTE_MS;
    if (before > 0 && release.fastTrack === "" && sinceMs < bakeMs - this.clocksMs)
      return `after ${Math.round(sinceMs / 1000)} s, where ${rollout.bakeMinutes} minutes are to be watched`;
    return undefined;
  }
}
