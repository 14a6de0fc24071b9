import { expect, test } from "vitest";
import { jsonOf } from "../../../validation/protocols/ask.ts";
import { definition as openInference } from "../../../validation/protocols/open-inference.ts";

const nested = (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
const reply = (text: string) => ({ status: 200, seconds: 0, text });
const MODEL = { predictPath: "/", healthPath: "/", inputs: [], contentType: "application/json" };

test("an answer that is nested deeper than anybody reads is no JSON to us, whatever the stack has room for", () => {
  const text = `{"outputs":[{"name":"predict","data":${nested(20_000)}}]}`;
  expect(openInference.read(reply(text), 1, MODEL)).toEqual({ flaw: "no JSON object" });
  expect(jsonOf(reply(nested(400)))).toBeDefined();
  expect(jsonOf(reply(JSON.stringify("[".repeat(9000))))).toBe("[".repeat(9000));
});
