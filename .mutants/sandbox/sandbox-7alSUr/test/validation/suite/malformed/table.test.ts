import { describe, expect, test } from "vitest";
import { ALL_PROTOCOLS } from "../../../../validation/protocols/all.ts";
import type { ServedModel } from "../../../../validation/protocols/define.ts";
import { asked, type Speaker } from "../../../../validation/protocols/speaker.ts";
import { LEAST_MALFORMED, malformed } from "../../../../validation/suite/malformed/table.ts";

const model = (own: Partial<ServedModel> = {}): ServedModel => ({
  name: "digits",
  predictPath: "/v2/models/digits/infer",
  healthPath: "/",
  inputs: [],
  contentType: "application/json",
  custom: { request: { row: "{{row}}" }, prediction: "/prediction" },
  ...own,
});
const INPUTS: readonly (readonly [string, unknown])[] = [
  ["a row", { features: [0, 1.5, 3] }],
  ["columns", { age: 4, country: "DE" }],
  ["one number", { x: 1 }],
  ["a text", "how are you?"],
];
const cases = ALL_PROTOCOLS.flatMap((protocol) =>
  INPUTS.flatMap(([what, input]) => [
    { name: `${protocol.name}, ${what}`, speaker: speakerOf(protocol.name), input },
    ...(protocol.name === "sagemaker"
      ? [
          {
            name: `${protocol.name} with CSV, ${what}`,
            speaker: { protocol, model: model({ contentType: "text/csv" }) },
            input,
          },
        ]
      : []),
  ]),
);
function speakerOf(name: string, own: Partial<ServedModel> = {}): Speaker {
  const protocol = ALL_PROTOCOLS.find((one) => one.name === name);
  if (protocol === undefined) throw new Error(`no protocol ${name}`);
  // BentoML's page names what a route takes.
  const inputs = name === "bentoml" ? [{ name: "text", datatype: "string" }] : [];
  return { protocol, model: model({ inputs, ...own }) };
}

describe("the wrong inputs", () => {
  test.each(cases)(
    "of $name are at least sixty, each another one, and none is right",
    ({ speaker, input }) => {
      const table = malformed(speaker, { input });
      expect(table.length).toBeGreaterThanOrEqual(LEAST_MALFORMED);
      expect(new Set(table.map(({ what }) => what)).size).toBe(table.length);
      const sent = table.map(({ question: { body, ...rest } }) => JSON.stringify([rest, String(body)]));
      expect(new Set(sent).size).toBe(table.length);
      const good = asked(speaker, [{ input }]);
      expect(table.map(({ question }) => question)).not.toContainEqual(good);
      expect(table.some(({ must }) => must === "survive")).toBe(true);
    },
  );

  test("name an example's own request where it has one", () => {
    const own = { input: undefined, request: { rows: [[1, 2, 3, 4]] } };
    const table = malformed(speakerOf("flask"), own);
    const bodies = table.map(({ question }) => String(question.body));
    expect(bodies).toContain('{"rows":[[1,2,3]]}');
  });

  test.each([
    ["flask", { features: [1, 2.5, -3e7] }, '{"features":[1,2.5,NaN]}'],
    ["flask", { a: { b: 4 }, c: "5" }, '{"a":{"b":NaN},"c":"5"}'],
    ["flask", { text: "in 1999" }, '{"text":NaN}'],
    ["kserve-v1", { features: [1, 2] }, '{"instances":[[1,NaN]]}'],
  ])("of %s put what is no number where %j has one", (name, input, wanted) => {
    const found = malformed(speakerOf(name), { input }).find(({ what }) => what === "NaN");
    expect(found).toMatchObject({ must: "refuse", question: { body: wanted } });
  });

  test("of tensors say another shape, type and name than their data has", () => {
    const table = malformed(speakerOf("open-inference"), { input: { features: [1, 2] } });
    const tensorOf = (what: string) => {
      const body = String(table.find((one) => one.what === what)?.question.body);
      const { inputs }: { inputs: readonly unknown[] } = JSON.parse(body);
      return inputs[0];
    };
    expect(tensorOf("a shape with a size below zero")).toMatchObject({ shape: [-2, 2], data: [1, 2] });
    expect(tensorOf("a datatype that does not exist")).toMatchObject({ datatype: "FP7" });
    expect(tensorOf("a row without its last value")).toMatchObject({ shape: [1, 2], data: [1] });
    expect(table.find(({ what }) => what === "a model that does not exist")?.question.path).toBe(
      "/v2/models/bluegreen-no-such-model/infer",
    );
  });

  test("let a server go without a column that a model may not need, and not without what is asked", () => {
    const mustOf = (input: unknown, wanted: string) =>
      malformed(speakerOf("flask"), { input }).find(({ what }) => what === wanted)?.must;
    expect(mustOf({ age: 4, country: "DE" }, "age missing")).toBe("survive");
    expect(mustOf({ features: [1] }, "features in capitals")).toBe("refuse");
    const chat = malformed(speakerOf("openai", { predictPath: "/v1/chat/completions" }), { input: "hello" });
    const must = (wanted: string) => chat.find(({ what }) => what === wanted)?.must;
    expect([must("messages missing"), must("temperature missing")]).toEqual(["refuse", "survive"]);
  });
});
