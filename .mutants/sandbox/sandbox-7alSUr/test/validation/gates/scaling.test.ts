import { describe, expect, it } from "vitest";
import { definition } from "../../../validation/gates/scaling.ts";
import { judge, kindOf } from "./judging.ts";

const service = (running: number, desired: number) => ({
  readable: true as const,
  value: { status: "ACTIVE", desired, running, primary: undefined, events: [] },
});
const seen = (green: object) => {
  if (definition.sharing === undefined) throw new Error("it is asked of a candidate with users");
  return kindOf(judge(definition.sharing, { green }), "scaling");
};

describe("the gate on scaling", () => {
  it("waits while tasks that were asked for do not run yet", () => {
    expect(seen({ service: service(2, 6) })).toBe("tooEarly");
    expect(seen({ service: service(6, 6) })).toBe("pass");
  });

  it("does not mind a task too many, which is on its way out", () => {
    expect(seen({ service: service(7, 6) })).toBe("pass");
  });

  it("knows nothing where ECS does not answer, and asks nothing where there is no service", () => {
    expect(seen({ service: { readable: false, why: "throttled" } })).toBe("unreadable");
    expect(seen({ service: { readable: true, value: undefined } })).toBe("notApplicable");
  });
});
