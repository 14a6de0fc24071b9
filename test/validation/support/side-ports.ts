import type { Context } from "../../../validation/ports.ts";
import type { World } from "./world.ts";

/** What a flow works with beside the stack and its cloud. */
export function sidePorts(world: World): Pick<Context, "customGates" | "memo" | "publisher"> {
  return {
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
    },
  };
}

/** What ECS says of any service, newest first. */
export const eventsOf = ({
  clock,
  deployedMs,
  ecsEvents,
}: Pick<World, "clock" | "deployedMs" | "ecsEvents">) => [
  ...ecsEvents,
  { atMs: clock.now(), message: "(service green) said" },
  { atMs: deployedMs - 60_000, message: "(service green) was unhealthy (reason old)" },
];
