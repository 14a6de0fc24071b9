import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { isRouteUpdate, type Gate } from "./support/gate.ts";
import type { RunningVerb } from "./support/verb.ts";
import { aStack, type World } from "./support/world.ts";

const LONG = 120_000;

/** Where in its way a rollout is killed: the event that it is killed on, and how the stack stands at that moment. */
interface Phase {
  readonly name: string;
  readonly comes: (rollout: RunningVerb, gate: Gate) => Promise<unknown>;
  /** Percent of the candidate, live and as deployed. */
  readonly live: number;
  readonly deployed: number;
}

const PHASES: readonly Phase[] = [
  {
    name: "before the first share is applied",
    comes: (rollout) => rollout.saw("starts at 50 %"),
    live: 0,
    deployed: 0,
  },
  {
    name: "during the update, after the route changed and before the state is saved",
    comes: (_, gate) => gate.swallowAnswer(isRouteUpdate),
    live: 50,
    deployed: 0,
  },
  {
    name: "baking",
    comes: (rollout) => rollout.saw("at 50 %: not enough evidence"),
    live: 50,
    deployed: 50,
  },
  {
    name: "while advancing",
    comes: (rollout) => rollout.saw("advances to 100 %"),
    live: 50,
    deployed: 50,
  },
  {
    name: "while promoting",
    comes: (rollout) => rollout.saw("is promoted: "),
    live: 100,
    deployed: 100,
  },
];

describe("a rollout that is killed with SIGKILL and started again promotes a good release all the same,", () => {
  let world: World;
  let gate: Gate;
  beforeAll(async () => {
    world = await aStack({ speed: 120, blue: { image: "digits:1", modelVersion: "1" } });
    gate = await world.gate();
  }, LONG);
  afterAll(() => world.close(), LONG);

  it.each(PHASES)("killed $name", async ({ comes, live, deployed }) => {
    const active = (await world.see.standing()).activeSlot as Slot;
    const candidate = otherSlot(active);
    const T = Date.now();
    await world.deploy("digits:2", "2");
    console.log("deployed", Date.now() - T);
    const first = world.start("rollout");
    await comes(first, gate);
    await first.kill9();
    console.log("killed", Date.now() - T);
    const atKill = await world.see.standing();
    expect({ live: atKill.live[candidate], deployed: atKill.lent[candidate] }).toEqual({ live, deployed });

    const again = await world.rollout();
    console.log("rolled", Date.now() - T, again.stderr);
    expect(again).toMatchObject({ exitCode: 0, result: "promoted" });
    expect(await world.see.standing()).toMatchObject({
      activeSlot: candidate,
      lent: { blue: 0, green: 0 },
      live: { [candidate]: 100, [active]: 0 },
      releaseState: "promoted",
    });
  }, LONG);
});
