import { expect, test } from "vitest";
import { runProgram } from "../../support/pulumi-mocks.ts";
import { TWO_SLOTS } from "../configs.ts";
import { LOCAL } from "./models.ts";
// Recorded from the last commit of 0.1 (2c4d1e41): what its program registered of all that serves, and its outputs.
import recorded from "./stack-of-0.1.json" with { type: "json" };

test("An update of a stack of 0.1 registers all that serves with the very inputs that 0.1 gave it, under an alias", async () => {
  const { resources } = await runProgram({ ...TWO_SLOTS, ...LOCAL }, "dev", recorded.outputs);
  const found = recorded.resources.map(({ type, name }) => {
    const heirs = resources.filter(
      (one) => one.type === type && one.options.aliases.some((alias) => alias.name === name),
    );
    return heirs.map(({ inputs }) => ({ type, name, inputs }));
  });
  // As the engine gets them.
  expect(JSON.parse(JSON.stringify(found))).toEqual(recorded.resources.map((one) => [one]));
  expect(recorded.resources.length).toBeGreaterThan(20);
});
