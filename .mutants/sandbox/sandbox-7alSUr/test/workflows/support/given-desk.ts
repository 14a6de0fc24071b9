import { afterAll, beforeAll } from "vitest";
import { aStack, type Given, type World } from "../../scenario/support/world.ts";
import { openDesk, type Desk } from "./desk.ts";

/** How long a workflow may take on a busy machine, ms. */
export const LONG = 300_000;

/**
 * Requests a minute of the cloud's time. At sixty times the clock these are 120 in a real second, which a busy machine can
 * answer in time: more of them waited, and that counted against the candidate, as it would anywhere.
 */
export const USERS = 120;

/** A stack with digits:1 on blue, and GitHub's desk beside it. */
export interface Here {
  readonly world: World;
  readonly desk: Desk;
}

/**
 * For the tests of the `describe` that calls it: a stack on a local cloud of its own, where each job has the permissions of the
 * role that it assumes and no others, and a desk. Both are there from its first test to its last.
 */
export function givenDesk(given: Partial<Given> = {}): Here {
  const opened: { world?: World; desk?: Desk } = {};
  beforeAll(async () => {
    opened.world = await aStack({
      speed: 60,
      cloud: ["--authorize"],
      blue: { image: "digits:1", modelVersion: "1" },
      ...given,
    });
    opened.desk = await openDesk(opened.world.place);
  }, LONG);
  afterAll(async () => {
    await opened.desk?.close();
    await opened.world?.close();
  }, LONG);
  return {
    get world() {
      return there(opened.world);
    },
    get desk() {
      return there(opened.desk);
    },
  };
}

function there<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("the tests have not begun");
  return part;
}
