import { describe, expect, it } from "vitest";
import { findingsOfResources } from "../support/aws-models/resources/index.ts";
import { runProgram } from "../support/pulumi-mocks.ts";
import { CONFIGURATIONS } from "./aws-inputs.ts";

describe("What the program asks of AWS", () => {
  it.each(Object.keys(CONFIGURATIONS))("is nothing that AWS refuses: %s", async (name) => {
    const { written = {}, stack, place } = CONFIGURATIONS[name] ?? {};
    const { resources } = await runProgram(written, stack, undefined, undefined, [], place);
    expect(findingsOfResources(resources)).toEqual([]);
  });
});
