import { isOpen, type Release } from "../../../contract/release/release.ts";
import type { CheckedEvent } from "../../../validation/progress.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { PastUpdate } from "../world/backend.ts";
import { CANDIDATE } from "./slots.ts";
import type { Violation } from "./violation.ts";

const MINUTE_MS = 60_000;
/** What an update takes, from the moment that it is made up until it is in the history. */
const UPDATE_MS = 120_000;
const LATE = /past its deadline/;

type Found = Omit<Violation, "atMs">;

/** What a release writes down of itself: its times, what it counts, and whether its model is refused. */
export class Records {
  private readonly scenario: Scenario;
  private readonly clocksMs: number;
  /** Since when the present step has its time, as far as the history tells. */
  private stepMs: number;
  private hasFailed = false;
  /** Whether anybody has said that it is to go back: a verdict, the watchdog. */
  private isToGo = false;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.stepMs = scenario.beginsMs;
    this.clocksMs = scenario.incidents.reduce(
      (sum, one) => sum + (one.kind === "clock" ? Math.abs(one.ms) : 0),
      UPDATE_MS,
    );
  }

  checked(by: ProcessOnMachine, { verdict }: CheckedEvent, nowMs: number): Found | undefined {
    if (verdict.kind !== "rollback") return undefined;
    this.isToGo = true;
    if (verdict.cause === "deadline") return this.late(by.name, nowMs);
    this.hasFailed = true;
    return undefined;
  }

  /** The watchdog took the users back. */
  tookBack(by: string, reason: string, nowMs: number): Found | undefined {
    this.isToGo = true;
    if (!LATE.test(reason)) return undefined;
    if (this.scenario.rollout["atDeadline"] !== "revert")
      return { invariant: "innocence", what: `${by}: ${reason}, where the policy holds` };
    return this.late(by, nowMs);
  }

  /** Nobody is late before the policy's time is over. */
  private late(by: string, nowMs: number): Found | undefined {
    const minutes = (nowMs - this.stepMs) / MINUTE_MS;
    if (nowMs >= this.stepMs + this.timeMs() - this.clocksMs) return undefined;
    return {
      invariant: "innocence",
      what: `${by} ends it for being late ${minutes.toFixed(1)} minutes after its step`,
    };
  }

  private timeMs(): number {
    return Number(this.scenario.rollout["deadlineMinutes"]) * MINUTE_MS;
  }

  /** The history has a new update. `isReverted`: a person has asked for that, or given the users back. */
  updated(
    before: PastUpdate,
    after: PastUpdate,
    { nowMs, isReverted }: { readonly nowMs: number; readonly isReverted: boolean },
  ): readonly Found[] {
    const [was, is] = [before.config.release, after.config.release];
    if (was === undefined || is === undefined || was.id !== is.id) return [];
    // A share that a person sets is no step.
    const isRaised =
      after.config.split[CANDIDATE] > before.config.split[CANDIDATE] && after.by?.verb !== "setShare";
    if (isRaised || is.state !== was.state || is.retreats.length > was.retreats.length) this.stepMs = nowMs;
    const found = [this.tooLong(is, nowMs), forgotten(was, is), this.refusedByNobody(was, is)];
    const isEnded = was.state !== "rolledBack" && is.state === "rolledBack";
    const byNobody: Found | undefined =
      isEnded && !this.isToGo && !isReverted
        ? { invariant: "innocence", what: `it is rolled back, and nobody has said so: ${is.reason}` }
        : undefined;
    return [...found, promotedElsewhere(was, after), byNobody].filter((one) => one !== undefined);
  }

  private tooLong(release: Release, nowMs: number): Found | undefined {
    const deadlineMs = isOpen(release) ? Date.parse(release.deadline) : Number.NaN;
    const mostMs =
      nowMs + this.timeMs() + Number(this.scenario.rollout["retreatMinutes"]) * MINUTE_MS + this.clocksMs;
    if (!(deadlineMs > mostMs)) return undefined;
    return { invariant: "waits", what: `its step has until ${release.deadline}` };
  }

  private refusedByNobody(was: Release, { compared, reason }: Release): Found | undefined {
    if (this.hasFailed || compared?.refused === undefined || was.compared?.refused !== undefined)
      return undefined;
    return { invariant: "verdicts", what: `it is refused, and no gate has rolled it back: ${reason}` };
  }
}

/** Whose release is promoted has everyone by that same update. */
function promotedElsewhere({ state }: Release, { config }: PastUpdate): Found | undefined {
  const { release, activeSlot, split } = config;
  if (release?.state !== "promoted" || state === "promoted") return undefined;
  if (activeSlot === release.slot && split[release.slot] === 100) return undefined;
  return { invariant: "memory", what: `it is promoted, and ${activeSlot} is the active slot` };
}

/** What was counted of a pair of models is counted on, or chance would get as many tries as there are steps. */
function forgotten({ compared: was }: Release, { compared: is }: Release): Found | undefined {
  if (was === undefined) return undefined;
  const isKept =
    is?.active === was.active &&
    is.attempt === was.attempt &&
    is.windows[0]?.from === was.windows[0]?.from &&
    is.windows.length >= was.windows.length;
  return isKept
    ? undefined
    : { invariant: "memory", what: `its comparison began anew: ${JSON.stringify(is)}` };
}
