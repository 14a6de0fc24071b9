import { LANES, type ExperimentStep } from "./experiments.ts";
import { Stopped, type Guard } from "./guard.ts";
import type { ExperimentId, Observations } from "./observations.ts";
import { alarms } from "./perform/alarms.ts";
import { makeBase } from "./perform/base.ts";
import type { Base } from "./perform/base-types.ts";
import { certificates } from "./perform/certificates.ts";
import { internal } from "./perform/internal-load-balancer.ts";
import { zones } from "./perform/zones.ts";
import type { Context } from "./perform/context.ts";
import { group } from "./perform/group.ts";
import { release } from "./perform/release.ts";
import { rights } from "./perform/rights.ts";
import { route } from "./perform/route.ts";
import { shift } from "./perform/shift.ts";
import { traffic } from "./perform/traffic.ts";
import { wordsOf } from "./teardown.ts";

type Perform = {
  readonly [Id in ExperimentId]: (context: Context, sinceMs: number) => Promise<Observations[Id]>;
};

const PERFORM: Perform = {
  route,
  shift,
  group,
  traffic,
  alarms,
  zones,
  internal,
  certificates,
  release,
  rights,
};

export interface Session {
  readonly seen: Partial<Observations>;
  /** Why an experiment did not come to its end. */
  readonly troubles: readonly string[];
}

const MINUTE = 60_000;

/**
 * Makes the experiments, lane beside lane. One that fails fails alone, but for what stands on it; nothing begins that
 * would not end before the teardown must. Never throws.
 */
export async function makeExperiments(
  steps: readonly ExperimentStep[],
  context: Omit<Context, "base">,
  guard: Guard,
  untilMs: number,
): Promise<Session> {
  const { clock, tell } = context;
  const seen: Partial<Observations> = {};
  const troubles: string[] = [];
  const sinceMs = clock.now();
  let making: Promise<Base> | undefined;
  const whole: Context = {
    ...context,
    base: () => making ?? Promise.reject(new Error("what it stands on was not made")),
  };
  const perform = async <Id extends ExperimentId>(id: Id) => {
    const observed = await PERFORM[id](whole, sinceMs);
    Object.assign(seen, { [id]: observed });
  };
  const make = async ({ id, minutes, title }: ExperimentStep) => {
    const why = guard.stopped() ?? (clock.now() + minutes * MINUTE > untilMs ? "no time left" : undefined);
    if (why !== undefined) {
      troubles.push(`${id}: not begun: ${why}`);
      return;
    }
    tell(`${id}: ${title}`);
    try {
      if (id === "base") await making;
      else await perform(id);
      tell(`${id}: done`);
    } catch (error) {
      const words = `${id}: ${error instanceof Stopped ? "cut off: " : ""}${wordsOf(error)}`;
      troubles.push(words);
      tell(words);
    }
  };
  if (steps.some(({ id }) => id === "base")) {
    making = makeBase(whole);
    // Whoever stands on it is told; a lane that does not wait for it must not end the process.
    making.catch(() => {});
  }
  const lane = async (own: readonly ExperimentStep[]) => {
    for (const step of own) await make(step);
  };
  await Promise.all(LANES.map((name) => lane(steps.filter((step) => step.lane === name))));
  return { seen, troubles };
}
