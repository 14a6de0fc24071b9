import { atAge, type PredictionMinute } from "../../../validation/core/signals/at-age.ts";
import type { SignalMinute, SignalSeries } from "../../../validation/core/signals/series.ts";
import type { Count } from "../../../validation/core/comparison/counts.ts";
import type { Random } from "../decision/random.ts";
import { exponential, poissonOf } from "./draw.ts";
import { DAY, REQUESTS_PER_MINUTE, shareAt, type Delay, type LabelsPlan, type SignalWorld } from "./world.ts";

export const MINUTE_MS = 60_000;

/** What a slot's answers of one minute came to, and when the labels of them came. */
interface Answered {
  readonly minute: number;
  readonly predictions: number;
  readonly wrong: readonly Told[];
  readonly right: readonly Told[];
}

/** A label: the minute in which it came, and the segment of its answer. */
interface Told {
  readonly at: number;
  readonly segment: number;
}

export interface DrawnLabels {
  readonly series: Omit<SignalSeries, "signal">;
  /** Why the product would hold after this minute of the release; undefined: it would not. */
  readonly heldAt: (minute: number) => string | undefined;
}

/** Labels of a day before the release and of the release; those of the last hours may never come in it. */
export function drawLabels(plan: LabelsPlan, world: SignalWorld, random: Random): DrawnLabels {
  const slot = (isCandidate: boolean) => {
    const rows: Answered[] = [];
    for (let minute = isCandidate ? 0 : -DAY; minute < world.minutes; minute++) {
      const share = minute < 0 ? 0 : shareAt(world, minute);
      rows.push(answered(plan, random, minute, isCandidate, isCandidate ? share : 1 - share));
    }
    return rows;
  };
  const [candidate, active] = [slot(true), slot(false)];
  return plan.counted === "at age"
    ? countedAtAge(plan, world, candidate, active)
    : countedAsTheyCome(world, candidate, active);
}

function answered(
  plan: LabelsPlan,
  random: Random,
  minute: number,
  isCandidate: boolean,
  part: number,
): Answered {
  const answers = REQUESTS_PER_MINUTE * part;
  const wrongRate = plan.wrong * (isCandidate ? plan.ratio : 1);
  const later = isCandidate ? plan.candidateLater : 0;
  const labels = (rate: number, delay: Delay) =>
    Array.from({ length: poissonOf(random, answers * plan.labelled * rate) }, () => ({
      at: Math.ceil(minute + later + drawDelay(random, delay)),
      segment: plan.segments === 0 ? 0 : Math.floor(random() * plan.segments),
    }));
  const wrong = labels(wrongRate, plan.whenWrong);
  const right = labels(1 - wrongRate, plan.whenRight);
  const others = poissonOf(random, answers * (1 - plan.labelled));
  return { minute, wrong, right, predictions: wrong.length + right.length + others };
}

const drawDelay = (random: Random, delay: Delay) =>
  delay.kind === "fixed" ? delay.minutes : exponential(random, delay.mean);

function countedAtAge(
  { labelAfterMinutes, segments: among }: LabelsPlan,
  world: SignalWorld,
  candidate: readonly Answered[],
  active: readonly Answered[],
): DrawnLabels {
  const names = Array.from({ length: among }, (_, index) => `segment=${index}`);
  const rows = (all: readonly Answered[], segment?: number) =>
    all.map(({ minute, predictions, wrong, right }): PredictionMinute => {
      const inTime = (one: Told) =>
        one.at <= minute + labelAfterMinutes && (segment === undefined || one.segment === segment);
      const wrongs = wrong.filter(inTime).length;
      const labelled = wrongs + right.filter(inTime).length;
      return { atMs: minute * MINUTE_MS, predictions, wrong: wrongs, labelled };
    });
  const during = (segment?: number) => ({
    candidate: rows(candidate, segment),
    active: rows(active, segment).filter(({ atMs }) => atMs >= 0),
  });
  const whole = during();
  const parts = names.map((name, segment) => ({ name, slots: during(segment) }));
  const at = (minute: number) => {
    const settings = { labelAfterMinutes, nowMs: minute * MINUTE_MS };
    return {
      all: atAge(whole, settings),
      segments: parts.map(({ name, slots }) => ({
        name,
        ...atAge(slots, { ...settings, segment: { name, among } }),
      })),
    };
  };
  const { all, segments } = at(world.minutes);
  return {
    series: {
      minutes: all.minutes,
      segments: segments.map(({ name, minutes }) => ({ name, minutes })),
      tenths: [],
      // Those whose labels had their time before the release.
      history: rows(active)
        .filter(({ atMs }) => atMs < -labelAfterMinutes * MINUTE_MS)
        .map(({ labelled, wrong }) => ({ exposure: labelled, events: wrong })),
      held: undefined,
    },
    heldAt(minute) {
      const then = at(minute);
      return then.all.held ?? then.segments.find(({ held }) => held !== undefined)?.held;
    },
  };
}

function countedAsTheyCome(
  world: SignalWorld,
  candidate: readonly Answered[],
  active: readonly Answered[],
): DrawnLabels {
  const byArrival = (rows: readonly Answered[]) => {
    const counts = Array.from({ length: DAY + world.minutes }, () => ({ exposure: 0, events: 0 }));
    const add = (at: number, events: number) => {
      const count = counts[at + DAY];
      if (count === undefined) return;
      count.exposure += 1;
      count.events += events;
    };
    for (const { wrong, right } of rows) {
      for (const { at } of wrong) add(at, 1);
      for (const { at } of right) add(at, 0);
    }
    return counts;
  };
  const [ours, theirs] = [byArrival(candidate), byArrival(active)];
  const none: Count = { exposure: 0, events: 0 };
  const minutes = Array.from({ length: world.minutes }, (_, minute): SignalMinute => ({
    atMs: minute * MINUTE_MS,
    candidate: ours[minute + DAY] ?? none,
    active: theirs[minute + DAY] ?? none,
  }));
  const history = theirs.slice(0, DAY);
  return {
    series: { minutes, segments: [], tenths: [], history, held: undefined },
    heldAt: () => undefined,
  };
}
