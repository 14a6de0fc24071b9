import { isOpen } from "../../../contract/release/release.ts";
import { SLOTS } from "../../../contract/slot.ts";
import type { CheckedEvent } from "../../../validation/progress.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import type { StackLock } from "../world/backend.ts";
import type { CloudOfOne } from "../world/cloud-of-one.ts";
import type { RouteWrite } from "../world/rule-on-elb.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { Authority, PERIOD_MS } from "./authority.ts";
import { Bound } from "./bound.ts";
import { ACTIVE, CANDIDATE } from "./slots.ts";
import type { Violation } from "./violation.ts";

/** Sees everything that happens to one stack, and knows what must never. */
export class Watcher {
  readonly violations: Violation[] = [];
  readonly authority = new Authority(CANDIDATE);
  private readonly scenario: Scenario;
  private readonly cloud: CloudOfOne;
  private readonly bound: Bound;
  private readonly processes: readonly ProcessOnMachine[];

  constructor(scenario: Scenario, cloud: CloudOfOne, processes: readonly ProcessOnMachine[]) {
    this.scenario = scenario;
    this.cloud = cloud;
    this.processes = processes;
    this.bound = new Bound(scenario);
    cloud.rule.written = (write) => this.written(write);
    cloud.backend.broken = (by, lock) => this.broken(by, lock);
  }

  add(violation: Violation | undefined): void {
    if (violation !== undefined) this.violations.push(violation);
  }

  wrong(invariant: Violation["invariant"], what: string): void {
    this.add({ invariant, atMs: this.cloud.nowMs(), what });
  }

  checked(by: ProcessOnMachine, { verdict }: CheckedEvent): void {
    this.authority.checked(by.name, verdict);
    if (verdict.kind === "rollback" && verdict.cause === "failing") this.blamed(by.name, verdict.reasons);
  }

  /** Somebody says that the candidate fails. */
  blamed(by: string, reasons: readonly string[]): void {
    const { model, incidents } = this.scenario;
    const isFlawless = model.word === "flawless" && !incidents.some(({ kind }) => kind === "sickTasks");
    if (isFlawless) this.wrong("innocence", `${by} blames it: ${reasons.join("; ")}`);
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
    // Nobody watches the active slot: a release that is promoted is over.
    const isDecided = isOpen(this.cloud.backend.last().config.release) && !this.authority.isPersons;
    this.add(this.bound.minute(this.cloud.nowMs(), isDecided ? share : 0, guards));
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
    const found = this.authority.written(write, this.cloud.nowMs());
    if (found === "fight") this.expectUndone(write);
    else this.add(found);
    this.look();
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
  }
}
