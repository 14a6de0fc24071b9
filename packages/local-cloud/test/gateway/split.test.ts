import { describe, expect, it } from "vitest";
import { Pool } from "undici";
import { named, seededRandom, split, upstream, world } from "./support.ts";

const REQUESTS = 5_000;

/** Sends requests over kept connections and counts the answers by body. */
async function countAnswers(url: string, requests: number): Promise<Map<string, number>> {
  const pool = new Pool(url, { connections: 32 });
  const counts = new Map<string, number>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let sent = 0;
  let received = 0;
  const send = () => {
    if (sent === requests) return;
    sent += 1;
    let body = "";
    pool.dispatch(
      { path: "/predict", method: "GET" },
      {
        onRequestStart: () => {},
        onResponseStart: () => {},
        onResponseData: (_controller, chunk) => {
          body += chunk.toString();
        },
        onResponseEnd: () => {
          counts.set(body, (counts.get(body) ?? 0) + 1);
          received += 1;
          if (received === requests) resolve();
          else send();
        },
        onResponseError: (_controller, error) => reject(error),
      },
    );
  };
  for (let i = 0; i < 32; i++) send();
  await promise;
  await pool.close();
  return counts;
}

describe("the observed split", () => {
  it.each([1, 2, 5])(
    "is within the 99.9-percent binomial bounds at 10/90 over 5,000 requests with %i targets per group, and even among them",
    async (targets) => {
      const w = await world({ random: seededRandom(targets) });
      const blue = await w.createGroup("blue");
      const green = await w.createGroup("green");
      await w.createRule(1, [
        split([
          [blue, 90],
          [green, 10],
        ]),
      ]);
      for (let i = 0; i < targets; i++) {
        await w.register(blue, await upstream(named(`blue ${i}`)));
        await w.register(green, await upstream(named(`green ${i}`)));
      }
      const counts = await countAnswers(w.url, REQUESTS);
      const ofGreen = [...counts].filter(([name]) => name.startsWith("green")).map(([, count]) => count);
      const total = ofGreen.reduce((sum, count) => sum + count, 0);
      const deviation = 3.2905 * Math.sqrt(REQUESTS * 0.1 * 0.9);
      expect(Math.abs(total - REQUESTS * 0.1)).toBeLessThanOrEqual(deviation);
      expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(REQUESTS);
      // Round robin: no target is more than one request ahead of another.
      expect(ofGreen).toHaveLength(targets);
      expect(Math.max(...ofGreen) - Math.min(...ofGreen)).toBeLessThanOrEqual(1);
    },
  );

  it("gives a group with weight 0 no request at all", async () => {
    const w = await world({ random: seededRandom(7) });
    const blue = await w.createGroup("blue");
    const green = await w.createGroup("green");
    await w.createRule(1, [
      split([
        [green, 0],
        [blue, 100],
      ]),
    ]);
    await w.register(blue, await upstream(named("blue")));
    await w.register(green, await upstream(named("green")));
    expect(await countAnswers(w.url, 5_000)).toEqual(new Map([["blue", 5_000]]));
  });
});
