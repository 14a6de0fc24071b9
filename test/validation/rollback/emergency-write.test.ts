import { describe, expect, test } from "vitest";
import { perSlot } from "../../../contract/slot.ts";
import { rollBack, type KnownRoute } from "../../../validation/rollback/emergency-write.ts";
import { groupArn, ROUTE_ARN, World } from "../support/world.ts";
import { counts, sharing } from "../support/samples.ts";

const ROUTE: KnownRoute = { routeArn: ROUTE_ARN, groups: perSlot(groupArn), stickinessSeconds: 0 };

describe("the emergency write", () => {
  test("tells in how many seconds everyone was back, counted from the start of the process", async () => {
    const world = new World(sharing(50));
    const seconds = await rollBack(world.context(), ROUTE, "blue", world.clock.now() - 1_500);
    expect(seconds).toBe(1.5);
    expect(world.events).toEqual([{ kind: "reverted", to: "blue", seconds: 1.5 }]);
  });

  test("fails when the load balancer takes it and shows other weights for a minute", async () => {
    const world = new World(sharing(50));
    const context = world.context();
    const route = { ...context.route, write: async () => {} };
    const startMs = world.clock.now();
    const back = rollBack({ ...context, route }, ROUTE, "blue", startMs);
    await expect(back).rejects.toMatchObject({ code: "BG130" });
    await expect(back).rejects.toThrow("The route does not show blue 100 % · green 0 %.");
    expect(world.clock.now() - startMs).toBe(60_000);
    expect(world.events).toEqual([]);
  });

  describe("whose answer is lost", () => {
    const lost = (carriesOut: boolean) => {
      const world = new World(sharing(50));
      const context = world.context();
      let writes = 0;
      let reads = 0;
      const route = {
        ...context.route,
        write: async (...given: Parameters<typeof context.route.write>) => {
          if (carriesOut) await context.route.write(...given);
          writes += 1;
          throw new Error("socket hang up");
        },
        read: async (arn: string) => {
          reads += 1;
          if (reads <= 2) throw new Error("connect ETIMEDOUT");
          return context.route.read(arn);
        },
      };
      const back = rollBack({ ...context, route }, ROUTE, "blue", world.clock.now());
      return { world, back, writes: () => writes };
    };

    test("is done where the route shows it, once that can be read", async () => {
      const { world, back, writes } = lost(true);
      await expect(back).resolves.toBe(2);
      expect(writes()).toBe(1);
      expect(world.events).toEqual([{ kind: "reverted", to: "blue", seconds: 2 }]);
    });

    test("has failed where the route shows other weights", async () => {
      const { world, back } = lost(false);
      await expect(back).rejects.toThrow("socket hang up");
      expect(world.events).toEqual([]);
    });
  });

  test.each(["healthy", "unhealthy", "initial", "other"] as const)(
    "sends everyone where the only target is %s",
    async (state) => {
      const world = new World(sharing(50));
      world.health.blue = counts(0, { [state]: 1 });
      await rollBack(world.context(), ROUTE, "blue", world.clock.now());
      expect(world.live.blue).toBe(100);
    },
  );
});
