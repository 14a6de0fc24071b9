import { describe, expect, test } from "vitest";
import { taskFor } from "../../../validation/suite/tasks/choose.ts";
import { checksOf, examplesOf, marked, notGood, policyOf, type Asked } from "./support/models.ts";
import { measuredOf, worstOf } from "../../../validation/suite/summary.ts";

const times = <T>(n: number, of: (i: number) => T) => Array.from({ length: n }, (_, i) => of(i));
const asked = (labels: readonly unknown[], answers: readonly unknown[]) =>
  labels.map((label, i): Asked => ({ example: { label }, candidate: answers[i] }));
const opened = (labels: readonly unknown[], own = {}, answers: readonly unknown[] = []) =>
  taskFor({ policy: policyOf(own), labels }, answers);
const measures = async (given: readonly Asked[], own = {}) => {
  const { pairs, ...rest } = await marked(given, policyOf(own), undefined);
  return measuredOf(pairs, { ...rest, examples: examplesOf(given) });
};

describe("what a right answer is, when nobody says", () => {
  const chosen = (labels: readonly unknown[], answers: readonly unknown[] = []) =>
    opened(labels, {}, answers).name;

  test.each<[string, string, readonly unknown[], readonly unknown[]]>([
    ["whole numbers of which there are few", "classification", times(50, (i) => i % 10), []],
    ["names of which there are few", "classification", times(50, (i) => ["cat", "dog"][i % 2]), []],
    ["answers that are lists of scores", "classification", [1, 0], [[0.1, 0.9]]],
    ["0 and 1 that are answered by a probability", "classification", times(50, (i) => i % 2), [0.3]],
    ["texts that are all different", "text", times(50, (i) => `answer ${i}`), ["x"]],
    ["numbers with fractions", "regression", [1, 2.5], [1]],
    ["whole numbers that are answered with fractions", "regression", times(50, (i) => i % 10), [3.7]],
    [
      "lists of numbers",
      "vector",
      [
        [0.1, 0.2],
        [1, 0],
      ],
      [[0.1, 0.2]],
    ],
    ["whole numbers that are all different", "equality", times(50, (i) => i), [4]],
    ["objects", "equality", [{ a: 1 }], [{ a: 1 }]],
    ["lists of lists", "equality", [[[1, 2]], [[3]]], []],
  ])("of %s is a %s", (_what, name, labels, answers) => {
    expect(chosen(labels, answers)).toBe(name);
  });

  test("is a text where somebody says how texts match", () => {
    expect(opened([1, 2], { match: "number" }).name).toBe("text");
  });

  test("is judged by the active slot's answers, not by the candidate's own", async () => {
    const given = times(50, (i): Asked => ({ example: { label: i % 10 }, active: i % 10, candidate: 0.5 }));
    expect((await marked(given, policyOf(), undefined)).task.name).toBe("classification");
  });
});

