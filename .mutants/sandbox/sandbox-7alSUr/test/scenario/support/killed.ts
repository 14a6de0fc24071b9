import { expect } from "vitest";
import { isSlot, otherSlot, type Slot } from "../../../contract/slot.ts";
import type { Standing } from "./cloud-reader.ts";
import type { RunningVerb } from "./verb.ts";
import type { Verdict, World } from "./world.ts";

/** Where in its way a rollout is killed. */
export interface Phase {
  readonly name: string;
  /** Resolves in this phase of a rollout: at something that it says, or that it asks the cloud for. */
  readonly comes: (rollout: RunningVerb) => Promise<unknown>;
  /** Percent of the candidate at that moment, on the route and as deployed: proves that it was this phase. */
  readonly live: number;
  readonly deployed: number;
}

/** Deploys a model, kills its rollout with SIGKILL in a phase, and runs it again to its end. */
export async function killAndRunAgain(
  world: World,
  image: string,
  { comes, live, deployed }: Phase,
): Promise<{ readonly active: Slot; readonly candidate: Slot; readonly again: Verdict }> {
  const { activeSlot: active } = await world.see.standing();
  if (!isSlot(active)) throw new Error(`no slot is called ${active}`);
  const candidate = otherSlot(active);
  expect(await world.deploy(image, "2")).toMatchObject({ exitCode: 0, slot: candidate });
  const first = world.start("rollout", "--skip-tests");
  await comes(first);
  await first.kill9();
  const atKill = await world.see.standing();
  expect({ live: atKill.live[candidate], deployed: atKill.shifted[candidate] }).toEqual({ live, deployed });
  return { active, candidate, again: await world.rollout("--skip-tests") };
}

/** How a release ends that nobody killed: all traffic is on `active`, and no traffic is shifted. */
export function ended(active: Slot, releaseState: string): Omit<Standing, "images"> {
  const everyone = { [otherSlot(active)]: 0, [active]: 100 };
  return {
    activeSlot: active,
    shifted: { blue: 0, green: 0 },
    live: { blue: everyone["blue"] ?? 0, green: everyone["green"] ?? 0 },
    releaseState,
  };
}
