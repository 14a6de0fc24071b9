import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Judged, MissingDataTreatment, StateValue } from "../../alarms/evaluate.ts";
import { COMPARISONS, decide, evaluationRange, judge, lowSampleLimit } from "../../alarms/evaluate.ts";

const RUNS = { numRuns: 5_000 };
const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;
const POINTS: Readonly<Record<string, Judged>> = { "0": "good", X: "breaching", "-": "missing" };
const points = (text: string) => text.split(" ").map((mark) => POINTS[mark] ?? "missing");

/** CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data": the ten rows of its two tables. */
const TABLE: readonly [m: number, n: number, range: string, results: string][] = [
  [3, 3, "0 - X - X", "OK OK OK OK"],
  [3, 3, "0 - - - -", "OK OK OK OK"],
  [3, 3, "- - - - -", "INSUFFICIENT_DATA retain ALARM OK"],
  [3, 3, "0 X X - X", "ALARM ALARM ALARM ALARM"],
  [3, 3, "- - X - -", "ALARM retain ALARM OK"],
  [2, 3, "0 - X - X", "ALARM ALARM ALARM ALARM"],
  [2, 3, "0 0 X 0 X", "ALARM ALARM ALARM ALARM"],
  [2, 3, "0 - X - -", "OK OK ALARM OK"],
  [2, 3, "- - - - 0", "OK OK ALARM OK"],
  [2, 3, "- - - X -", "ALARM retain ALARM OK"],
];
const CELLS = TABLE.flatMap(([m, n, range, results]) =>
  TREATMENTS.map((treatment, i) => ({ m, n, range, treatment, state: results.split(" ")[i] ?? "" })),
);

describe("the missing-data tables of the CloudWatch guide", () => {
  it("have forty cells", () => expect(CELLS).toHaveLength(40));
  it.each(CELLS)("$m of $n on $range with $treatment gives $state", ({ m, n, range, treatment, state }) => {
    expect(decide(points(range), m, n, treatment).state).toBe(state);
  });
});

describe("the prose about premature alarms", () => {
  it.each(["- - - - X", "- - - X -"])(
    "keeps the state on %s while it may still be one bad point",
    (range) => {
      expect(decide(points(range), 3, 3, "missing").state).toBe("retain");
    },
  );
  it("alarms when the only point is breaching and three periods old", () => {
    expect(decide(points("- - X - -"), 3, 3, "missing").state).toBe("ALARM");
  });
});

describe("properties of the decision", () => {
  const marks = fc.constantFrom<Judged>("good", "breaching", "missing");
  const alarm = fc.integer({ min: 1, max: 6 }).chain((n) =>
    fc.record({
      n: fc.constant(n),
      m: fc.integer({ min: 1, max: n }),
      range: fc.array(marks, { minLength: evaluationRange(n), maxLength: evaluationRange(n) }),
      treatment: fc.constantFrom<MissingDataTreatment>(...TREATMENTS),
    }),
  );

  it("breaching is never more lenient than notBreaching", () => {
    fc.assert(
      fc.property(alarm, ({ n, m, range }) => {
        const [lenient, strict] = (["notBreaching", "breaching"] as const).map(
          (t) => decide(range, m, n, t).state,
        );
        return lenient !== "ALARM" || strict === "ALARM";
      }),
      RUNS,
    );
  });

  it("the treatment is irrelevant when there are N real points", () => {
    fc.assert(
      fc.property(alarm, ({ n, m, range }) => {
        fc.pre(range.filter((point) => point !== "missing").length >= n);
        const states = TREATMENTS.map((treatment) => decide(range, m, n, treatment).state);
        expect(new Set(states).size).toBe(1);
      }),
      RUNS,
    );
  });

  it("a good point that turns bad never clears an alarm", () => {
    fc.assert(
      fc.property(alarm, fc.nat(), ({ n, m, range, treatment }, pick) => {
        const good = range.flatMap((point, i) => (point === "good" ? [i] : []));
        fc.pre(good.length > 0);
        const worse = range.with(good[pick % good.length] ?? 0, "breaching");
        const [before, after] = [range, worse].map((points) => decide(points, m, n, treatment).state);
        return before !== "ALARM" || after === "ALARM";
      }),
      RUNS,
    );
  });

  it("with ignore or notBreaching an alarm needs M points that really breach", () => {
    fc.assert(
      fc.property(alarm, fc.constantFrom("ignore", "notBreaching"), ({ n, m, range }, treatment) => {
        const breaching = range.filter((point) => point === "breaching").length;
        return breaching >= m || decide(range, m, n, treatment).state !== "ALARM";
      }),
      RUNS,
    );
  });

  it("only a range without any point is insufficient data", () => {
    fc.assert(
      fc.property(alarm, ({ n, m, range, treatment }) => {
        const state: StateValue | "retain" = decide(range, m, n, treatment).state;
        const empty = range.every((point) => point === "missing");
        expect(state === "INSUFFICIENT_DATA").toBe(empty && treatment === "missing");
      }),
      RUNS,
    );
  });
});

describe("a data point against the threshold", () => {
  it.each([
    ["GreaterThanOrEqualToThreshold", ["good", "breaching", "breaching"]],
    ["GreaterThanThreshold", ["good", "good", "breaching"]],
    ["LessThanThreshold", ["breaching", "good", "good"]],
    ["LessThanOrEqualToThreshold", ["breaching", "breaching", "good"]],
  ] as const)("%s at -1, 0 and 1 against 0", (operator, expected) => {
    expect([-1, 0, 1].map((value) => judge(value, operator, 0))).toEqual(expected);
  });
  it("covers every comparison operator", () => expect(Object.keys(COMPARISONS)).toHaveLength(4));
  it("takes 0.0 as a value and undefined as missing", () => {
    expect(judge(0, "LessThanThreshold", 1)).toBe("breaching");
    expect(judge(undefined, "LessThanThreshold", 1)).toBe("missing");
  });
});

it("the evaluation range of three periods is five", () => expect(evaluationRange(3)).toBe(5));

it.each([
  [50, 20],
  [90, 100],
  [95, 200],
  [99, 1000],
  [10, 100],
])("p%d needs %d samples to be significant", (percent, samples) =>
  expect(lowSampleLimit(percent)).toBe(samples),
);