describe("a classification", () => {
  const labels = times(50, (i) => i % 10);

  test.each([
    [4, 4, true],
    ["4", 4, true],
    [4.0, "4", true],
    [[4], 4, true],
    ["cat ", "cat", true],
    [true, "true", true],
    ["4.0", 4, true],
    ["007", "7", false],
    ["12345678901234567890", "12345678901234567891", false],
    [5, 4, false],
    [null, 4, false],
    [{ label: 4 }, 4, false],
  ])("takes %j where %j is right: %s", (value, label, right) => {
    expect(opened(labels).mark(value, label).right).toBe(right);
  });

  test("takes the class of the greatest score, named by its place, by `suite.classes`, or in scikit-learn's order", () => {
    expect(opened(labels).mark([0.1, 0.7, 0.2], 1)).toMatchObject({ right: true, category: "1" });
    expect(opened(["b", "a"], { classes: ["b", "a"] }, [[0, 1]]).mark([0.2, 0.8], "a").right).toBe(true);
    expect(opened(["b", "a"], {}, [[0, 1]]).mark([0.2, 0.8], "b").right).toBe(true);
    expect(opened([1, 2, 3], {}, [[0, 1, 0]]).mark([0.2, 0.7, 0.1], 2).right).toBe(true);
  });

  test("has a loss where scores are probabilities: 0 for certainty, 1 for one percent or less", () => {
    const { mark } = opened(labels);
    expect(mark([0, 1], 1).loss).toBe(0);
    expect(mark([0.9, 0.1], 1).loss).toBeCloseTo(0.5);
    expect(mark([1, 0], 1).loss).toBe(1);
    expect(mark([12, -3], 0)).toEqual({ right: true, category: "0" });
  });

  test("takes one number for the probability of 1", async () => {
    const given = asked(
      times(40, (i) => i % 2),
      times(40, (i) => (i % 2 === 0 ? 0.2 : 0.8)),
    );
    const { task, candidate } = await measures(given);
    expect([task, candidate]).toEqual([
      "classification",
      expect.objectContaining({ accuracy: 1, macroF1: 1, auc: 1 }),
    ]);
    expect(candidate["logLoss"]).toBeCloseTo(-Math.log(0.8), 9);
    expect(candidate["calibrationError"]).toBeCloseTo(0.2, 9);
  });

  // Of scikit-learn's user guide: f1_score(average="macro") of these is 0.26…, roc_auc_score of the four 0.75.
  test("has scikit-learn's macro F1 and AUC", async () => {
    const { candidate } = await measures(asked([0, 1, 2, 0, 1, 2], [0, 2, 1, 0, 0, 1]), {
      task: "classification",
    });
    expect(candidate["macroF1"]).toBeCloseTo(0.26666666, 6);
    const scores = [0.1, 0.4, 0.35, 0.8].map((p) => [1 - p, p]);
    const scored = await measures(asked([0, 0, 1, 1], scores));
    expect(scored.candidate["auc"]).toBeCloseTo(0.75, 9);
  });
});

describe("a regression", () => {
  test("is right within a tolerance, of the label or at all", () => {
    const { mark, judgesRight } = opened([1.5, 200], { relativeTolerance: 0.01, absoluteTolerance: 0.5 });
    expect(judgesRight).toBe(true);
    expect([mark(202, 200).right, mark("202.5", 200).right, mark(202.6, 200).right]).toEqual([
      true,
      true,
      false,
    ]);
    expect([mark([1.9], 1.5).right, mark("a", 1.5), mark(null, 1.5)]).toEqual([
      true,
      { right: false, loss: 1 },
      { right: false, loss: 1 },
    ]);
  });

  test("without a tolerance is judged by its loss alone", async () => {
    const given = times(100, (i): Asked => ({
      example: { label: i / 7 },
      active: i / 7 + 0.1,
      candidate: i / 7 - 0.1,
    }));
    const checks = await checksOf(given);
    expect(notGood(checks)).toEqual([]);
    const names = checks.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["loss", "loss-vs-active"]));
    expect(names).not.toContain("accuracy");
    expect(checks.find(({ name }) => name === "loss")?.reason).toContain(
      "the standard deviation of the labels",
    );
  });

  test("right to 1e-9 is right", async () => {
    const given = times(100, (i): Asked => ({
      example: { label: i / 7 },
      active: i / 7,
      candidate: i / 7 + 1e-9,
    }));
    expect(notGood(await checksOf(given, { relativeTolerance: 1e-6, absoluteTolerance: 1e-6 }))).toEqual([]);
  });

  test("that is no better than nothing is not shown good, without an active slot, too", async () => {
    const given = times(400, (i): Asked => ({ example: { label: i / 7 }, candidate: 1000 }));
    expect(notGood(await checksOf(given))).toEqual(["loss: fail", "constant-answers: fail"]);
  });

  test("is known by its errors", async () => {
    const { candidate } = await measures(asked([1.5, 2.5, 3.5], [1.5, 4.5, 2.5]), { quantile: 0.9 });
    expect(candidate).toEqual({
      meanAbsoluteError: 1,
      rootMeanSquaredError: Math.sqrt(5 / 3),
      quantileLoss: expect.closeTo((0.2 + 0.9) / 3, 9),
      meanError: expect.closeTo(1 / 3, 9),
    });
  });
});

describe("a vector", () => {
  const { mark } = opened([[0.6, 0.8]], { minCosine: 0.9 });

  test.each([
    [[0.6, 0.8], true, 0],
    [[6, 8], true, 0],
    [[0.8, 0.6], true, 0.02],
    [[-0.6, -0.8], false, 1],
    [[0, 0], false, 1],
    [[0.6, 0.8, 0], false, 1],
    ["0.6", false, 1],
  ])("%j beside [0.6, 0.8] is right: %s, with a loss of %d", (value, right, loss) => {
    const found = mark(value, [0.6, 0.8]);
    expect([found.right, found.loss]).toEqual([right, expect.closeTo(loss, 9)]);
  });
});

