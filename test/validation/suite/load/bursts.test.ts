import { describe, expect, test } from "vitest";
import type { Ask } from "../../../../validation/protocols/ask.ts";
import { judge } from "../../../../validation/suite/judge.ts";
import { bursts } from "../../../../validation/suite/load/bursts.ts";
import { measure } from "../../../../validation/suite/measure.ts";
import { markAll } from "../../../../validation/suite/tasks/mark.ts";
import { randomFrom, rowExamples, rowSlots, type RowModel } from "../support/batching.ts";
import { policyOf } from "../support/models.ts";

const digit = (row: readonly number[]) => Math.floor(5 * (row[0] ?? 0));
const price = (row: readonly number[]) => 100 * (row[0] ?? 0) + 10 * (row[1] ?? 0);
const steady = () => 0.01;
const modelOf = (answer: RowModel["answer"], seconds: RowModel["seconds"] = steady): RowModel => ({
  answer,
  seconds,
});
const sides = { candidate: "green", active: "blue" } as const;

interface Given {
  readonly blue?: RowModel;
  readonly green?: RowModel;
  /** Between the suite and the slots. */
  readonly through?: (ask: Ask) => Ask;
  readonly right?: RowModel["answer"];
}

async function run({ right = digit, blue = modelOf(right), green = blue, through = (ask) => ask }: Given) {
  const { ask: own, machine, speakers, requests } = rowSlots({ blue, green });
  const ask = through(own);
  const policy = policyOf();
  const examples = rowExamples(300, 4, right);
  const budget = { wall: machine.wall, untilMs: Number.POSITIVE_INFINITY };
  const asked = await measure(ask, sides, speakers, examples, budget);
  const { pairs, task } = await markAll(asked, examples, policy, undefined);
  const alone = requests.length;
  const pace = { sizes: [1, 4, 16], secondsEach: 0.01 };
  const { findings, sent } = await bursts(
    ask,
    sides,
    speakers,
    examples,
    { pairs, task },
    pace,
    policy,
    machine,
  );
  const checks = judge([], policy, undefined, findings);
  const answerOf = (name: string) => checks.find((one) => one.name === name)?.answer;
  return {
    answers: answerOf("answers-under-load-vs-active"),
    latency: answerOf("latency-burst-vs-active"),
    reason: checks.find(({ name }) => name === "answers-under-load-vs-active")?.reason,
    refused: sent.filter(({ flaw }) => flaw !== undefined).length,
    inBursts: requests.slice(alone),
  };
}

const rowsOf = ({ body = "" }: Parameters<Ask>[1]) => String(body).split("],").length;

/** Green answers what was asked last, to whoever asked. */
function mixedUp(ask: Ask): Ask {
  let last: Parameters<Ask>[1] | undefined;
  return async (slot, question) => {
    if (slot === "blue") return ask(slot, question);
    last = question;
    await Promise.resolve();
    return ask(slot, rowsOf(last) === rowsOf(question) ? last : question);
  };
}

/** Green changes the answers to several rows at once. */
const withRows =
  (change: (predictions: readonly unknown[]) => readonly unknown[]) =>
  (ask: Ask): Ask =>
  async (slot, question) => {
    const reply = await ask(slot, question);
    const { predictions } = JSON.parse(reply.text);
    if (slot === "blue" || predictions.length === 1) return reply;
    return { ...reply, text: JSON.stringify({ predictions: change(predictions) }) };
  };

describe("several requests at once", () => {
  test("are answered as each alone by a good model, of classes and of numbers", async () => {
    for (const right of [digit, price]) {
      const { answers, latency, reason, inBursts } = await run({ right });
      expect([answers, latency]).toEqual(["pass", "pass"]);
      expect(reason).toMatch(
        /^asked 8 at once, 0 of \d+ answers are others than before, and 0 of the active/,
      );
      expect(new Set(inBursts.map(({ rows }) => rows))).toEqual(new Set([1, 4, 16]));
    }
  });

  test.each<[string, Given]>([
    ["that are answered with one another's answers", { through: mixedUp }],
    ["of which a batch comes in another order", { through: withRows((all) => all.toReversed()) }],
    ["of which a batch ends in padding", { through: withRows((all) => [...all.slice(0, -2), 0, 0]) }],
  ])("%s fail a candidate that answers each alone rightly", async (_what, given) => {
    expect((await run(given)).answers).toBe("fail");
    expect((await run({ ...given, right: price })).answers).toBe("fail");
  });

  test("that draw lots each time fail a candidate, but where the active slot draws them as well", async () => {
    const draw = randomFrom(5);
    const dropout = modelOf((row) => price(row) * (0.8 + 0.4 * draw()));
    expect((await run({ right: price, blue: modelOf(price), green: dropout })).answers).toBe("fail");
    expect((await run({ right: price, blue: dropout, green: dropout })).answers).toBe("pass");
  });

  test("that rounding alone makes others are the same", async () => {
    const draw = randomFrom(5);
    const half = modelOf((row) => price(row) + draw() / 100);
    expect((await run({ right: price, blue: modelOf(price), green: half })).answers).toBe("pass");
  });

  test("that have to wait for each other are slower than the active slot's", async () => {
    let free = 0;
    const through = (ask: Ask): Ask => {
      return async (slot, question) => {
        const reply = await ask(slot, question);
        if (slot === "blue") return reply;
        free += 1;
        return { ...reply, seconds: reply.seconds * (1 + (free % 8)) };
      };
    };
    const { latency, answers } = await run({ through });
    expect([latency, answers]).toEqual(["fail", "pass"]);
  });

  test("that are refused for being many are counted", async () => {
    let open = 0;
    const through = (ask: Ask): Ask => {
      return async (slot, question) => {
        open += 1;
        const isMany = slot === "green" && open > 4;
        const reply = await ask(slot, question);
        open -= 1;
        return isMany ? { ...reply, status: 503, text: "busy" } : reply;
      };
    };
    expect((await run({ through })).refused).toBe(20 * 4);
  });
});
