import type { Slot } from "../../../contract/slot.ts";
import { counts, oneModel } from "./samples.ts";
import { World } from "./world.ts";

/** How many tasks a slot has from then on, as AWS asks money for them. */
export interface TasksSince {
  readonly slot: Slot;
  readonly atMs: number;
  readonly tasks: number;
}

/** A policy for tests of the flows, with more steps. */
const QUICK = { ...oneModel().rollout, steps: [10, 25, 50, 100], capacity: "share" };

/** Blue serves everyone with 20 tasks, and a task takes `startsMs` until it is healthy. */
export class Fleet extends World {
  private readonly starting: { readonly slot: Slot; readonly tasks: number; readonly healthyMs: number }[] =
    [];
  private readonly startsMs: number;
  /** What scaling finds that the users need, whatever the minimum. */
  scaled: Record<Slot, number> = { blue: 0, green: 0 };
  /** Each change of a number of tasks, oldest first. */
  readonly tasks: TasksSince[] = [];
  /** The shares of green so far, each with when, and the tasks that were healthy just before. */
  readonly shares: { readonly percent: number; readonly healthy: number; readonly atMs: number }[] = [];

  constructor(rollout: Readonly<Record<string, unknown>> = {}, startsMs = 120_000, policy: object = QUICK) {
    const { rollout: _, blue, ...one } = oneModel();
    super({
      ...one,
      blue: { ...blue, minTasks: 20, maxTasks: 40 },
      service: { startupSeconds: startsMs / 1000 },
      rollout: { ...policy, ...rollout },
    });
    this.startsMs = startsMs;
    this.desired = { blue: 0, green: 0 };
    this.onSleep = () => this.follow();
    this.follow();
  }

  /** Application Auto Scaling brings the number to the minimum, and ECS starts what is missing. */
  follow(): void {
    const nowMs = this.clock.now();
    for (const slot of ["blue", "green"] as const) {
      const { image, minTasks, maxTasks } = this.config.slots[slot];
      // As Application Auto Scaling does: within minimum and maximum what was there, or what scaling has found.
      const found = this.scaled[slot] > 0 ? this.scaled[slot] : this.desired[slot];
      const tasks = image === undefined ? 0 : Math.min(maxTasks, Math.max(minTasks, found));
      if (tasks > this.desired[slot]) this.starting.push({ slot, tasks, healthyMs: nowMs + this.startsMs });
      if (tasks !== this.desired[slot]) this.tasks.push({ slot, atMs: nowMs, tasks });
      this.desired = { ...this.desired, [slot]: tasks };
      const started = this.starting.filter((one) => one.slot === slot && one.healthyMs <= nowMs);
      // Blue stood there before anybody looked.
      const most = Math.max(slot === "blue" ? 20 : 0, ...started.map((one) => one.tasks));
      const healthy = Math.min(tasks, most);
      this.health = { ...this.health, [slot]: counts(healthy, { initial: tasks - healthy }) };
    }
  }

  override apply(...args: Parameters<World["apply"]>) {
    const before = this.config.split.green;
    this.follow();
    const { healthy } = this.health.green;
    const applied = super.apply(...args);
    const { green: percent } = this.config.split;
    if (percent > before) this.shares.push({ percent, healthy, atMs: this.clock.now() });
    this.follow();
    return applied;
  }

  get healthyAt(): readonly string[] {
    return this.shares.map(({ percent, healthy }) => `${percent} %: ${healthy}`);
  }
}
