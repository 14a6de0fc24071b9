import { describe, expect, it } from "vitest";
import { evaluate, fill, isDue } from "./support/expression.ts";

const contexts = {
  inputs: { stack: "prod" },
  vars: {},
  needs: { deploy: { outputs: { turns: "[1,2]" }, result: "success" } },
};
const went = (failed: boolean) => ({ failed });

describe("the interpreter of workflow expressions", () => {
  it.each([
    ["inputs.stack", "prod"],
    ["vars.MISSING", ""],
    ["vars.MISSING != ''", false],
    ["inputs.stack == 'prod' && needs.deploy.result == 'success'", true],
    ["!(inputs.stack == 'prod') || 'it''s'", "it's"],
    ["fromJSON(needs.deploy.outputs.turns)", [1, 2]],
  ])("knows %s", (source, value) => {
    expect(evaluate(source, contexts)).toEqual(value);
  });

  it.each([
    "secrets.TOKEN",
    "contains(inputs.stack, 'p')",
    "inputs.*",
    "1 < 2",
    "inputs.stack ==",
    "'a' 'b'",
  ])("refuses %s", (source) => {
    expect(() => evaluate(source, contexts)).toThrow(/the interpreter|too early/);
  });

  it("fills texts, and keeps the value where the text is nothing else", () => {
    expect(fill("a-${{ inputs.stack }}-b", contexts)).toBe("a-prod-b");
    expect(fill("${{ fromJSON(needs.deploy.outputs.turns) }}", contexts)).toEqual([1, 2]);
  });

  it("runs nothing after a failure that does not ask for it", () => {
    expect(isDue(undefined, contexts, went(true))).toBe(false);
    expect(isDue("inputs.stack == 'prod'", contexts, went(true))).toBe(false);
    expect(isDue("always() && inputs.stack == 'prod'", contexts, went(true))).toBe(true);
    expect(isDue("failure()", contexts, went(false))).toBe(false);
  });
});
