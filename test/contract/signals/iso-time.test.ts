import { describe, expect, it } from "vitest";
import { isoMs } from "../../../contract/iso-time.ts";

describe("a time in ISO 8601", () => {
  it("is read with its zone", () => {
    expect(isoMs("2026-11-30T10:00Z")).toBe(Date.UTC(2026, 10, 30, 10));
    expect(isoMs("2026-11-30T10:00:00.250+02:00")).toBe(Date.UTC(2026, 10, 30, 8, 0, 0, 250));
    expect(isoMs("2024-02-29T23:59:59Z")).toBe(Date.UTC(2024, 1, 29, 23, 59, 59));
  });

  it.each([
    "2026-02-30T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-11-30T24:00:00Z",
    "2026-11-30T10:00:00",
    "2026-11-30",
    "29 Nov 2026",
    "226",
    "",
  ])("is none where the calendar, the clock or the zone is missing: %s", (text) => {
    expect(isoMs(text)).toBeUndefined();
  });
});
