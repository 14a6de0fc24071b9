import { isOpen } from "../../../contract/release/release.ts";
import { sameSplit } from "../../../contract/route/split.ts";
import { SLOTS } from "../../../contract/slot.ts";
import type { CheckedEvent } from "../../../validation/progress.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import type { AskedUpdate, PastUpdate, StackLock } from "../world/backend.ts";
import type { CloudOfOne } from "../world/cloud-of-one.ts";
import type { RouteWrite } from "../world/rule-on-elb.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { Authority, PERIOD_MS } from "./authority.ts";
import { Bound } from "./bound.ts";
import { SKEW_MS, tooFewRequests } from "./finality.ts";
import { Pace } from "./pace.ts";
import { Persons } from "./persons.ts";
import { Records } from "./records.ts";
import { againstMore } from "./shown.ts";
import { unlikeSignal } from "./signal.ts";
import { ACTIVE, CANDIDATE } from "./slots.ts";
import type { Violation } from "./violation.ts";

const MEASURES: ReadonlySet<string> = new Set(["GetMetricData", "DescribeAlarms"]);

/** Sees everything that happens to one stack, and knows what must never. */
export class Watcher {
  readonly violations: Violation[] = [];
  readonly authority = new Authority(CANDIDATE);
  private readonly scenario: Scenario;
  private readonly cloud: CloudOfOne;
  private readonly persons = new Persons();
  private readonly pace: Pace;
  private readonly records: Records;
  /** When the candidate had each share for the first time. */
  private readonly hadFirst = new Map<number, number>();
  private readonly brokenByForce = new Set<ProcessOnMachine>();
  private readonly bound: Bound;
  private readonly processes: readonly ProcessOnMachine[];

  constructor(scenario: Scenario, cloud: CloudOfOne, processes: readonly ProcessOnMachine[]) {
    this.scenario = scenario;
    this.cloud = cloud;
    this.processes = processes;
    this.bound = new Bound(scenario);
    this.pace = new Pace(scenario, this.persons);
    this.records = new Records(scenario);
    cloud.backend.added = (before, after) => this.added(before, after);
    cloud.rule.written = (write) => this.written(write);
    cloud.backend.broken = (by, lock) => this.broken(by, lock);
    cloud.backend.undone = (asked, missed) => this.undone(asked, missed);
  }

  add(violation: Violation | undefined): void {
    if (violation !== undefined) this.violations.push(violation);
  }

  wrong(invariant: Violation["invariant"], what: string): void {
    this.add({ invariant, atMs: this.cloud.nowMs(), what });
  }

  private added(before: PastUpdate, after: PastUpdate): void {
    this.owned(before, after);
    this.persons.updated(before, after);
    const isAsked = this.processes.some(({ verb }) => /^(revert|setShare)/.test(verb));
    const isReverted = isAsked || this.authority.end !== undefined;
    const at = { nowMs: this.cloud.nowMs(), isReverted };
    for (const { invariant, what } of this.records.updated(before, after, at))
      this.wrong(invariant, `${after.by?.name}: ${what}`);
  }

  checked(by: ProcessOnMachine, event: CheckedEvent): void {
    const { verdict, bake } = event;
    this.authority.checked(by.name, verdict);
    this.persons.checked(by, event);
    const late = this.records.checked(by, event, this.cloud.nowMs());
    if (late !== undefined) this.wrong(late.invariant, late.what);
    const isForMore = verdict.kind === "advance" || verdict.kind === "promote";
    // Before its first users nothing is measured of it.
    const blind = [...by.blindTo].filter((what) => bake !== undefined || !MEASURES.has(what));
    if (isForMore && blind.length > 0)
      this.wrong("finality", `${by.name}: ${verdict.kind}, and it could not read ${blind.join(", ")}`);
    const against = isForMore ? againstMore(by.shown, event, this.scenario.tasks) : undefined;
    if (against !== undefined) this.wrong("finality", `${by.name}: ${verdict.kind}, although ${against}`);
    const unlike = unlikeSignal(this.cloud, this.scenario, event);
    if (unlike !== undefined) this.wrong(unlike.invariant, `${by.name}: ${unlike.what}`);
    const sinceMs = this.hadFirst.get(event.split[event.release.slot]);
    if (isForMore && sinceMs !== undefined && Math.abs(by.machine.skewMs) <= SKEW_MS) {
      const need = Number(this.scenario.rollout["minRequests"]);
      const few = tooFewRequests(this.cloud, event, { sinceMs, need });
      if (few !== undefined) this.wrong("finality", `${by.name}: ${few}`);
    }
    const isLate = "expired" in verdict && verdict.expired && bake !== undefined;
    if (isLate && this.scenario.rollout["atDeadline"] === "revert")
      this.wrong("waits", `${by.name}: ${verdict.kind} past the deadline, at which the policy goes back`);
    const isInTime = Math.abs(by.machine.skewMs) <= SKEW_MS;
    if (verdict.kind === "rollback" && verdict.cause === "failing" && isInTime)
      this.blamed(by.name, verdict.reasons);
  }

