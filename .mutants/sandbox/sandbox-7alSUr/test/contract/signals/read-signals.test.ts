import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import type { Signal } from "../../../contract/signals/signal.ts";
import { problemsOf, raw } from "../support/raw.ts";

const LOG = { from: "log", numerator: "Wrong", denominator: "Answers" };
const CLOUDWATCH = {
  from: "cloudwatch",
  namespace: "Own",
  numerator: "Wrong",
  denominator: "requests",
  dimensions: { Slot: "{slot}" },
};
const wrong = (more: object = {}) => ({ name: "wrong", source: LOG, ...more });

function signalsOf(...signals: readonly object[]): readonly Signal[] {
  const parsed = parseConfig(raw({ signals, labels: { bucket: "fraud-state" } }));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config.signals;
}
const keysOf = (...signals: readonly unknown[]) => problemsOf({ signals }).map(({ key }) => key);

describe("a signal", () => {
  it("needs a name and a source; the rest has defaults", () => {
    expect(signalsOf(wrong())).toEqual([
      {
        name: "wrong",
        kind: "counts",
        source: LOG,
        tolerance: undefined,
        better: "lower",
        budget: 1,
        action: "rollback",
        segments: {},
      },
    ]);
  });

  it("of scores is only told, unless somebody says otherwise: a new model may differ", () => {
    const scores = { name: "sureness", kind: "scores", source: { from: "log", numerator: "Sureness" } };
    expect(signalsOf(scores)).toMatchObject([
      { action: "report", source: { numerator: "Sureness", denominator: "Sureness" } },
    ]);
    expect(signalsOf({ ...scores, action: "hold" })).toMatchObject([{ action: "hold" }]);
  });

  it("of resources is a loss that holds, without a word, and can only be told instead", () => {
    const cpu = { name: "cpu", source: { from: "resources", of: "cpu" } };
    expect(signalsOf(cpu)).toMatchObject([{ kind: "losses", action: "hold", source: cpu.source }]);
    expect(signalsOf({ ...cpu, action: "report" })).toMatchObject([{ action: "report" }]);
    expect(keysOf({ ...cpu, action: "rollback" })).toEqual(["signals[0].action"]);
    expect(keysOf({ ...cpu, kind: "counts" })).toEqual(["signals[0].kind"]);
    expect(keysOf({ ...cpu, kind: "scores" })).toEqual(["signals[0].kind"]);
    expect(keysOf({ ...cpu, segments: { country: ["DE"] } })).toEqual(["signals[0].segments"]);
    expect(keysOf({ ...cpu, source: { from: "resources" } })).toEqual(["signals[0].source.of"]);
  });

  it("is taken as `pulumi config set --path` writes it: decimals are texts, bare numbers are numbers", () => {
    const signal = wrong({ tolerance: "1.5", budget: 2, segments: { plan: [1, "free", true] } });
    expect(signalsOf(signal)).toMatchObject([
      { tolerance: 1.5, budget: 2, segments: { plan: ["1", "free", "true"] } },
    ]);
  });

  it("is read of each source", () => {
    const sources = [
      CLOUDWATCH,
      LOG,
      { from: "labels", labelAfterMinutes: 60 },
      { from: "command", command: ["python3", "rows.py", 7] },
      { from: "url", url: "https://warehouse.example/rows?team=ml", timeoutSeconds: "30" },
    ];
    const read = signalsOf(...sources.map((source, at) => ({ name: `signal-${at}`, source })));
    expect(read.map(({ source }) => source)).toEqual([
      CLOUDWATCH,
      LOG,
      { from: "labels", labelAfterMinutes: 60 },
      { from: "command", command: ["python3", "rows.py", "7"], timeoutSeconds: 10 },
      { from: "url", url: "https://warehouse.example/rows?team=ml", timeoutSeconds: 30 },
    ]);
  });
});

