import { describe, expect, it } from "vitest";
import { customProtocolField } from "../../../contract/config/custom-protocol.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { serviceOf } from "../../../contract/config/model-service.ts";
import { pointed } from "../../../validation/protocols/pointer.ts";
import { asked, readOf } from "../../../validation/protocols/speaker.ts";
import { introduce } from "../../../validation/suite/speakers.ts";
import { asking } from "./support/recorded-servers.ts";

const CUSTOM = {
  request: { query: { vector: "{{row}}", top: 1 }, trace: "x" },
  prediction: "/hits/0/name",
  version: "/model/version",
  error: "/problem",
};

async function custom(service: object = {}) {
  const parsed = parseConfig({
    service: JSON.stringify({
      servingProtocol: "custom",
      predictPath: "/search",
      customProtocol: CUSTOM,
      ...service,
    }),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const own = serviceOf(parsed.config, "green");
  const found = await introduce(asking({ pages: {}, other: "404 " }), "green", own, parsed.config.suite, {});
  if ("why" in found) throw new Error(found.why);
  return found.speaker;
}
const reply = (body: unknown) => ({ status: 200, seconds: 0, text: JSON.stringify(body) });

describe("a protocol of the user's own", () => {
  it("puts the example where the template has a place for it, and asks nobody first", async () => {
    const question = asked(await custom(), [{ input: { features: [1, 2] } }]);
    expect(question).toEqual({
      method: "POST",
      path: "/search",
      contentType: "application/json",
      body: '{"query":{"vector":[1,2],"top":1},"trace":"x"}',
    });
  });

  it("reads the prediction and the version where the pointers lead", async () => {
    const speaker = await custom();
    const answer = { hits: [{ name: "seven" }], model: { version: 3 } };
    expect(readOf(speaker, reply(answer), 1)).toEqual({ values: ["seven"], version: "3" });
    expect(readOf(speaker, reply({ hits: [] }), 1)).toEqual({ flaw: "nothing at /hits/0/name" });
  });

  it("reads the version from a header where it is said which", async () => {
    const speaker = await custom({
      versionHeader: "X-Model-Version",
      customProtocol: { ...CUSTOM, version: "/none" },
    });
    const header = (name: string) => (name.toLowerCase() === "x-model-version" ? "9" : undefined);
    const answer = { ...reply({ hits: [{ name: "seven" }] }), header };
    expect(readOf(speaker, answer, 1)).toEqual({ values: ["seven"], version: "9" });
    expect(readOf(speaker, { ...answer, status: 500 }, 1)).toEqual({ flaw: "status 500", version: "9" });
    expect(readOf(speaker, reply({ hits: [{ name: "seven" }] }), 1)).toEqual({ values: ["seven"] });
  });

  it("takes an answer with an error in it for a failure", async () => {
    const answer = { hits: [{ name: "seven" }], problem: "index is empty" };
    expect(readOf(await custom(), reply(answer), 1)).toEqual({ flaw: "an error at /problem" });
  });

  it("is refused without a place for the example, or with a pointer that is none", () => {
    for (const wrong of [
      { ...CUSTOM, request: { query: 1 } },
      { ...CUSTOM, prediction: "hits.0" },
      { ...CUSTOM, version: 3 },
      { ...CUSTOM, more: 1 },
      { request: CUSTOM.request },
      "text",
    ]) {
      expect(customProtocolField.read(wrong)).toBeUndefined();
    }
  });
});

describe("a JSON Pointer", () => {
  const value = { "a/b": { "m~n": [10, { "": 1 }] }, foo: null };
  it.each([
    ["", value],
    ["/a~1b/m~0n/0", 10],
    ["/a~1b/m~0n/1/", 1],
    ["/foo", null],
    ["/foo/x", undefined],
    ["/a~1b/m~0n/01", undefined],
    ["/a~1b/m~0n/-", undefined],
    ["/constructor", undefined],
  ])("%j leads to %j (RFC 6901)", (pointer, wanted) => {
    expect(pointed(value, pointer)).toEqual(wanted);
  });
});
