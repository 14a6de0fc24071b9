import type { DescribeRulesOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { describe, expect, it } from "vitest";
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
