import { describe, expect, it } from "vitest";
import { named, seededRandom, split, upstream, world } from "./support.ts";
import type { World } from "./support.ts";

const STICKY_SECONDS = 60;

interface TwoSlots extends World {
  readonly blue: string;
  readonly green: string;
  /** Writes the route's weights and whether it is sticky. */
  route(blueWeight: number, greenWeight: number, sticky?: boolean): Promise<unknown>;
  /** A new client's first answer. */
  first(): Promise<{ group: string; cookie: string }>;
  /** The group that answers a client with this cookie, and its next cookie. */
  again(cookie: string): Promise<{ group: string; cookie: string }>;
}

async function twoSlots(): Promise<TwoSlots> {
  const w = await world({ random: seededRandom(1) });
  const [blue, green] = [await w.createGroup("blue"), await w.createGroup("green")];
  const rule = await w.createRule(1, [
    split(
      [
        [blue, 50],
        [green, 50],
      ],
      STICKY_SECONDS,
    ),
  ]);
  await w.register(blue, await upstream(named("blue")));
  await w.register(green, await upstream(named("green")));
  const ask = async (headers: Record<string, string>) => {
    const answer = await w.get("/", { headers });
    const [setCookie = ""] = [answer.headers["set-cookie"] ?? []].flat();
    return { group: answer.body, cookie: setCookie.split(";")[0] ?? "" };
  };
  return {
    ...w,
    blue,
    green,
    route: (blueWeight, greenWeight, sticky = true) =>
      w.call("ModifyRule", {
        RuleArn: rule,
        Actions: [
          split(
            [
              [blue, blueWeight],
              [green, greenWeight],
            ],
            sticky ? STICKY_SECONDS : undefined,
          ),
        ],
      }),
    first: () => ask({}),
    again: (cookie) => ask({ cookie }),
  };
}

describe("target group stickiness", () => {
  it("keeps every client on its group while its cookie lasts, and new clients follow the weights", async () => {
    const w = await twoSlots();
    const groups = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const { group, cookie } = await w.first();
      groups.add(group);
      for (let j = 0; j < 3; j++) expect((await w.again(cookie)).group).toBe(group);
    }
    expect(groups).toEqual(new Set(["blue", "green"]));
  });

  it("takes precedence over the weights, even over weight 0", async () => {
    const w = await twoSlots();
    await w.route(0, 100);
    const { group, cookie } = await w.first();
    expect(group).toBe("green");
    await w.route(100, 0);
    expect((await w.again(cookie)).group).toBe("green");
    expect((await w.first()).group).toBe("blue");
  });

  it("ends with the cookie's duration in virtual time, which slides with each answer", async () => {
    const w = await twoSlots();
    await w.route(0, 100);
    const { cookie } = await w.first();
    await w.route(100, 0);
    w.clock.advance(59_000);
    const renewed = await w.again(cookie);
    expect(renewed.group).toBe("green");
    w.clock.advance(59_000);
    expect((await w.again(renewed.cookie)).group).toBe("green");
    expect((await w.again(cookie)).group).toBe("blue");
  });

  it("is not honoured, and no cookie is issued, once the rule is not sticky any more", async () => {
    const w = await twoSlots();
    await w.route(0, 100);
    const { cookie } = await w.first();
    await w.route(100, 0, false);
    expect(await w.again(cookie)).toEqual({ group: "blue", cookie: "" });
  });

  it("is not honoured for a group that the rule does not name any more", async () => {
    const w = await twoSlots();
    await w.route(0, 100);
    const { cookie } = await w.first();
    const [rule] = (
      await w.call<{ Rules: { RuleArn: string }[] }>("DescribeRules", { ListenerArn: w.listenerArn })
    ).Rules;
    await w.call("ModifyRule", { RuleArn: rule?.RuleArn, Actions: [split([[w.blue, 1]], STICKY_SECONDS)] });
    expect((await w.again(cookie)).group).toBe("blue");
  });

  it("holds a client on a group without targets: 503 until the cookie has expired", async () => {
    const w = await twoSlots();
    await w.route(0, 100);
    const { cookie } = await w.first();
    await w.route(100, 0);
    await w.call("ModifyTargetGroupAttributes", {
      TargetGroupArn: w.green,
      Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "0" }],
    });
    const health = await w.call<{ TargetHealthDescriptions: { Target: { Id: string; Port: number } }[] }>(
      "DescribeTargetHealth",
      { TargetGroupArn: w.green },
    );
    await w.call("DeregisterTargets", {
      TargetGroupArn: w.green,
      Targets: health.TargetHealthDescriptions.map(({ Target }) => Target),
    });
    expect((await w.get("/", { headers: { cookie } })).status).toBe(503);
    w.clock.advance(STICKY_SECONDS * 1000);
    expect((await w.again(cookie)).group).toBe("blue");
  });
});
