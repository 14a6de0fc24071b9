import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { single } from "./support.ts";
import type { SingleTarget } from "./support.ts";

interface SlowTarget extends SingleTarget {
  /** The answers to the requests that have come in. */
  readonly answers: readonly ServerResponse[];
  /** The first request has come in. */
  readonly arrived: Promise<void>;
}

describe("deregistration", () => {
  /** A target whose answers the test gives by hand. */
  async function slow(delaySeconds: string): Promise<SlowTarget> {
    const answers: ServerResponse[] = [];
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    const w = await single((_req, res) => {
      answers.push(res);
      resolve();
    });
    await w.call("ModifyTargetGroupAttributes", {
      TargetGroupArn: w.group,
      Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: delaySeconds }],
    });
    return { ...w, answers, arrived };
  }

  it("lets a request in flight finish within the delay, and sends no new one", async () => {
    const w = await slow("30");
    const inFlight = w.get();
    await w.arrived;
    const gone = w.elb.deregisterTarget(w.group, w.target);
    expect(w.elb.targetHealth(w.group, w.target)).toBe("draining");
    expect(w.elb.traffic(w.group)).toEqual({ inFlight: 1, total: 1 });
    expect((await w.get()).status).toBe(503);
    w.clock.advance(29_999);
    expect(w.elb.targetHealth(w.group, w.target)).toBe("draining");
    w.answers[0]?.end("late but whole");
    expect(await inFlight).toMatchObject({ status: 200, body: "late but whole" });
    await gone;
    expect(w.elb.targetHealth(w.group, w.target)).toBe("unused");
  });

  it("cuts what is longer than the delay: the client gets a 502", async () => {
    const w = await slow("30");
    const inFlight = w.get();
    await w.arrived;
    const gone = w.elb.deregisterTarget(w.group, w.target);
    w.clock.advance(30_000);
    expect((await inFlight).status).toBe(502);
    await gone;
  });

  it("is over at once when nothing is in flight", async () => {
    const w = await slow("300");
    await w.elb.deregisterTarget(w.group, w.target);
    expect(w.elb.targetHealth(w.group, w.target)).toBe("unused");
  });

  it("does not stand in the way of registering the same address again", async () => {
    const w = await slow("30");
    const inFlight = w.get();
    await w.arrived;
    const gone = w.elb.deregisterTarget(w.group, w.target);
    await w.register(w.group, w.target);
    w.answers[0]?.end("old");
    expect((await inFlight).body).toBe("old");
    await gone;
    expect(w.elb.targetHealth(w.group, w.target)).toBe("healthy");
  });
});
