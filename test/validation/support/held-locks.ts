import type { Context, LockHolder, Update } from "../../../validation/ports.ts";
import { candidateReady } from "./samples.ts";
import { World } from "./world.ts";

export const DEAD: LockHolder = { who: "me@here (pid 7, since T)", dead: true };
export const UNKNOWN: LockHolder = { who: "ci@here (pid 7, since T)", dead: false };
export const RUNS: LockHolder = { who: "ann@here (pid 8, since T)", dead: false, runs: true };
export const SHARE: Update = {
  change: { greenWeight: 10, generation: 4 },
  scope: "route",
  refresh: false,
  message: "m",
};
export const notes = (world: World) =>
  world.events.flatMap((event) => (event.kind === "note" ? [event.message] : []));

export function held(by: readonly LockHolder[]): World {
  const world = new World(candidateReady());
  world.locks = [...by];
  return world;
}

/** The context of a person who said `--force-ownership`: as the command line wires it, once. */
export function forced(world: World): Context {
  let left = true;
  const takeForce = () => {
    const answer = left;
    left = false;
    return answer;
  };
  return { ...world.context(), takeForce };
}
