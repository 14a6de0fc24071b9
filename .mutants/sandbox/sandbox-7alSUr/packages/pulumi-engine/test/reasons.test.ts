import { expect, test } from "vitest";
import type { Diagnostic } from "../deployment/events.ts";
import { failureLine } from "../commands/reasons.ts";

const error = (message: string): Diagnostic => ({ severity: "error", message });

test("the last line of what failed says why, each reason once, without stack traces", () => {
  const said: Diagnostic[] = [
    { severity: "info", message: "thinking" },
    { severity: "warning", message: "mind the gap" },
    error("greenWeight: got 150\n    at file.ts:1\nallowed 0 to 100\n"),
    error("greenWeight: got 150\n    at file.ts:1\nallowed 0 to 100\n"),
    error("preview failed"),
  ];
  expect(failureLine("preview", said)).toBe(
    "error: preview failed: greenWeight: got 150\n  allowed 0 to 100\n",
  );
});

test("it is a screenful, and says when there is more", () => {
  const lines = failureLine("update", [error(Array.from({ length: 99 }, (_, at) => `${at}`).join("\n"))]);
  expect(lines.trim().split("\n")).toHaveLength(31);
  expect(lines).toContain("more of it above");
  expect(failureLine("update", [])).toBe("error: update failed\n");
});