  /** The watchdog takes the users back, and says why. */
  rolledBackByWatchdog(by: string, reason: string): void {
    const early = this.records.tookBack(by, reason, this.cloud.nowMs());
    if (early !== undefined) this.wrong(early.invariant, early.what);
    const { release, rollout } = this.cloud.backend.last().config;
    const isLate =
      rollout.atDeadline === "revert" &&
      isOpen(release) &&
      this.cloud.nowMs() >= Date.parse(release.deadline);
    // Whose end it was already has its reason from there.
    if (!isLate && this.authority.end?.by === by) this.blamed(by, [reason]);
  }

  /** A rollout says how its release has ended. */
  told(by: string, result: string): void {
    const wasSo = this.cloud.backend.history.some(
      ({ succeeded, config }) => succeeded && config.release?.state === result,
    );
    // Pulumi's state may follow later, and a person may have moved them again by then.
    const isBack = this.cloud.rule.shares()[CANDIDATE] === 0 || this.authority.end !== undefined;
    const isPending = result === "rolledBack" && isBack;
    if (result !== "waits" && !wasSo && !isPending)
      this.wrong("memory", `${by} says that its release is ${result}, and it has never been`);
  }

  /** Somebody says that the candidate fails. */
  blamed(by: string, reasons: readonly string[]): void {
    const { model, incidents } = this.scenario;
    const isFlawless =
      model.word === "flawless" && !incidents.some(({ kind }) => kind === "sickTasks" || kind === "wentBack");
    // With everyone on it, or when the active slot's side cannot be read, nobody can tell that it is not the candidate.
    const isBlind = this.processes.some(({ name, blindTo }) => name === by && blindTo.size > 0);
    const isAlone =
      (this.hadFirst.has(100) || isBlind) &&
      incidents.some(({ kind }) => kind === "outage" || kind === "allSick");
    if (isFlawless && !isAlone) this.wrong("innocence", `${by} blames it: ${reasons.join("; ")}`);
  }

  /** Once a minute, and after each write of the route. */
  look(): void {
    const { cloud, scenario } = this;
    const shares = cloud.rule.shares();
    for (const slot of SLOTS) {
      const needs = Math.ceil((scenario.tasks * shares[slot]) / 100);
      const has = cloud.tasks.desired(slot, cloud.nowMs());
      if (has < needs) this.wrong("capacity", `${slot} has ${has} tasks and ${shares[slot]} % of the users`);
    }
    const active = cloud.backend.last().config.activeSlot;
    const has = cloud.tasks.desired(active, cloud.nowMs());
    if (has < scenario.tasks) this.wrong("capacity", `${active} is active and has ${has} tasks`);
  }

  minute(): void {
    this.look();
    const guards = this.scenario.rollout.watchdog || this.isWatched();
    const share = this.cloud.rule.shares()[CANDIDATE];
    const isDecided = this.hasUsersByVerdict();
    this.deadline(share, guards);
    this.add(this.bound.minute(this.cloud.nowMs(), isDecided ? share : 0, guards));
  }

  /** Whether a verdict's candidate has users. Nobody watches the active slot: a release that is promoted is over. */
  hasUsersByVerdict(): boolean {
    const { release } = this.cloud.backend.last().config;
    return isOpen(release) && !this.authority.isPersons && this.cloud.rule.shares()[CANDIDATE] > 0;
  }

  private isWatched(): boolean {
    const nowMs = this.cloud.nowMs();
    return this.processes.some(
      ({ verb, lives, machine }) => verb.startsWith("rollout") && lives && machine.cutOffUntilMs < nowMs,
    );
  }

