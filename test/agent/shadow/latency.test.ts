import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { json, pairOf } from "../support/pair.ts";

/** Answers after so many milliseconds, one request after the other, and at once from then on. */
function after(...ms: readonly number[]): RequestListener {
  let at = 0;
  return (req, res) => void setTimeout(() => json(1)(req, res), ms[at++] ?? 0);
}

test("a shadow counts which of the two took clearly longer: half as long again, and 50 ms", async () => {
  const { ask, countsOfMinute } = await pairOf(
    // The user's answer, then the second one, three times.
    after(0, 0, 0, 250, 0, 0),
    after(250, 0, 0),
  );
  for (let at = 0; at < 3; at += 1) await ask();
  expect(countsOfMinute()[0]).toMatchObject({ ShadowPairs: 3, ShadowSlower: 1, ShadowFaster: 1 });
});
