import { describe, expect, test } from "vitest";
import { definition as bluegreen } from "../../../../validation/protocols/bluegreen.ts";
import type { Protocol } from "../../../../validation/protocols/define.ts";
import { definition as kserve } from "../../../../validation/protocols/kserve-v1.ts";
import { definition as openai } from "../../../../validation/protocols/openai.ts";
import type { Speaker } from "../../../../validation/protocols/speaker.ts";
import { answerForm } from "../../../../validation/suite/form/answer-form.ts";
import { predictionOf, type Pair } from "../../../../validation/suite/measure.ts";
import { markAll } from "../../../../validation/suite/tasks/mark.ts";
import { policyOf } from "../support/models.ts";

const N = 100;
const JSON_TYPE = "application/json";

interface Said {
  readonly body: unknown;
  readonly type?: string;
}
/** What a server says to the example of this place, whose label this is. */
type Saying = (label: unknown, place: number) => Said;

const speakerOf = (protocol: Protocol): Speaker => ({
  protocol,
  model: { predictPath: "/predict", healthPath: "/health", inputs: [], contentType: JSON_TYPE },
});

/** The check of `candidate` beside `active`, to `N` examples with these labels. */
async function formOf(
  labelOf: (place: number) => unknown,
  active: Saying | undefined,
  candidate: Saying,
  protocol = bluegreen,
  ofActive = protocol,
) {
  const examples = Array.from({ length: N }, (_, place) => ({ input: place, label: labelOf(place) }));
  const said = (own: Protocol, saying: Saying, label: unknown, place: number) => {
    const { body, type = JSON_TYPE } = saying(label, place);
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return predictionOf({ status: 200, seconds: 0.01, text, header: () => type }, speakerOf(own), { label });
  };
  const asked = examples.map(({ label }, place): Pair => ({
    candidate: said(protocol, candidate, label, place),
    active: active && said(ofActive, active, label, place),
  }));
  const { pairs, task } = await markAll(asked, examples, policyOf(), undefined);
  const speakers = { blue: speakerOf(ofActive), green: speakerOf(protocol) };
  const sides = { candidate: "green", active: active && "blue" } as const;
  return answerForm(pairs, examples, task, sides, speakers);
}

const predicts = (prediction: unknown, more: object = {}): Said => ({
  body: { prediction, modelVersion: "2", ...more },
});
const digit = (place: number) => place % 5;
const price = (place: number) => 100 + place / 7;
const rightly: Saying = (label) => predicts(label);
const once =
  (other: Saying, usual = rightly): Saying =>
  (label, place) =>
    (place === 42 ? other : usual)(label, place);
const scores = (label: unknown, times = 1) =>
  Array.from({ length: 5 }, (_, at) => (at === label ? 0.8 : 0.05) * times);
const vector = (place: number, times = 1) => {
  const own = Array.from({ length: 12 }, (_, at) => Math.sin(place + at * at));
  const length = Math.sqrt(own.reduce((sum, one) => sum + one * one, 0));
  return own.map((one) => (one * times) / length);
};
const chat = (more: object = {}, choice: object = { finish_reason: "stop" }): Said => ({
  body: {
    choices: [{ message: { content: "Paris" }, ...choice }],
    usage: { total_tokens: 3 },
    extra: 1,
    ...more,
  },
});

