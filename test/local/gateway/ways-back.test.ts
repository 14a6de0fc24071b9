import type { ModifyRuleInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { Pool } from "undici";
import { describe, expect, it, onTestFinished } from "vitest";
import { renderForward } from "../../../contract/route/route.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { Split } from "../../../contract/route/split.ts";
import { sampled } from "../../support/sampled.ts";
import { named, seededRandom, upstream, world } from "../../../packages/local-cloud/test/gateway/support.ts";

const CLIENTS = sampled(1_000, 100);
const STICKY_SECONDS = 3_600;
const AT_A_TIME = 16;

/** A client with a cookie of its own, and the slot it is pinned to. */
interface Pinned {
  readonly slot: Slot;
  readonly cookie: string;
}

async function stack() {
  const w = await world({ random: seededRandom(5) });
  const groups = { blue: await w.createGroup("blue"), green: await w.createGroup("green") };
  const route = await w.createRule(1, [forward({ blue: 100, green: 0 })]);
  await w.register(groups.blue, await upstream(named("blue")));
  await w.register(groups.green, await upstream(named("green")));
  const pool = new Pool(w.url, { connections: AT_A_TIME });
  onTestFinished(() => pool.close());

  /** What the program declares for a split, and what the emergency write sends. */
  function forward(split: Split) {
    const { groups: shares, stickiness } = renderForward(split, groups, STICKY_SECONDS);
    return {
      Type: "forward" as const,
      ForwardConfig: {
        TargetGroups: shares.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight })),
        TargetGroupStickinessConfig: {
          Enabled: stickiness.enabled,
          DurationSeconds: stickiness.durationSeconds,
        },
      },
    };
  }
  const ask = async (cookie?: string) => {
    const { headers, body } = await pool.request({
      path: "/predict",
      method: "GET",
      headers: cookie === undefined ? {} : { cookie },
    });
    const [setCookie = ""] = [headers["set-cookie"] ?? []].flat();
    return { slot: (await body.text()) as Slot, cookie: setCookie.split(";")[0] ?? "" };
  };
  return {
    write: (split: Split) =>
      w.call("ModifyRule", { RuleArn: route, Actions: [forward(split)] } satisfies ModifyRuleInput),
    /** As many clients as asked for that are pinned to a slot, no two with the same cookie. */
    async pinnedTo(slot: Slot): Promise<Pinned[]> {
      const clients: Pinned[] = [];
      while (clients.length < CLIENTS) {
        const client = await ask();
        // All clients of a group get the same cookie within a second.
        w.clock.advance(1_000);
        if (client.slot === slot) clients.push(client);
      }
      expect(new Set(clients.map(({ cookie }) => cookie)).size).toBe(CLIENTS);
      return clients;
    },
    /** How many of these clients each slot answers now. */
    async answering(clients: readonly Pinned[]): Promise<Record<Slot, number>> {
      const counts = { blue: 0, green: 0 };
      const rest = [...clients];
      const user = async () => {
        for (let client = rest.pop(); client !== undefined; client = rest.pop())
          counts[(await ask(client.cookie)).slot] += 1;
      };
      await Promise.all(Array.from({ length: AT_A_TIME }, user));
      return counts;
    },
  };
}

describe("clients with cookies", () => {
  it("stay where they are while the share is between 0 and 100, whatever it is", async () => {
    const s = await stack();
    await s.write({ blue: 50, green: 50 });
    const clients = await s.pinnedTo("green");
    for (const green of [10, 99, 1]) {
      await s.write({ blue: 100 - green, green });
      expect(await s.answering(clients)).toEqual({ blue: 0, green: CLIENTS });
    }
  });

  it.each<{ way: string; pinned: Slot; to: Split }>([
    { way: "a revert, or greenWeight 0 and up", pinned: "green", to: { blue: 100, green: 0 } },
    { way: "promotion", pinned: "blue", to: { blue: 0, green: 100 } },
  ])("of the other slot all land on the right one after $way", async ({ pinned, to }) => {
    const s = await stack();
    await s.write({ blue: 50, green: 50 });
    const clients = await s.pinnedTo(pinned);
    await s.write(to);
    const right = pinned === "green" ? "blue" : "green";
    expect(await s.answering(clients)).toEqual({ blue: 0, green: 0, [right]: CLIENTS });
  });

  it("of the standby all land on it after a revert of a promotion, although green's cookies are younger", async () => {
    const s = await stack();
    await s.write({ blue: 50, green: 50 });
    const [green, blue] = [await s.pinnedTo("green"), await s.pinnedTo("blue")];
    await s.write({ blue: 0, green: 100 });
    await s.write({ blue: 100, green: 0 });
    expect(await s.answering([...green, ...blue])).toEqual({ blue: 2 * CLIENTS, green: 0 });
  });
});
