import { Command } from "commander";
import { afterEach, describe, expect, it, vi } from "vitest";
import { addVerb, defineVerb } from "../../cli/verbs/define.ts";

afterEach(() => vi.unstubAllEnvs());

function modelOf(...args: readonly string[]): unknown {
  let given: unknown;
  const verb = defineVerb({
    usage: "look",
    about: "looks",
    works: "reads",
    order: 1,
    declare: (command) => command.action(({ model }) => (given = model)),
  });
  const program = new Command();
  addVerb(program, verb, 0);
  program.parse(["look", ...args], { from: "user" });
  return given;
}

describe("--model", () => {
  it("is what BLUEGREEN_MODEL says, unless the command says another one", () => {
    vi.stubEnv("BLUEGREEN_MODEL", "fraud");
    expect(modelOf()).toBe("fraud");
    expect(modelOf("--model", "churn")).toBe("churn");
  });

  it("is not said by an empty BLUEGREEN_MODEL, as a job without a model has it", () => {
    vi.stubEnv("BLUEGREEN_MODEL", "");
    expect(modelOf()).toBeUndefined();
  });
});
