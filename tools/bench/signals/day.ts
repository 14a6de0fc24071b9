import type { Signal } from "../../../contract/signals/signal.ts";
import type { Count } from "../../../validation/core/comparison/counts.ts";
import type { SignalMinute, SignalSeries } from "../../../validation/core/signals/series.ts";
import { cached, normalBelow } from "../decision/samplers.ts";
import type { Random } from "../decision/random.ts";
import { poissonOf } from "./draw.ts";
import { drawLabels, MINUTE_MS, type DrawnLabels } from "./labels.ts";
import {
  DAY,
  REQUESTS_PER_MINUTE,
  shareAt,
  type CountsPlan,
  type LossesPlan,
  type ScoresPlan,
  type SegmentsPlan,
  type SignalPlan,
  type SignalWorld,
} from "./world.ts";

/** One signal of a simulated release, as its source would be read. */
export interface DrawnSignal {
  readonly series: SignalSeries;
  readonly heldAt: DrawnLabels["heldAt"];
}

type Drawn = Omit<SignalSeries, "signal">;

export function drawSignal(plan: SignalPlan, world: SignalWorld, random: Random): DrawnSignal {
  const signal = signalOf(plan);
  if (plan.plan === "labels") {
    const { series, heldAt } = drawLabels(plan, world, random);
    return { series: { signal, ...series }, heldAt };
  }
  return { series: { signal, ...drawAtOnce(plan, world, random) }, heldAt: () => undefined };
}

function drawAtOnce(
  plan: Exclude<SignalPlan, { plan: "labels" }>,
  world: SignalWorld,
  random: Random,
): Drawn {
  switch (plan.plan) {
    case "counts":
      return drawCounts(plan, world, random);
    case "segments":
      return drawSegments(plan, world, random);
    case "losses":
      return drawLosses(plan, world, random);
    case "scores":
      return drawScores(plan, world, random);
  }
}

const signalOf = ({ name, action, plan }: SignalPlan): Signal => ({
  name,
  kind: plan === "losses" || plan === "scores" ? plan : "counts",
  source: { from: "log", numerator: "Events", denominator: "Answers" },
  tolerance: undefined,
  better: "lower",
  budget: 1,
  action,
  segments: {},
});

/** A day before the release of the active slot alone, then the release. */
function inTime(world: SignalWorld, of: (answers: number, isCandidate: boolean) => Count) {
  const history = Array.from({ length: DAY }, () => of(REQUESTS_PER_MINUTE, false));
  const minutes = Array.from({ length: world.minutes }, (_, minute): SignalMinute => {
    const answers = REQUESTS_PER_MINUTE * shareAt(world, minute);
    return {
      atMs: minute * MINUTE_MS,
      candidate: of(answers, true),
      active: of(REQUESTS_PER_MINUTE - answers, false),
    };
  });
  return { history, minutes };
}

const PLAIN = { segments: [], tenths: [], held: undefined } as const;

function drawCounts({ rate, ratio, cluster }: CountsPlan, world: SignalWorld, random: Random): Drawn {
  return {
    ...PLAIN,
    ...inTime(world, (answers, isCandidate) => {
      const own = Math.min(1, rate * (isCandidate ? ratio : 1));
      const events = cluster * poissonOf(random, (answers * own) / cluster);
      return { events, exposure: events + poissonOf(random, answers * (1 - own)) };
    }),
  };
}

function drawSegments(
  { rate, segments, areDeclared }: SegmentsPlan,
  world: SignalWorld,
  random: Random,
): Drawn {
  const each = segments.map(({ part, ratio }) =>
    inTime(world, (answers, isCandidate) => {
      const own = rate * (isCandidate ? ratio : 1);
      const events = poissonOf(random, answers * part * own);
      return { events, exposure: events + poissonOf(random, answers * part * (1 - own)) };
    }),
  );
  const sum = (counts: readonly Count[]): Count => ({
    exposure: counts.reduce((all, { exposure }) => all + exposure, 0),
    events: counts.reduce((all, { events }) => all + events, 0),
  });
  const at = (index: number, arm: "candidate" | "active") =>
    sum(each.flatMap(({ minutes }) => minutes[index]?.[arm] ?? []));
  return {
    ...PLAIN,
    minutes: Array.from({ length: world.minutes }, (_, index) => ({
      atMs: index * MINUTE_MS,
      candidate: at(index, "candidate"),
      active: at(index, "active"),
    })),
    history: Array.from({ length: DAY }, (_, index) =>
      sum(each.flatMap(({ history }) => history[index] ?? [])),
    ),
    segments: areDeclared ? each.map(({ minutes }, index) => ({ name: `segment=${index}`, minutes })) : [],
  };
}

