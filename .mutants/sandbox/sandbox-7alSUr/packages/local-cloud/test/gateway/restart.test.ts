import type { DescribeRulesOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
import type { Elb, TargetAddress, TargetState } from "../../gateway/elb.ts";
import type { ManualClock } from "../support/manual-clock.ts";
import { callElb, named, newElb, split, upstream, world } from "./support.ts";

describe("a load balancer that is restored from its snapshot", () => {
  it("answers at the same address by the same rules, and honours the cookies that it gave out", async () => {
    const before = await world({ random: () => 0.99 });
    const [blue, green] = [await before.createGroup("blue"), await before.createGroup("green")];
    await before.createRule(1, [
      split(
        [
          [blue, 50],
          [green, 50],
        ],
        3600,
      ),
    ]);
    await before.register(green, await upstream(named("green")));
    const cookie = String([(await before.get()).headers["set-cookie"]].flat()[0]).split(";")[0] ?? "";
    const rules = await before.call<DescribeRulesOutput>("DescribeRules", {
      ListenerArn: before.listenerArn,
    });
    const snapshot: unknown = JSON.parse(JSON.stringify(before.elb.snapshot()));
    await before.elb.close();

    // This one would choose blue, were it not for the cookie.
    const { elb } = newElb({ clock: before.clock, random: () => 0 });
    await elb.restore(snapshot);
    expect(await callElb(elb, "DescribeRules", { ListenerArn: before.listenerArn })).toEqual(rules);
    elb.registerTarget(blue, await upstream(named("blue")));
    elb.registerTarget(green, await upstream(named("green")));
    expect((await before.get("/", { headers: { cookie } })).body).toBe("green");
    expect((await before.get()).body).toBe("blue");
    expect(elb.snapshot()).toEqual(snapshot);
  });

  describe("and whose targets come back", () => {
    /** A load balancer whose one group has everybody, restored; its clock stands still. */
    async function restored(options: Parameters<typeof newElb>[0] = {}) {
      const before = await world();
      const group = await before.createGroup("blue");
      await before.createRule(1, [split([[group, 1]])]);
      const snapshot: unknown = JSON.parse(JSON.stringify(before.elb.snapshot()));
      await before.elb.close();
      const { elb } = newElb({ clock: before.clock, ...options });
      await elb.restore(snapshot);
      elb.expectOnly([group]);
      return { elb, group, clock: before.clock, get: before.get };
    }

    /** Lets one health check after the other be due until the target has that state. */
    async function untilState(
      elb: Elb,
      clock: ManualClock,
      group: string,
      target: TargetAddress,
      state: TargetState,
    ): Promise<void> {
      while (elb.targetHealth(group, target) !== state) {
        clock.advance(1_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }

    it("holds a request until a target is healthy, also when it began by failing its checks", async () => {
      const { elb, group, clock, get } = await restored();
      const early = get();
      // The process is there, and takes its time to load the model.
      let loaded = false;
      const model = await upstream((req, res) => {
        res.statusCode = loaded ? 200 : 503;
        res.end(req.url === "/health" ? "" : "blue");
      });
      elb.registerTarget(group, model);
      await untilState(elb, clock, group, model, "unhealthy");
      const late = get();
      loaded = true;
      await untilState(elb, clock, group, model, "healthy");
      expect([(await early).status, (await early).body, (await late).status]).toEqual([200, "blue", 200]);
    });

    it("answers 503 after a bounded time in which none came", async () => {
      const { get } = await restored({ restoreWaitMs: 20 });
      expect((await get()).status).toBe(503);
    });

    it("answers 503 at once for a group in which nobody comes back", async () => {
      const { elb, get } = await restored();
      elb.expectOnly([]);
      expect((await get()).status).toBe(503);
    });
  });

  it("is told of each change that has to be stored, and of nothing else", async () => {
    const w = await world();
    let changes = 0;
    w.elb.onChange(() => (changes += 1));
    const group = await w.createGroup("blue");
    await w.createRule(1, [split([[group, 1]])]);
    expect(changes).toBe(2);
    await w.register(group, await upstream(named("blue")));
    await w.call("DescribeTargetGroups", {});
    expect(changes).toBe(2);
  });

  it("refuses a snapshot that is not its own, and says so", async () => {
    for (const json of [null, {}, { version: 99 }])
      await expect(newElb().elb.restore(json)).rejects.toThrow("stored state is not of version 1");
  });
});
