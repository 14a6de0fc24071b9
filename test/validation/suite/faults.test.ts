import { describe, expect, test } from "vitest";
import { sampled } from "../../support/sampled.ts";
import { checksOf, notGood, randomFrom, type Asked } from "./support/models.ts";

const RUNS = Array.from({ length: sampled(20, 5) }, (_, run) => run);
const CLASSES = 10;

interface Digits {
  readonly n?: number;
  /** How often a model is right. */
  readonly accuracy?: number;
  readonly sliceOf?: (place: number) => Record<string, string>;
}
type Fault = (told: {
  readonly given: number;
  readonly label: number;
  readonly place: number;
  readonly uniform: () => number;
}) => unknown;

/** Ten classes; both models are wrong now and then, each on examples of its own. */
function digits(
  run: number,
  fault: Fault,
  { n = 400, accuracy = 0.96, sliceOf }: Digits = {},
): readonly Asked[] {
  const { uniform, below } = randomFrom(run);
  return Array.from({ length: n }, (_, place) => {
    const label = below(CLASSES);
    const predicted = () => (uniform() < accuracy ? label : (label + 1 + below(CLASSES - 1)) % CLASSES);
    const active = predicted();
    // Two versions of a model are mostly wrong about the same examples.
    const given = uniform() < 0.9 ? active : predicted();
    const candidate = fault({ given, label, place, uniform });
    return { example: { label, ...(sliceOf && { slice: sliceOf(place) }) }, candidate, active };
  });
}
/** One of fifteen is a 1, and both find nearly all of them. */
const rare = (run: number, fault: Fault) =>
  digits(run, ({ given, ...told }) => fault({ given: Number(given === 1), ...told }), {
    n: 900,
    accuracy: 0.99,
  }).map(({ example, candidate, active }) => {
    return { example: { label: Number(example.label === 1) }, candidate, active: Number(active === 1) };
  });
const NONE: Fault = ({ given }) => given;

/** A regression that explains 90 % of the labels' variance. */
function prices(
  run: number,
  fault: (given: number, place: number) => unknown,
  explained = 0.9,
): readonly Asked[] {
  const { normal } = randomFrom(run);
  return Array.from({ length: 400 }, (_, place) => {
    const label = 50 + 10 * normal();
    const error = 10 * Math.sqrt(1 - explained) * normal();
    return {
      example: { label },
      active: label + error,
      candidate: fault(label + error + normal() / 5, place),
    };
  });
}

describe("a faulty model is stopped by the check that is meant for it, every time", () => {
  test.each<[string, string, (run: number) => readonly Asked[]]>([
    [
      "6 points less accurate, with 1,400 examples",
      "accuracy-vs-active",
      (run) =>
        digits(run, ({ given, uniform }) => (uniform() < 0.07 ? (given + 1) % CLASSES : given), { n: 1400 }),
    ],
    [
      "with two classes swapped",
      "swapped-classes",
      (run) => digits(run, ({ given }) => [0, 7, 2, 3, 4, 5, 6, 1, 8, 9][given]),
    ],
    ["that always answers the same", "constant-answers", (run) => digits(run, () => 3)],
    [
      "that never answers one class",
      "missing-classes",
      (run) => digits(run, ({ given }) => (given === 7 ? 1 : given)),
    ],
    [
      "that falls back to 0 for 1.5 % of all inputs",
      "gross-errors",
      (run) => prices(run, (given, place) => (place % 67 === 7 ? 0 : given)),
    ],
    [
      "whose numbers overflow twice",
      "gross-errors",
      (run) => prices(run, (given, place) => (place % 200 === 7 ? given - 64 : given)),
    ],
    [
      "that finds half of what is rare, and is wrong about nothing else",
      "recall-vs-active",
      (run) => rare(run, ({ given, uniform }) => (given === 1 && uniform() < 0.6 ? 0 : given)),
    ],
    [
      "that is worse in one country, and better on the whole",
      "slice country=LU",
      (run) =>
        digits(
          run,
          ({ given, label, place, uniform }) => {
            if (place % 5 === 0) return uniform() < 0.65 ? (label + 1) % CLASSES : given;
            return label;
          },
          { accuracy: 0.85, sliceOf: (place) => ({ country: place % 5 === 0 ? "LU" : "DE" }) },
        ),
    ],
    [
      "that answers NaN to 1 % of all inputs",
      "finite-answers",
      (run) => digits(run, ({ given, place }) => (place % 100 === 7 ? Number.NaN : given)),
    ],
    [
      "that answers an infinite number once",
      "finite-answers",
      (run) => digits(run, ({ given, place }) => (place === 7 ? -Infinity : given)),
    ],
    [
      "with a bias of half a standard deviation",
      "loss-vs-active",
      (run) => prices(run, (given) => given + 5),
    ],
    [
      "with a bias of half a standard deviation, where the model itself explains 80 %",
      "loss-vs-active",
      (run) => prices(run, (given) => given + 5, 0.8),
    ],
    [
      "with a bias of half a standard deviation, where the model itself explains only 70 %",
      "bias-vs-active",
      (run) => prices(run, (given) => given - 5, 0.7),
    ],
    [
      "with a bias that the active slot has the other way round, and less",
      "bias-vs-active",
      (run) =>
        prices(run, (given) => given + 5, 0.8).map((one) => ({ ...one, active: Number(one.active) - 1 })),
    ],
  ])("%s: %s", async (_what, name, made) => {
    for (const run of RUNS) {
      expect(notGood(await checksOf(made(run)))).toContain(`${name}: fail`);
    }
  });

  test("and a loss of 6 points passes with no 400 examples, either", async () => {
    for (const run of RUNS) {
      const lost: Fault = ({ given, uniform }) => (uniform() < 0.07 ? (given + 1) % CLASSES : given);
      const names = notGood(await checksOf(digits(run, lost)));
      expect(names.join()).toMatch(/accuracy-vs-active: (fail|insufficient)/);
    }
  });
});