/** So many values stand for all losses: a power for each answer would be most of the bench's time. */
const LOSSES = 4096;
const lossesOf = cached((mean) =>
  Float64Array.from({ length: LOSSES }, (_, index) => ((index + 0.5) / LOSSES) ** (1 / mean - 1)),
);

function drawLosses({ mean, ratio }: LossesPlan, world: SignalWorld, random: Random): Drawn {
  return {
    ...PLAIN,
    ...inTime(world, (answers, isCandidate) => {
      const losses = lossesOf(mean * (isCandidate ? ratio : 1));
      const exposure = poissonOf(random, answers);
      let events = 0;
      for (let answer = 0; answer < exposure; answer++) events += losses[(random() * LOSSES) | 0] ?? 0;
      return { exposure, events };
    }),
  };
}

const TENTHS = 10;
/** So many answers before the release the limits of the tenths are taken from. */
const LIMIT_ANSWERS = 20_000;

function drawScores(plan: ScoresPlan, world: SignalWorld, random: Random): Drawn {
  const limits = limitsOf(random);
  const partsOf = (below: (limit: number) => number) =>
    Array.from(
      { length: TENTHS },
      (_, tenth) => below(limits[tenth + 1] ?? Infinity) - below(limits[tenth] ?? -Infinity),
    );
  const usual = partsOf(normalBelow);
  const { shift, spread, constant } = plan;
  const moved = partsOf((limit) => normalBelow((limit - shift) / spread)).map((part, tenth) =>
    constant === undefined
      ? part
      : part * (1 - constant.part) + (tenth === constant.tenth ? constant.part : 0),
  );
  const tenths = Array.from({ length: TENTHS }, () => [] as SignalMinute[]);
  const minutes: SignalMinute[] = [];
  const counts = (parts: readonly number[], answers: number) =>
    parts.map((part) => poissonOf(random, answers * part));
  const total = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0);
  for (let minute = 0; minute < world.minutes; minute++) {
    const answers = REQUESTS_PER_MINUTE * shareAt(world, minute);
    const [ours, theirs] = [counts(moved, answers), counts(usual, REQUESTS_PER_MINUTE - answers)];
    const [mine, other] = [total(ours), total(theirs)];
    const atMs = minute * MINUTE_MS;
    minutes.push({
      atMs,
      candidate: { exposure: mine, events: mine },
      active: { exposure: other, events: other },
    });
    tenths.forEach((into, tenth) =>
      into.push({
        atMs,
        candidate: { exposure: mine, events: ours[tenth] ?? 0 },
        active: { exposure: other, events: theirs[tenth] ?? 0 },
      }),
    );
  }
  const history = Array.from({ length: DAY }, (): Count => {
    const all = counts(usual, REQUESTS_PER_MINUTE);
    return { exposure: total(all), events: all[TENTHS - 1] ?? 0 };
  });
  return { ...PLAIN, minutes, tenths, history };
}

/** The tenths' limits as LIMIT_ANSWERS normal scores have them: they are no exact tenths, and need not be. */
function limitsOf(random: Random): readonly number[] {
  const scores = Float64Array.from({ length: LIMIT_ANSWERS }, () => normal(random)).sort();
  const between = Array.from(
    { length: TENTHS - 1 },
    (_, index) => scores[Math.floor((LIMIT_ANSWERS * (index + 1)) / TENTHS)] ?? 0,
  );
  return [-Infinity, ...between, Infinity];
}

/** Box and Muller. */
const normal = (random: Random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