describe("what is wrong with signals is told all at once", () => {
  it("by the key of each, with what was given, what is allowed, and a command that a shell takes", () => {
    const signals = [
      { name: "Wrong!", kind: "count", budget: "0", source: { from: "log", numerator: "Wrong", of: "x" } },
      { source: { from: "prometheus" }, color: "red" },
      "wrong",
    ];
    expect(problemsOf({ signals })).toMatchObject([
      { key: "signals[0].name", got: '"Wrong!"', fix: "pulumi config set --path 'signals[0].name' <value>" },
      { key: "signals[0].kind", got: '"count"', allowed: "counts or losses or scores" },
      { key: "signals[0].budget", got: '"0"', allowed: "a number above 0, at most 100" },
      { key: "signals[0].source.of", fix: "pulumi config rm --path 'signals[0].source.of'" },
      { key: "signals[0].source.denominator", got: "nothing" },
      { key: "signals[1].color", got: "unknown" },
      { key: "signals[1].name", got: "nothing" },
      {
        key: "signals[1].source.from",
        got: '"prometheus"',
        allowed: "cloudwatch or log or agent or labels or command or url or resources",
      },
      { key: "signals[2]", got: '"wrong"', fix: "pulumi config rm --path 'signals[2]'" },
    ]);
  });

  it.each([
    ["no list", { name: "wrong" }, ["signals"]],
    [
      "dimensions of both slots alike",
      [{ ...wrong(), source: { ...CLOUDWATCH, dimensions: { Slot: "blue" } } }],
      ["signals[0].source.dimensions"],
    ],
    ["a denominator of scores", [wrong({ kind: "scores" })], ["signals[0].source.denominator"]],
    [
      "a segment named as the dimensions of all",
      [wrong({ segments: { Slot: ["blue"] } })],
      ["signals[0].segments"],
    ],
    ["a segment without values", [wrong({ segments: { country: [] } })], ["signals[0].segments"]],
    [
      "a segment with one value twice",
      [wrong({ segments: { country: ["DE", "DE"] } })],
      ["signals[0].segments"],
    ],
    [
      "labels that nobody knows when to expect",
      [{ name: "wrong", source: { from: "labels" } }],
      ["signals[0].source.labelAfterMinutes"],
    ],
    [
      "a command without a program",
      [{ name: "wrong", source: { from: "command" } }],
      ["signals[0].source.command"],
    ],
    [
      "an address that is none",
      [{ name: "wrong", source: { from: "url", url: "ftp://x" } }],
      ["signals[0].source.url"],
    ],
  ])("%s", (_title, signals, keys) => {
    expect(problemsOf({ signals }).map(({ key }) => key)).toEqual(keys);
  });
});

describe("signals do not fit together when", () => {
  const twenty = Array.from({ length: 20 }, (_, index) => `c${index}`);

  it("two have one name, or one has that of what is compared anyway", () => {
    expect(keysOf(wrong(), wrong())).toEqual(["signals[1].name"]);
    for (const name of ["failed", "client-errors", "slow-p90", "slow-p99"])
      expect(keysOf(wrong({ name }))).toEqual(["signals[0].name"]);
  });

  it("one has more than 20 values in its segments, all names together", () => {
    expect(keysOf(wrong({ segments: { country: twenty } }))).toEqual([]);
    expect(keysOf(wrong({ segments: { country: twenty, plan: ["free"] } }))).toEqual(["signals[0].segments"]);
  });

  it("segments have no exposure of their own", () => {
    const segments = { country: ["DE"] };
    expect(keysOf({ name: "a", source: CLOUDWATCH, segments })).toEqual(["signals[0].segments"]);
    expect(keysOf({ name: "a", source: { ...CLOUDWATCH, denominator: "Answers" }, segments })).toEqual([]);
    const scores = { name: "a", kind: "scores", source: { from: "log", numerator: "Sureness" }, segments };
    expect(keysOf(scores)).toEqual(["signals[0].segments"]);
  });

  it("scores come from where there are no single values", () => {
    const source = { from: "url", url: "https://warehouse.example/rows" };
    expect(keysOf({ name: "a", kind: "scores", source })).toEqual(["signals[0].kind"]);
  });

  it("the agent is to count what it does not, or there is none", () => {
    const source = { from: "agent", count: "cut-streams" };
    expect(keysOf({ name: "cut", source })).toEqual(["signals[0].source.from"]);
    expect(keysOf({ name: "cut", source: { from: "agent", count: "users" } })).toEqual([
      "signals[0].source.count",
    ]);
  });

  it("they are more metrics than the stack may make: the arithmetic is in the message, and the fix passes", () => {
    const signals = ["wrong", "refused", "slow", "corrected", "unsure"].map((name) => ({
      name,
      source: { from: "log", numerator: name, denominator: "Answers" },
      segments: { country: twenty },
    }));
    const [only] = problemsOf({ signals });
    expect(only?.got).toBe(
      "252 = 2 slots × (wrong: 2 metrics × 21; refused: 2 metrics × 21, 21 of them another's; slow: 2 metrics × 21, 21 of them another's; corrected: 2 metrics × 21, 21 of them another's; unsure: 2 metrics × 21, 21 of them another's) paid metrics",
    );
    expect(only?.fix).toBe("pulumi config set --path rollout.signalMetricsLimit 252");
    expect(problemsOf({ signals, rollout: { signalMetricsLimit: 252 } })).toEqual([]);
  });
});

it("rollout.customMetrics is refused with the commands that say the same as signals", () => {
  const customMetrics = [
    { name: "unsure", namespace: "Digits", metricName: "Unsure", dimensions: { Slot: "{slot}" } },
  ];
  const [only, ...more] = problemsOf({ rollout: { customMetrics }, signals: [wrong()] });
  expect(more).toEqual([]);
  expect(only).toMatchObject({
    key: "rollout.customMetrics",
    allowed: "nothing here: each is a signal now, in `signals`",
    fix: "pulumi config rm --path rollout.customMetrics && pulumi config set-all --path --plaintext 'signals[1].name=unsure' --plaintext 'signals[1].source.from=cloudwatch' --plaintext 'signals[1].source.namespace=Digits' --plaintext 'signals[1].source.numerator=Unsure' --plaintext 'signals[1].source.denominator=requests' --plaintext 'signals[1].source.dimensions.Slot={slot}'",
  });
});
