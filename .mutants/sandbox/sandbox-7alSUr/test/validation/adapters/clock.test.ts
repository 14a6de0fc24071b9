import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { clockFrom, localClock, systemClock } from "../../../validation/adapters/clock.ts";

function machine(nowMs: number) {
  const slept: number[] = [];
  return { now: () => nowMs, sleep: async (ms: number) => void slept.push(ms), slept };
}

describe("the clock", () => {
  test("of AWS is the machine's", async () => {
    const real = machine(5_000);
    const clock = systemClock(real);
    await clock.sleep(3_000);
    expect([clock.now(), clock.fromWall(4_000), real.slept]).toEqual([5_000, 4_000, [3_000]]);
  });

  test("of the local cloud runs at its speed, and never sleeps for less than 200 ms", async () => {
    const real = machine(2_000);
    const clock = clockFrom({ virtualMs: 100_000, realMs: 1_000, speed: 60 }, real);
    await clock.sleep(60_000);
    await clock.sleep(60);
    expect(clock.now()).toBe(160_000);
    expect(clock.fromWall(1_500)).toBe(130_000);
    expect(clock.wall()).toBe(2_000);
    expect(real.slept).toEqual([1_000, 200]);
  });

  test("is read from the local cloud, which has to answer with one", async () => {
    let body: unknown = { virtualMs: 10, realMs: 1, speed: 2 };
    const server = createServer((_request, response) => response.end(JSON.stringify(body)));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // A TCP server that listens has an address with a port.
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await localClock(url, machine(3))).now()).toBe(14);
    body = { virtualMs: 10, realMs: 1, speed: 0 };
    await expect(localClock(url)).rejects.toThrow("did not answer with a clock");
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
