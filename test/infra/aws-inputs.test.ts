import { describe, expect, it } from "vitest";
import { findingsOfResources } from "../support/aws-models/resources/index.ts";
import { runProgram, type WrittenConfig } from "../support/pulumi-mocks.ts";
import { CONFIGURATIONS } from "./aws-inputs.ts";

describe("what the program asks of AWS", () => {
  it.each(Object.entries(CONFIGURATIONS))(
    "is nothing that its service models or its documentation refuse: %s",
    async (_name, { written, stack }: { written: WrittenConfig; stack?: string }) => {
      const { resources } = await runProgram(written, stack);
      expect(findingsOfResources(resources)).toEqual([]);
    },
  );
});
