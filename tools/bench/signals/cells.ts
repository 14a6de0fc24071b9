import {
  world,
  type Delay,
  type LabelsPlan,
  type ScoresPlan,
  type SegmentsPlan,
  type SignalPlan,
  type SignalWorld,
} from "./world.ts";

/** A world, what is asked of it, and in how many runs. */
export interface SignalCell {
  readonly world: SignalWorld;
  readonly asks:
    /** How many good candidates are rolled back. `isCounted`: whether it stands for the product, or for another way of counting. */
    | { readonly kind: "good"; readonly isCounted: boolean }
    /** Median minutes until rolled back, or until a signal that is only told is told. */
    | {
        readonly kind: "seen";
        readonly group: "labels" | "losses" | "scores" | "segments" | "failures" | "streams";
        /** Of labels: those minutes that they need to be old enough are not counted. */
        readonly after: number;
        /** The bar; undefined: none, it stands there to be compared with. */
        readonly mostMinutes: number | undefined;
      };
  /** Runs of this cell, in units of `--runs`. */
  readonly part: number;
}

const FIXED = (minutes: number): Delay => ({ kind: "fixed", minutes });
const ABOUT = (mean: number): Delay => ({ kind: "exponential", mean });

/** Wrong answers are told after 5 minutes, right ones after two hours: who is harmed complains at once. */
const LABELS: LabelsPlan = {
  plan: "labels",
  name: "wrong",
  action: "rollback",
  labelled: 0.1,
  wrong: 0.05,
  ratio: 1,
  whenWrong: FIXED(5),
  whenRight: FIXED(120),
  candidateLater: 0,
  labelAfterMinutes: 180,
  counted: "at age",
  segments: 0,
};

const LOWERED = [
  { from: 0, part: 0.5 },
  { from: 240, part: 0.1 },
];

const labelWorlds: readonly (readonly [name: string, Partial<LabelsPlan>])[] = [
  ["delays by outcome, equal between the slots", {}],
  ["the candidate's an hour later", { candidateLater: 60 }],
  ["an hour later, and not all of them old enough", { candidateLater: 60, labelAfterMinutes: 120 }],
  ["random delays by outcome", { whenWrong: ABOUT(10), whenRight: ABOUT(120), labelAfterMinutes: 120 }],
  [
    "random delays, the candidate's half an hour later",
    { whenWrong: ABOUT(10), whenRight: ABOUT(120), labelAfterMinutes: 120, candidateLater: 30 },
  ],
  ["half of the answers labelled, the candidate's an hour later", { labelled: 0.5, candidateLater: 60 }],
];

const goodLabels = labelWorlds.flatMap(([name, differs]) =>
  (["at age", "as they come"] as const).flatMap((counted) => [
    good(
      `labels, share 50 to 10 %: ${name}${counted === "at age" ? "" : " · as they come"}`,
      { shares: LOWERED, signals: [{ ...LABELS, ...differs, counted }] },
      counted === "at age",
    ),
  ]),
);

const LOSSES: SignalPlan = { plan: "losses", name: "loss", action: "rollback", mean: 0.1, ratio: 1 };
const SCORES: ScoresPlan = {
  plan: "scores",
  name: "score",
  action: "report",
  shift: 0,
  spread: 1,
  constant: undefined,
};
const twentySegments = (ratio: number, part: number, areDeclared = true): SegmentsPlan => ({
  plan: "segments",
  name: "by-segment",
  action: "rollback",
  rate: 0.005,
  areDeclared,
  segments: [{ part, ratio }, ...Array.from({ length: 19 }, () => ({ part: (1 - part) / 19, ratio: 1 }))],
});
const STREAMS: SignalPlan = {
  plan: "counts",
  name: "cut-streams",
  action: "rollback",
  rate: 0.005,
  ratio: 1,
  cluster: 1,
};

/** Everything at once, all of it with the action that costs most when it is wrong. */
const everything = (ratio = 1): readonly SignalPlan[] => [
  { ...LABELS, ratio },
  { ...LOSSES, ratio },
  { ...SCORES, action: "rollback" },
  { ...STREAMS, ratio },
  { ...twentySegments(1, 0.05), segments: Array.from({ length: 20 }, () => ({ part: 0.05, ratio })) },
];