describe("a text", () => {
  test.each([
    ["exact", "Yes", "yes", false],
    ["normalised", "  YES,\nplease ", "yes, please", true],
    ["normalised", "ﬁne", "fine", true],
    ["contains", "The capital is Paris.", "paris", true],
    ["contains", "Rome", "paris", false],
    ["pattern", "order 4711", "\\d{4}", true],
    ["pattern", "order 47", "^\\d{4}$", false],
    ["number", "12 apples and 30 pears are 1,042.5 in all", "1042.5", true],
    ["number", "none", "1", false],
    ["json-schema", '```json\n{"a":1}\n```', '{"type":"object","required":["a"]}', true],
    ["json-schema", '{"b":1}', { type: "object", required: ["a"] }, false],
    ["json-schema", "no JSON", {}, false],
    ["json-schema", '{"a":1}', { $ref: "#/$defs/missing" }, false],
  ])("that must be %s: %j beside %j is right: %s", (match, value, label, right) => {
    expect(opened([label], { match }).mark(value, label).right).toBe(right);
  });

  const answers = times(40, (i): Asked => ({
    example: { label: "x", id: `q${i}` },
    candidate: `a${i}`,
    active: `b${i}`,
  }));
  const COMMAND = { match: "command", scorer: ["judge"], scorerSeconds: 9 };

  test("is scored by a program of the user's, once for both slots", async () => {
    const asked: unknown[] = [];
    const checks = await checksOf(answers, COMMAND, async (command, lines, seconds) => {
      asked.push([command, lines.length, lines[0], seconds]);
      return { lines: lines.map((_, i) => (i % 2 === 0 ? "0.25" : "1")), seconds: 2, cost: "cost: $0.12" };
    });
    expect(asked).toEqual([[["judge"], 80, '{"id":"q0","input":0,"label":"x","answer":"a0"}', 9]]);
    expect(checks[0]).toMatchObject({
      name: "scorer",
      answer: "pass",
      reason: "80 answers scored in 2.0 s; it says: cost: $0.12",
    });
    expect(notGood(checks)).toEqual(
      expect.arrayContaining(["accuracy: fail", "accuracy-vs-active: fail", "loss-vs-active: fail"]),
    );
  });

  test.each<[string, readonly string[] | string, string]>([
    ["says too little", ["1"], "the scorer said 1 lines for 80 answers"],
    [
      "says no number",
      times(80, (i) => (i === 3 ? "good" : "1")),
      "line 4 of the scorer is no number from 0 to 1: good",
    ],
    ["says more than 1", times(80, () => "1.5"), "line 1 of the scorer is no number from 0 to 1: 1.5"],
    ["fails", "ended with exit code 3", "the scorer ended with exit code 3"],
  ])("whose scorer %s is not judged by it", async (_what, said, why) => {
    const checks = await checksOf(answers, COMMAND, async () =>
      typeof said === "string" ? { why: said } : { lines: said, seconds: 1 },
    );
    expect(checks[0]).toMatchObject({ name: "scorer", answer: "insufficient", reason: why });
    expect(checks.filter(({ answer }) => answer === "notRun").map(({ name }) => name)).toEqual([
      "accuracy",
      "accuracy-vs-active",
      "loss",
      "loss-vs-active",
    ]);
  });
});

describe("the worst examples", () => {
  test("are five at most: first those that only the candidate gets wrong, with both answers cut", async () => {
    const given = times(30, (i): Asked => ({
      example: { label: i % 3, ...(i === 8 ? { id: "eight" } : {}) },
      active: i === 2 ? 7 : i % 3,
      candidate: i < 9 && i % 2 === 0 ? (i === 4 ? "x".repeat(400) : 9) : i % 3,
    }));
    const { pairs } = await marked(given, policyOf(), undefined);
    const worst = worstOf(pairs, examplesOf(given));
    expect(worst.map(({ id }) => id)).toEqual(["1", "5", "7", "eight", "3"]);
    expect(worst[0]).toEqual({ id: "1", input: "0", label: "0", candidate: "9", active: "0" });
    expect(worst[1]?.candidate).toHaveLength(301);
  });
});
