import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { rawConnection } from "./raw.ts";
import { named, single, upstream } from "./support.ts";
import type { SingleTarget } from "./support.ts";

interface SlowTarget extends SingleTarget {
  /** The answers to the requests that have come in. */
  readonly answers: readonly ServerResponse[];
  /** The first request has come in. */
  readonly arrived: Promise<void>;
}

describe("deregistration", () => {
  /** A target whose answers the test gives manually. */
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

  it("lets an answer that has begun come to its end", async () => {
    const w = await slow("30");
    const client = await rawConnection(w.url);
    client.socket.write("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    await w.arrived;
    w.answers[0]?.write("begun ");
    await client.until(/begun /);
    const gone = w.elb.deregisterTarget(w.group, w.target);
    w.clock.advance(29_999);
    w.answers[0]?.end("and done");
    expect(await client.ended()).toMatch(/begun [^]*and done\r\n0\r\n\r\n$/);
    await gone;
  });

  it("breaks off an answer that has begun and is longer than the delay, at the target too", async () => {
    const w = await slow("30");
    const client = await rawConnection(w.url);
    client.socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    await w.arrived;
    const { promise: told, resolve } = Promise.withResolvers<void>();
    w.answers[0]?.on("close", resolve).write("begun ");
    await client.until(/begun /);
    const gone = w.elb.deregisterTarget(w.group, w.target);
    w.clock.advance(30_000);
    // No last chunk: the client knows that it has not got the whole.
    expect(await client.ended()).toMatch(/begun \r\n$/);
    await told;
    await gone;
    expect(w.elb.traffic(w.group)).toEqual({ inFlight: 0, total: 1 });
  });

  it("lets an upload in flight finish", async () => {
    const { promise: began, resolve } = Promise.withResolvers<void>();
    const w = await single(async (req, res) => {
      req.once("data", () => resolve());
      res.end(`got ${await text(req)}`);
    });
    const upload = new Readable({ read() {} });
    upload.push("first ");
    const answer = w.get("/", { method: "POST", body: upload });
    await began;
    const gone = w.elb.deregisterTarget(w.group, w.target);
    w.clock.advance(299_999);
    upload.push("last");
    upload.push(null);
    expect(await answer).toMatchObject({ status: 200, body: "got first last" });
    await gone;
  });

  it("leaves the client's connection: its next request goes to another target", async () => {
    const w = await slow("30");
    const client = await rawConnection(w.url);
    const ask = () => client.socket.write("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    ask();
    await w.arrived;
    await w.register(w.group, await upstream(named("other")));
    const gone = w.elb.deregisterTarget(w.group, w.target);
    w.answers[0]?.end("first");
    await client.until(/first$/);
    await gone;
    ask();
    expect(await client.until(/other$/)).toMatch(/first[^]*other$/);
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
