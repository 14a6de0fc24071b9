import { perSlot, type PerSlot, type Slot } from "../../../contract/slot.ts";
import type { ServiceReading, TargetCounts } from "../../../validation/core/observation.ts";
import { counts } from "../../validation/support/samples.ts";

/** From its start until ELB calls a task healthy. */
const STARTS_MS = 90_000;

interface Since {
  readonly fromMs: number;
  readonly tasks: number;
}

interface Sick {
  readonly slot: Slot;
  readonly fromMs: number;
  readonly toMs: number;
  /** So many are well all the same. */
  readonly left: number;
}

/** The tasks of both services, as ECS runs them and ELB checks them. */
export class Tasks {
  private readonly wanted: PerSlot<Since[]>;
  /** When the tasks of a slot fail their health checks. */
  private readonly sick: Sick[] = [];

  constructor(fromMs: number, tasks: PerSlot<number>) {
    this.wanted = perSlot((slot) => [{ fromMs: fromMs - STARTS_MS, tasks: tasks[slot] }]);
  }

  ask(slot: Slot, tasks: number, nowMs: number): void {
    if (this.desired(slot, nowMs) !== tasks) this.wanted[slot].push({ fromMs: nowMs, tasks });
  }

  fallSick(slot: Slot, fromMs: number, toMs: number, left = 0): void {
    this.sick.push({ slot, fromMs, toMs, left });
  }

  desired(slot: Slot, atMs: number): number {
    return this.wanted[slot].findLast(({ fromMs }) => fromMs <= atMs)?.tasks ?? 0;
  }

  healthy(slot: Slot, atMs: number): number {
    const sick = this.sick.filter((one) => one.slot === slot && one.fromMs <= atMs && atMs < one.toMs);
    const well = Math.min(this.desired(slot, atMs), this.desired(slot, atMs - STARTS_MS));
    return Math.min(well, ...sick.map(({ left }) => left));
  }

  targets(slot: Slot, atMs: number): TargetCounts {
    const [desired, healthy] = [this.desired(slot, atMs), this.healthy(slot, atMs)];
    const started = Math.min(desired, this.desired(slot, atMs - STARTS_MS));
    return counts(healthy, { unhealthy: started - healthy, initial: desired - started });
  }

  /** ECS calls a rolling deployment COMPLETED once its tasks run; it has no other here. */
  service(slot: Slot, taskDefinitionArn: string, atMs: number): ServiceReading {
    const [desired, running] = [this.desired(slot, atMs), this.desired(slot, atMs - STARTS_MS)];
    const primary = { taskDefinitionArn, rolloutState: "COMPLETED", rolloutReason: "", failedTasks: 0 };
    return { status: "ACTIVE", desired, running: Math.min(desired, running), primary, events: [] };
  }
}