describe("the form of the answers", () => {
  test.each<[string, (place: number) => unknown, Saying, Saying, string]>([
    [
      "an error in a 200",
      digit,
      rightly,
      once(() => ({ body: { error: "busy", modelVersion: "2" } })),
      "1 of 100 answers are a 200 with no prediction",
    ],
    [
      "an empty body in a 200",
      digit,
      rightly,
      once(() => ({ body: "" })),
      "1 of 100 answers are a 200 with no JSON object (200 with an empty body)",
    ],
    [
      "another media type",
      digit,
      rightly,
      (label) => ({ ...predicts(label), type: "text/html" }),
      "100 of 100 answers are text/html, not application/json",
    ],
    [
      "numbers as texts",
      digit,
      rightly,
      (label) => predicts(String(label)),
      'are a text, not a number ("0")',
    ],
    [
      "a class that nobody knows",
      digit,
      rightly,
      once(() => predicts(5)),
      '1 of 100 answers are a class that nobody knows ("5")',
    ],
    [
      "scores that do not sum to 1",
      digit,
      (label) => predicts(scores(label)),
      (label) => predicts(scores(label, 1.3)),
      "are no probabilities that sum to 1",
    ],
    [
      "a score too few",
      digit,
      (label) => predicts(scores(label)),
      (label) => predicts(scores(label).slice(1)),
      "are a list of 4, not a list of 5",
    ],
    [
      "vectors that are not divided by their length",
      (place) => vector(place),
      (_, place) => predicts(vector(place)),
      (_, place) => predicts(vector(place, 7)),
      "are vectors of another length than 1",
    ],
    [
      "whole numbers where there were fractions",
      price,
      (label) => predicts(Number(label) + 0.25),
      (label) => predicts(Math.trunc(Number(label))),
      "100 of 100 answers are whole numbers",
    ],
    [
      "one number of another unit",
      price,
      rightly,
      once((label) => predicts(Number(label) * 1000)),
      "1 of 100 answers are far outside of 100 to",
    ],
    [
      "a member less",
      digit,
      (label) => predicts(label, { confidence: 0.9 }),
      (label, place) => predicts(label, place % 9 === 0 ? { confidence: null } : { confidence: 0.9 }),
      "12 of 100 answers have no confidence",
    ],
  ])("fails for %s", async (_what, labelOf, active, candidate, reason) => {
    const { answer, reason: said } = await formOf(labelOf, active, candidate);
    expect([answer, said]).toEqual(["fail", expect.stringContaining(reason)]);
    expect((await formOf(labelOf, active, active)).answer).toBe("pass");
    // What the active slot answers like this as well is nobody's promise.
    expect((await formOf(labelOf, candidate, candidate)).answer).not.toBe("fail");
  });

  test("of a protocol has what that promises; what a server adds may go with it, and is told", async () => {
    const of = (said: Said) =>
      formOf(
        () => "Paris",
        () => chat(),
        () => said,
        openai,
      );
    expect(await of(chat({ usage: undefined }))).toMatchObject({
      answer: "fail",
      reason: expect.stringContaining("100 of 100 answers have no usage"),
    });
    expect(await of(chat({}, {}))).toMatchObject({
      answer: "fail",
      reason: "100 of 100 answers have no choices[].finish_reason",
    });
    expect(await of(chat({ extra: undefined }))).toMatchObject({
      answer: "warn",
      reason: "100 of 100 answers have no extra",
    });
  });

  test("that is too large to be read member by member lacks none", async () => {
    const long = { explanation: "x".repeat(200_000), confidence: 1 };
    const { answer } = await formOf(
      digit,
      (label) => predicts(label, { confidence: 1 }),
      (label) => predicts(label, long),
    );
    expect(answer).toBe("pass");
  });

  test("is not compared from one protocol to another, but the values are", async () => {
    const other = (values: (label: unknown) => unknown): Saying => {
      return (label) => ({ body: { predictions: [values(label)] }, type: "application/vnd.kserve+json" });
    };
    const beside = (candidate: Saying) => formOf(digit, rightly, candidate, kserve, bluegreen);
    expect((await beside(other(String))).answer).toBe("pass");
    expect((await beside(other(() => 7))).answer).toBe("fail");
  });

  test("of classes so rare that others may be unseen only warns of one that is new", async () => {
    const rare = (place: number) => (place < 3 ? 4 : place % 4);
    const { answer } = await formOf(
      rare,
      rightly,
      once(() => predicts(5)),
    );
    expect(answer).toBe("warn");
  });

  test("of a first model is only that each 200 has a prediction", async () => {
    const error = () => ({ body: { error: "busy" } });
    expect((await formOf(digit, undefined, rightly)).answer).toBe("pass");
    expect((await formOf(digit, undefined, once(error))).answer).toBe("fail");
  });
});
