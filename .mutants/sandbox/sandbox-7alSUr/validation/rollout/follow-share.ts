import { serviceOf } from "../../contract/config/model-service.ts";
import { percents, stepAt } from "../../contract/config/steps.ts";
import { perSlot, type PerSlot } from "../../contract/slot.ts";
import type { Release } from "../../contract/release/release.ts";
import { follows, tasksChange, tasksDue } from "../core/changes/following.ts";
import { nextShare, unapproved } from "../core/changes/steering.ts";
import type { Situation } from "../core/situation.ts";
import { attempt } from "../reading.ts";
import { EXIT } from "../outcome.ts";
import { write } from "../stack/apply.ts";
import { tasksOf } from "../stack/tasks-of.ts";
import type { Context, Deployed } from "../ports.ts";
import type { Checked } from "./check.ts";
import { sinceOf } from "./live-since.ts";
import { countOf } from "./lower-tasks.ts";
import { AWS_POLL_MS } from "./poll.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "./step-types.ts";

/** Beyond twice the time that a model may take to load: pulling the image, health checks. As `deploy` waits. */
const PATIENCE_MS = 900_000;

/**
 * First the tasks, then the users: a candidate whose tasks follow its share gets, in an update of its own, what the next
 * share needs. undefined: it has that. The steps after this one wait until the tasks are healthy, by the gates
 * `scaling` and `target-health`, and find nothing due when they come here again. Killed in between, the next step
 * finds the tasks, or finds them due. A number that cannot be read raises no share.
 */
export async function giveTasks(
  moment: Moment,
  situation: Situation["kind"],
  release: Release,
  { verdict, comparison }: Checked,
  percent: number,
): Promise<StepOutcome | undefined> {
  const { context, deployed, options } = moment;
  const { config, raw } = deployed;
  const { id, slot } = release;
  if (!follows(release) || slot === config.activeSlot) return undefined;
  const known = { verdict, comparison, agreed: options.agreed };
  const read = await attempt(() => desiredTasks(context, deployed));
  if (!read.readable) {
    const sentence = `${slot} gets ${percent} % once it can be read how many tasks there are (${read.why})`;
    return outcomeOf(moment, situation, { exitCode: EXIT.done, sentence, finished: false, ...known });
  }
  const tasks = tasksDue(config, release, percent, read.value);
  if (tasks === undefined) return undefined;

  const liveSinceMs = sinceOf(context, deployed, release, options.agreed);
  const readyMs = context.clock.now() + serviceOf(config, slot).startupSeconds * 2000 + PATIENCE_MS;
  const change = tasksChange(config, raw, release, tasks, { percent, liveSinceMs, readyMs });
  const { minTasks, maxTasks } = config.slots[slot];
  const max = release.prepared?.max ?? maxTasks;
  const sentence =
    tasks > minTasks
      ? `${slot} gets ${countOf(tasks)} before it gets ${percent} %, after ${minTasks}`
      : `scaling may give ${slot} up to ${max} tasks again before it gets ${percent} %, after ${maxTasks}`;
  const message = `bluegreen: release ${id}: ${sentence}`;
  const written = await write(context, { change, scope: "everything", refresh: false, message });
  return written.kind === "shown"
    ? outcomeOf({ ...moment, deployed: written.deployed }, situation, {
        exitCode: EXIT.done,
        sentence,
        finished: false,
        ...known,
      })
    : outcomeOf(moment, situation, { ...notWritten(written), ...known });
}

/** Between two looks at a release on AWS: what is asked for in this one is there for the one after the next. */
const LOOK_MS = AWS_POLL_MS;

/**
 * The share in percent whose tasks are to start now, because nothing but the rest of the bake keeps the candidate from it,
 * and the tasks take as long to start; undefined: none. So they cost nothing while it waits for evidence or a person, and
 * the release waits for no start.
 */
export function shareAhead(
  { context, deployed, options }: Moment,
  release: Release,
  { verdict }: Pick<Checked, "verdict">,
): number | undefined {
  const { config } = deployed;
  const { steps } = config.rollout;
  // Everything else that it waits for is another reason beside the bake's own.
  const onlyBakes = verdict.kind === "hold" && verdict.why === "baking" && verdict.reasons.length === 1;
  if (!follows(release) || !onlyBakes || options.watchOnly === true) return undefined;
  const next = nextShare(percents(steps), release.weight) ?? 100;
  if (unapproved(config, release).includes(next)) return undefined;
  const { bakeMinutes } = stepAt(config.rollout, release.weight);
  const bakedMs = sinceOf(context, deployed, release, options.agreed) + bakeMinutes * 60_000;
  const startMs = serviceOf(config, release.slot).startupSeconds * 1000;
  return bakedMs - context.clock.now() <= startMs + LOOK_MS ? next : undefined;
}

/** How many tasks each slot is to run, or has where something else fills it. Throws when nobody says. */
export async function desiredTasks(context: Context, deployed: Deployed): Promise<PerSlot<number>> {
  const found = perSlot((slot) => tasksOf(context, deployed, slot));
  const [blue, green] = await Promise.all([found.blue, found.green]);
  const known = { blue, green };
  return perSlot((slot) => {
    const tasks = known[slot];
    if (tasks === undefined) throw new Error(`ECS knows no service of ${slot}`);
    return tasks;
  });
}
