import { SLOTS, type Slot } from "../../../contract/slot.ts";
import type { Context } from "../../../validation/ports.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { LabelWorld } from "./label-world.ts";
import type { Reading, ServiceEvent, TargetCounts } from "../../../validation/core/observation.ts";

export { LabelWorld };

/** What of the stack in memory (world.ts) these ports show and write down. */
interface World {
  readonly clock: { now(): number };
  readonly config: Pick<StackConfig, "slots">;
  readonly deployedMs: number;
  readonly ecsEvents: readonly ServiceEvent[];
  readonly asked: { readonly gate: string; readonly question: unknown }[];
  readonly gateSays: (gate: string) => Reading<unknown>;
  memo: string | undefined;
  readonly failing: { readonly publisher?: string; readonly services?: string };
  readonly published: unknown[];
  readonly labels: LabelWorld;
  readonly health: Readonly<Record<Slot, TargetCounts>>;
  readonly rollout: Readonly<Record<Slot, { readonly state: string; readonly task?: string }>>;
  readonly desired: Readonly<Record<Slot, number>>;
}

/** What a flow works with beside the stack and its cloud. */
export function sidePorts(
  world: World,
): Pick<Context, "customGates" | "signalRows" | "memo" | "publisher" | "predictions" | "labels"> {
  return {
    ...world.labels.ports(),
    signalRows: { read: async () => ({ readable: false, why: "nobody is there" }) },
    customGates: {
      ask: async (gate, question) => {
        world.asked.push({ gate: gate.name, question });
        return world.gateSays(gate.name);
      },
    },
    memo: {
      read: async () => world.memo,
      write: async (arn) => {
        world.memo = arn;
      },
    },
    publisher: {
      publish: async (facts) => {
        if (world.failing.publisher !== undefined) throw new Error(world.failing.publisher);
        world.published.push(facts);
      },
      publishLabels: async (stack, counts) => {
        if (world.failing.publisher !== undefined) throw new Error(world.failing.publisher);
        world.published.push({ stack, counts });
      },
    },
  };
}

/** Targets as the world has them; no zone tells anything. */
export const health = (world: World): Context["health"] => ({
  failedChecks: async () => ["Health checks failed with these codes: [500]"],
  targets: async (arn) => world.health[SLOTS.find((slot) => arn.includes(`/${slot}`)) ?? "blue"],
  zones: async () => [],
});

/** What ECS says of any service, newest first. */
const eventsOf = ({ clock, deployedMs, ecsEvents }: Pick<World, "clock" | "deployedMs" | "ecsEvents">) => [
  ...ecsEvents,
  { atMs: clock.now(), message: "(service green) said" },
  { atMs: deployedMs - 60_000, message: "(service green) was unhealthy (reason old)" },
];

/** Every service runs what was deployed, unless the world says otherwise. */
export const services = (world: World): Context["services"] => ({
  read: async (_cluster, names) => {
    if (world.failing.services !== undefined) throw new Error(world.failing.services);
    return new Map(
      names.map((name) => {
        const slot: Slot = name === "service-blue" ? "blue" : "green";
        const deployed = `arn:task/${slot}:${world.config.slots[slot].modelVersion}`;
        const { state: rolloutState, task: taskDefinitionArn = deployed } = world.rollout[slot];
        const primary = { taskDefinitionArn, rolloutState, rolloutReason: "why", failedTasks: 0 };
        const desired = world.desired[slot];
        const reading = { status: "ACTIVE", desired, running: desired, primary, events: eventsOf(world) };
        return [name, reading];
      }),
    );
  },
});