  private written(write: RouteWrite): void {
    const { before, after } = write;
    const shown = (shares: RouteWrite["before"]) => `${shares[ACTIVE]}/${shares[CANDIDATE]}`;
    this.cloud.note(`${write.by} (${write.how}): ${shown(before)} → ${shown(after)}`);
    const isActive = this.cloud.backend.last().config.activeSlot === CANDIDATE;
    if (!this.hadFirst.has(after[CANDIDATE])) this.hadFirst.set(after[CANDIDATE], this.cloud.nowMs());
    if (write.sticks && SLOTS.some((slot) => after[slot] === 0))
      this.wrong("provenance", `${write.by} (${write.how}) leaves users with a cookie where nobody is to be`);
    const found = this.authority.written(write, this.cloud.nowMs(), isActive);
    if (found === "fight") this.expectUndone(write);
    else this.add(found ?? this.tooFast(write));
    this.look();
  }

  /** A person's edit of anything but the users is put back by the verb itself, right after (made-up.ts). */
  private undone({ by, writer, knows }: AskedUpdate, missed: PastUpdate): void {
    // Its lock was broken because a person said so, who was told that both write then.
    if (missed.by !== undefined && this.brokenByForce.has(missed.by)) return;
    const [was, is] = [knows.config, missed.config];
    if (!writer.isVerb && is.generation > was.generation)
      this.wrong("updates", `${by.name} undid "${missed.message}" from a checkout that is older`);
    const isEdit = is.generation === was.generation && sameSplit(is.split, was.split);
    if (!writer.isVerb || isEdit) return;
    this.wrong("updates", `${by.name} undid "${missed.message}", which came after "${knows.message}"`);
  }

  private tooFast({ before, after, by, how }: RouteWrite): Violation | undefined {
    const { cloud, pace, authority } = this;
    const [from, to] = [before[CANDIDATE], after[CANDIDATE]];
    if (to <= from) return undefined;
    const forbidden = this.persons.whyNot(by);
    if (forbidden !== undefined && to === 100)
      return {
        invariant: "provenance",
        atMs: cloud.nowMs(),
        what: `${by} promotes it although ${forbidden}`,
      };
    const why = pace.raised(cloud.backend.last().config, from, to, cloud.nowMs());
    if (why === undefined || authority.isPersons) return undefined;
    const what = `${by} (${how}) gave the candidate ${to} % after ${from} %, ${why}`;
    return { invariant: "provenance", atMs: cloud.nowMs(), what };
  }

  /** One rollout moves a release, and the second one leaves, unless a person says which. */
  private owned(before: PastUpdate, after: PastUpdate): void {
    const [was, is] = [before, after].map(({ config }) => config.release?.owner ?? "");
    if (was === is || before.config.release?.state === "deployed") return;
    const [former, next] = [was, is].map((owner) => this.processes.find((one) => one.owner === owner));
    const isWorking = former?.lives === true && former.verb.startsWith("rollout");
    if (isWorking && next?.isForced === false)
      this.wrong("fights", `${next.name} took the release from ${former.name}, which lives`);
  }

  /** With `atDeadline: revert` a step that is not decided goes back. */
  private deadline(share: number, guards: boolean): void {
    const { release, rollout } = this.cloud.backend.last().config;
    const deadlineMs = isOpen(release) ? Date.parse(release.deadline) : Number.NaN;
    const isLate = rollout.atDeadline === "revert" && share > 0 && this.cloud.nowMs() > deadlineMs;
    const { isPersons, isPromoted } = this.authority;
    this.add(this.bound.deadline(this.cloud.nowMs(), isLate && guards && !isPersons && !isPromoted));
  }

  /** Whoever has ended the release is still there, or has told the watchdog, which is never gone. */
  private expectUndone(write: RouteWrite): void {
    const { cloud, authority } = this;
    const given = write.after[CANDIDATE];
    const endedBy = this.processes.find(({ name }) => name === authority.end?.by);
    cloud.timeline.at(cloud.nowMs() + PERIOD_MS, () => {
      const isGone = endedBy?.verb !== "watchdog" && endedBy?.wasKilled === true;
      const isStill = cloud.rule.shares()[CANDIDATE] === given && !authority.isPersons;
      if (isStill && !isGone)
        this.wrong("fights", `${write.by} gave it ${given} % after its end, and it has that still`);
    });
  }

  private broken(by: ProcessOnMachine, { holder }: StackLock): void {
    const isLiving = holder.lives || holder.engineLives;
    if (isLiving && !by.isForced) this.wrong("locks", `${by.name} broke the lock of ${holder.name}`);
    if (isLiving && by.isForced) this.brokenByForce.add(holder);
  }
}
