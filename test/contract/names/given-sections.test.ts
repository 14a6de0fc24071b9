import { describe, expect, test } from "vitest";
import { overGiven } from "../../../contract/names/given-sections.ts";

const GIVEN = {
  thresholds: { maxErrorRate: 0.05, slowSeconds: 1 },
  service: { environment: { A: "1", B: "2" } },
};

describe("What a program gives a model", () => {
  test("stands where the stack's configuration says nothing", () => {
    expect(overGiven({ activeSlot: "green" }, GIVEN)).toEqual({
      activeSlot: "green",
      thresholds: '{"maxErrorRate":0.05,"slowSeconds":1}',
      service: '{"environment":{"A":"1","B":"2"}}',
    });
  });

  test("is behind the stack's configuration, field by field, also inside a field", () => {
    const raw = {
      thresholds: '{"maxErrorRate":0.01}',
      service: '{"environment":{"B":"3","C":"4"},"port":7000}',
    };
    const { thresholds, service } = overGiven(raw, GIVEN);
    expect(JSON.parse(thresholds ?? "")).toEqual({ maxErrorRate: 0.01, slowSeconds: 1 });
    expect(JSON.parse(service ?? "")).toEqual({ environment: { A: "1", B: "3", C: "4" }, port: 7000 });
  });

  test.each(["5", "not JSON", "[1]", "null"])("does not hide a value that is no object: %s", (written) => {
    expect(overGiven({ thresholds: written }, GIVEN)["thresholds"]).toBe(written);
  });
});
