import { describe, expect, it } from "vitest";
import { createDisplay } from "../commands/display.ts";

describe("the display of an operation", () => {
  it("shows a message of any number of lines", () => {
    const shown: string[] = [];
    const options = { planning: false, diff: false, showOutputs: false, showSecrets: false };
    const display = createDisplay((text) => shown.push(text), options);
    const message = Array.from({ length: 200_000 }, (_, at) => `line ${at}`).join("\n");
    const diagnosticEvent = { severity: "info", message, color: "never" } as const;
    display.listener({ sequence: 1, timestamp: 0, diagnosticEvent });
    display.finish({
      succeeded: true,
      asExpected: true,
      counts: {},
      durationSeconds: 1,
      previousOutputs: {},
      outputs: {},
    });
    expect(shown).toContain("    line 199999\n");
  });
});