describe("a good model", () => {
  const sliceOf = (place: number) => ({
    country: ["DE", "FR", "IT"][place % 3] ?? "",
    age: String(place % 4),
  });

  test("fails none of 100 comparisons, slices and all", async () => {
    const failed: string[] = [];
    let passed = 0;
    for (let run = 0; run < 100; run += 1) {
      const names = notGood(await checksOf(digits(run, NONE, { sliceOf })));
      failed.push(...names.filter((name) => name.endsWith(": fail")));
      if (names.every((name) => name.endsWith(": warn"))) passed += 1;
    }
    expect(failed).toEqual([]);
    // The rest lacks examples: the two models are wrong about different ones more often than by chance.
    expect(passed).toBeGreaterThanOrEqual(97);
  });

  test("that finds as much of what is rare passes", async () => {
    for (const run of RUNS) expect(notGood(await checksOf(rare(run, NONE)))).toEqual([]);
  });

  test("with less bias than the active slot, or the same the other way round, is not said to have more", async () => {
    for (const run of RUNS) {
      for (const bias of [-3, 2]) {
        const asked = prices(run, (given) => given + bias, 0.5);
        const names = notGood(
          await checksOf(asked.map((one) => ({ ...one, active: Number(one.active) + 3 }))),
        );
        expect(names).not.toContain("bias-vs-active: fail");
      }
    }
  });

  test("that is wrong by far once, or as often as the active slot, is not stopped for it", async () => {
    for (const run of RUNS) {
      const once = prices(run, (given, place) => (place === 7 ? 0 : given));
      const both = prices(run, (given, place) => (place % 67 === 7 ? 0 : given)).map((one, place) =>
        place === 9 ? { ...one, active: 0 } : one,
      );
      expect(notGood(await checksOf(once))).toEqual(["gross-errors: warn"]);
      expect(notGood(await checksOf(both))).not.toContain("gross-errors: fail");
    }
  });

  test("of a regression passes all of 50 comparisons", async () => {
    for (let run = 0; run < 50; run += 1) {
      expect(notGood(await checksOf(prices(run, (given) => given)))).toEqual([]);
    }
  });
});

describe("a slice", () => {
  const inCountry = (
    country: (place: number) => string,
    candidate: (place: number, label: number) => number,
  ) =>
    Array.from({ length: 300 }, (_, place): Asked => {
      const label = place % 3;
      return {
        example: { label, slice: { country: country(place) } },
        active: label,
        candidate: candidate(place, label),
      };
    });

  test("that is too small is named with what it lacks, and stops nobody", async () => {
    const checks = await checksOf(
      inCountry(
        (place) => (place < 4 ? "LU" : "DE"),
        (_, label) => label,
      ),
    );
    expect(checks.find(({ name }) => name === "slices")).toMatchObject({
      answer: "warn",
      reason: "too small to be compared by themselves, 30 examples are needed: country=LU (26 more)",
    });
    expect(checks.map(({ name }) => name)).not.toContain("slice country=LU");
    expect(notGood(checks)).toEqual(["slices: warn"]);
  });

  test("in which the candidate answers errors, few of all, fails by its name", async () => {
    const given = inCountry(
      (place) => (place % 10 === 0 ? "LU" : "DE"),
      (_, label) => label,
    );
    // A prediction of null is none.
    const checks = await checksOf(
      given.map((one, place) => (place % 10 === 0 ? { ...one, candidate: null } : one)),
    );
    expect(checks.find(({ name }) => name === "slice country=LU")).toMatchObject({
      answer: "fail",
      reason: expect.stringContaining("0.0 % of 30 answers are right, compared with 100.0 %"),
    });
  });

  test("in which a loss is seen and not proven warns by its name", async () => {
    const lost = (place: number, label: number) => (place < 28 && place % 4 === 0 ? (label + 1) % 3 : label);
    const checks = await checksOf(inCountry((place) => (place < 35 ? "LU" : "DE"), lost));
    expect(checks.find(({ name }) => name === "slice country=LU")).toMatchObject({
      answer: "warn",
      reason: expect.stringContaining("80.0 % of 35 answers are right, compared with 100.0 %"),
    });
  });
});
