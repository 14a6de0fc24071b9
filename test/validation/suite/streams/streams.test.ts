import { describe, expect, test } from "vitest";
import type { AskStream, StreamReply } from "../../../../validation/protocols/ask.ts";
import { definition as flask } from "../../../../validation/protocols/flask.ts";
import { definition as openai } from "../../../../validation/protocols/openai.ts";
import { judge } from "../../../../validation/suite/judge.ts";
import { streams } from "../../../../validation/suite/streams/streams.ts";
import { virtualMachine } from "../support/fake-slots.ts";
import { aSubject } from "../support/subject.ts";

const MODEL = {
  name: "helper",
  predictPath: "/v1/chat/completions",
  healthPath: "/",
  inputs: [],
  contentType: "application/json",
};
const event = (choice: unknown) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`;
const token = (content: string) => event({ delta: { content } });
const FINISH = event({ delta: {}, finish_reason: "stop" });
const USAGE = `data: ${JSON.stringify({ choices: [], usage: { completion_tokens: 6 } })}\n\n`;
const WHOLE = [token("a"), token("b"), token("c"), FINISH + USAGE, "data: [DONE]\n\n"];

/** What a server sends, each piece some milliseconds after the one before, and how it ends. */
interface Sent {
  readonly pieces: readonly string[];
  readonly gapMs?: number;
  readonly end?: StreamReply["end"];
  readonly contentType?: string;
}
type Server = (nth: number) => Sent;
const whole: Server = () => ({ pieces: WHOLE });
const everyTwentieth =
  (sent: Sent): Server =>
  (nth) =>
    nth % 20 === 19 ? sent : whole(nth);

/** What each slot says in one piece is "abc", and that is right. */
const said = { status: 200, seconds: 0.1, value: "abc", right: true, version: undefined, said: "200" };
const BEFORE = {
  pairs: Array.from({ length: 300 }, () => ({ candidate: said, active: said })),
  task: {
    name: "text",
    judgesRight: true,
    mark: (value: unknown) => ({ right: String(value).includes("c") }),
    measures: () => ({}),
  },
};

async function run(
  green: Server,
  { blue = whole, suite = {}, isAlone = false, protocol = openai, other = openai } = {},
) {
  const machine = virtualMachine();
  const asked = { blue: 0, green: 0 };
  const askStream: AskStream = async (slot, _question, take) => {
    const nth = asked[slot];
    asked[slot] += 1;
    const {
      pieces,
      gapMs = 20,
      end = "closed",
      contentType = "text/event-stream",
    } = (slot === "green" ? green : blue)(nth);
    const startMs = machine.wall();
    for (const piece of pieces) {
      await machine.wait(gapMs);
      take(new TextEncoder().encode(piece), (machine.wall() - startMs) / 1000);
    }
    return { status: 200, contentType, end, text: "" };
  };
  const speaker = { protocol, model: MODEL };
  const { policy, examples } = aSubject({ introductions: undefinedIntroductions }, suite);
  const sides = { candidate: "green", active: isAlone ? undefined : "blue" } as const;
  const speakers = { blue: { ...speaker, protocol: other }, green: speaker };
  const { checks, findings } = await streams(
    askStream,
    sides,
    speakers,
    examples,
    BEFORE,
    policy,
    machine,
    () => {},
  );
  const judged = [...checks, ...judge([], policy, undefined, findings)];
  const answerOf = (name: string) => judged.find((one) => one.name === name);
  return {
    asked,
    whole: answerOf("streams-whole"),
    first: answerOf("first-token-vs-active"),
    gap: answerOf("token-gap-vs-active"),
    answers: answerOf("stream-answers-vs-active"),
  };
}
const undefinedIntroductions = {
  speakers: undefined,
  check: { name: "protocol", answer: "pass", reason: "", numbers: {} },
} as const;

describe("streams", () => {
  test("that are whole and as fast as the active slot's pass", async () => {
    const { whole, first, gap, asked } = await run(() => ({ pieces: WHOLE }));
    expect([whole?.answer, first?.answer, gap?.answer]).toEqual(["pass", "pass", "pass"]);
    expect(whole?.numbers).toMatchObject({ n: 300, bad: 0, tokensPerSecond: expect.closeTo(150) });
    expect(asked.blue).toBe(asked.green);
  });

  test.each([
    ["end without a finish", { pieces: WHOLE.slice(0, 2) }, "cut", "ended, no finish, after 2 pieces"],
    ["end without [DONE]", { pieces: WHOLE.slice(0, 4) }, "cut", "ended, no [DONE], after 3 pieces"],
    ["break", { pieces: WHOLE.slice(0, 2), end: "broken" as const }, "cut", "broken, no finish"],
    [
      "stall",
      { pieces: WHOLE.slice(0, 2), end: "stalled" as const },
      "stalled",
      "nothing more came after 2 pieces",
    ],
    ["are empty", { pieces: WHOLE.slice(3) }, "empty", "whole, without any text"],
    ["are none", { pieces: ["{}"], contentType: "application/json" }, "no stream", "200 application/json"],
  ])("of which one in twenty %s fail", async (_what, sent, end, said) => {
    const { whole } = await run(everyTwentieth(sent));
    expect(whole).toMatchObject({ answer: "fail", numbers: { bad: 15, [end]: 15 } });
    expect(whole?.reason).toContain(said);
  });

  test("that are cut as often as the active slot's are not the candidate's fault", async () => {
    const cut = everyTwentieth({ pieces: WHOLE.slice(0, 2) });
    expect((await run(cut, { blue: cut })).whole?.answer).toBe("pass");
  });

  test.each([
    ["lose a token", [token("a"), token("b"), FINISH + USAGE], '"ab" for "abc"'],
    ["say each twice", [..."aabbcc"].map(token).concat(FINISH + USAGE), '"aabbcc" for "abc"'],
    ["count no tokens", [token("a"), token("b"), token("c"), FINISH], "no usage in it"],
  ])("of which one in ten %s say another answer than the whole one", async (_what, pieces, such) => {
    const sent = { pieces: [...pieces, "data: [DONE]\n\n"] };
    const faulty: Server = (nth) => (nth % 10 === 9 ? sent : whole(nth));
    const { answers, whole: ends } = await run(faulty);
    expect([ends?.answer, answers?.answer]).toEqual(["pass", "fail"]);
    expect(answers?.reason).toBe(
      `30 of 300 streams say another thing than the same answer in one piece (such as ${such}), and 0 of the active slot's`,
    );
    expect((await run(faulty, { blue: faulty })).answers?.answer).toBe("pass");
    expect((await run(whole)).answers?.answer).toBe("pass");
  });

  test("with a first token that takes twice as long, or gaps that do, fail by name", async () => {
    const slow = await run(() => ({ pieces: WHOLE, gapMs: 50 }));
    expect([slow.whole?.answer, slow.first?.answer, slow.gap?.answer]).toEqual(["pass", "fail", "fail"]);
  });

  test("are not asked for where nobody streams, unless they are wanted", async () => {
    const json: Server = () => ({ pieces: ["{}"], contentType: "application/json" });
    expect((await run(json, { blue: json })).whole).toBeUndefined();
    expect((await run(whole, { suite: { stream: false } })).asked).toEqual({ blue: 0, green: 0 });
    expect((await run(whole, { protocol: flask })).whole).toBeUndefined();
    expect((await run(whole, { protocol: flask, suite: { stream: true } })).whole?.answer).toBe(
      "insufficient",
    );
    const lost = await run(json, { suite: { stream: true } });
    expect(lost.whole).toMatchObject({ answer: "fail", numbers: { "no stream": 300 } });
  });

  test.each([
    ["answers in one piece", { blue: () => ({ pieces: ["{}"], contentType: "application/json" }) }],
    ["has a protocol without streams", { other: flask }],
  ])("of a candidate are judged alone where the active slot %s", async (_what, beside) => {
    const cut = everyTwentieth({ pieces: WHOLE.slice(0, 2) });
    const { whole: ends, first } = await run(cut, beside);
    expect([ends?.answer, first]).toEqual(["fail", undefined]);
    expect((await run(whole, beside)).whole).toMatchObject({ answer: "pass", numbers: { n: 300 } });
  });

  test("of a first model are judged alone", async () => {
    const alone = await run(everyTwentieth({ pieces: WHOLE.slice(0, 2) }), { isAlone: true });
    expect([alone.whole?.answer, alone.first, alone.asked.blue]).toEqual(["fail", undefined, 0]);
  });

  test("end with their time, and say what they would have shown", async () => {
    const { whole, asked } = await run(() => ({ pieces: WHOLE, gapMs: 500 }), {
      blue: () => ({ pieces: WHOLE, gapMs: 500 }),
    });
    expect(asked.green).toBeLessThan(40);
    expect(whole).toMatchObject({
      answer: "insufficient",
      reason: expect.stringContaining("suite.streamSeconds"),
    });
  });
});