export const CELLS: readonly SignalCell[] = [
  ...goodLabels,
  labelsInSegments("delays by outcome, equal between the slots", {}),
  labelsInSegments("an hour later, and not all of them old enough", {
    candidateLater: 60,
    labelAfterMinutes: 120,
  }),
  good("losses", { signals: [LOSSES] }),
  good("scores", { signals: [{ ...SCORES, action: "rollback" }] }),
  good("20 segments", { signals: [twentySegments(1, 0.05)] }),
  good("streams cut by three", { signals: [{ ...STREAMS, cluster: 3 }] }),
  good("everything", { signals: everything() }),
  good("everything at the tolerated ratio", {
    failing: 1.1,
    slow: 1.1,
    refused: 1.1,
    signals: everything(1.1),
  }),
  seen(
    "labels",
    "wrong twice as often",
    190,
    { signals: [{ ...LABELS, ratio: 2 }] },
    LABELS.labelAfterMinutes,
  ),
  seen("losses", "half as much loss again", 35, { minutes: 360, signals: [{ ...LOSSES, ratio: 1.5 }] }),
  seen("losses", "twice the loss", 8, { minutes: 120, signals: [{ ...LOSSES, ratio: 2 }] }),
  scoresSeen("moved by a quarter of the spread", 40, { shift: 0.25 }),
  scoresSeen("moved by half the spread", 9, { shift: 0.5 }),
  seen("scores", "moved by half the spread · rolled back", undefined, {
    minutes: 360,
    signals: [{ ...SCORES, shift: 0.5, action: "rollback" }],
  }),
  scoresSeen("spread halved", 10, { spread: 0.5 }),
  ...[0, 2, 4, 6, 9].map((tenth) =>
    scoresSeen(`5 % constant answers in tenth ${tenth + 1}`, 55, { constant: { part: 0.05, tenth } }),
  ),
  seen("segments", "5 % of the users ten times as often", 85, {
    minutes: 600,
    signals: [twentySegments(10, 0.05)],
  }),
  seen("segments", "the same, no segments declared", undefined, {
    signals: [twentySegments(10, 0.05, false)],
  }),
  seen("segments", "5 % of the users ten times as often · told, against all of α", undefined, {
    minutes: 600,
    signals: [{ ...twentySegments(10, 0.05), action: "report" }],
  }),
  seen("segments", "20 % of the users three times as often", 190, { signals: [twentySegments(3, 0.2)] }),
  seen("segments", "20 % of the users three times as often · told, against all of α", undefined, {
    signals: [{ ...twentySegments(3, 0.2), action: "report" }],
  }),
  seen("failures", "fails twice as often, nothing else measured", undefined, {
    drawnAs: "twice",
    failing: 2,
  }),
  seen("failures", "the same with everything else on", undefined, {
    drawnAs: "twice",
    failing: 2,
    signals: everything(),
  }),
  {
    ...seen("streams", "cuts 20 % of its streams, everything else on", 3, {
      minutes: 60,
      signals: everything().map((plan) => (plan.name === "cut-streams" ? { ...plan, ratio: 40 } : plan)),
    }),
    part: 2.5,
  },
];

function good(name: string, differs: Partial<SignalWorld>, isCounted = true): SignalCell {
  return { world: world(name, differs), asks: { kind: "good", isCounted }, part: isCounted ? 1 : 0.15 };
}

function labelsInSegments(name: string, differs: Partial<LabelsPlan>): SignalCell {
  return good(`labels in 20 segments, share 50 to 10 %: ${name}`, {
    shares: LOWERED,
    signals: [{ ...LABELS, ...differs, segments: 20 }],
  });
}

function seen(
  group: Extract<SignalCell["asks"], { kind: "seen" }>["group"],
  name: string,
  mostMinutes: number | undefined,
  differs: Partial<SignalWorld>,
  after = 0,
): SignalCell {
  return {
    world: world(`${group}: ${name}`, differs),
    asks: { kind: "seen", group, after, mostMinutes },
    part: 1,
  };
}

/** As it is by default, told. */
function scoresSeen(name: string, mostMinutes: number, differs: Partial<ScoresPlan>): SignalCell {
  return seen("scores", name, mostMinutes, { minutes: 360, signals: [{ ...SCORES, ...differs }] });
}
