import { describe, expect, it } from "vitest";
import type { Observation } from "../../../validation/core/observation.ts";
import { alarmsGate } from "../../../validation/gates/alarms.ts";
import { MINUTE } from "../core/comparison/support.ts";
import { look, type Seen } from "./looks.ts";

describe("an alarm on a rate", () => {
  const alarmed = (seen: Seen) => {
    const input = look(seen);
    const alarms = {
      readable: true,
      value: [{ name: "error-rate", state: "ALARM", transitionedMs: 5 * MINUTE, reason: "crossed" }],
    };
    const own = {
      requested: { alarms: { "error-rate": "error-rate" } },
      alarms,
      values: { "error-rate": [0.08] },
    };
    const observation = {
      ...input.observation,
      candidate: { ...input.observation.candidate, ...own },
      active: { ...input.observation.active, requested: undefined, alarms: { readable: true, value: [] } },
    } as unknown as Observation;
    return alarmsGate({ ...input, observation }).find(({ gate }) => gate === "error-rate");
  };

  it("fails a candidate that has more failures than chance explains", () => {
    expect(alarmed({ minutes: 30, failing: [0.2, 0.005] })?.answer.kind).toBe("fail");
  });

  it("holds one that has no more than the active slot would show by chance", () => {
    expect(alarmed({ minutes: 30, failing: [0.067, 0.05] })?.answer).toMatchObject({
      kind: "noAnswer",
      reason: expect.stringContaining("as good as the active slot would show that, too"),
    });
  });

  it("decides alone at 100 %", () => {
    const seen = alarmed({ minutes: 30, share: 100, failing: [0.067, 0] });
    expect(seen?.answer.kind).toBe("fail");
    expect(seen?.onFail).toBeUndefined();
  });

  it("gives the users back at 100 % and ends nothing, where the active slot's day has such bad moments", () => {
    // One zone fails a quarter of its requests for ten minutes.
    const hiccup = (minute: number, zone: number) =>
      zone === 0 && minute >= 500 && minute < 510 ? 68 : minute % 2;
    const seen = { minutes: 30, share: 100, history: hiccup } as const;
    expect(alarmed({ ...seen, failing: [0.03, 0] })).toMatchObject({
      onFail: "retreat",
      answer: { kind: "fail" },
    });
    expect(alarmed({ ...seen, failing: [0.5, 0] })?.onFail).toBeUndefined();
    const smooth = alarmed({ ...seen, history: (minute) => minute % 2, failing: [0.03, 0] });
    expect(smooth?.onFail).toBeUndefined();
  });
});
