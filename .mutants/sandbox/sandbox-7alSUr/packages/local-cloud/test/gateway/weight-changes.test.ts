import type { RequestListener } from "node:http";
import { Pool } from "undici";
import { describe, expect, it } from "vitest";
import { named, seededRandom, split, upstream, world } from "./support.ts";

type Slot = "blue" | "green";

const CHANGES = 1_000;
const CONNECTIONS = 16;
const ANSWERS_PER_CHANGE = 6;
/** So much later than its share became 0 a slot may still see a request that was on its way. */
const ON_ITS_WAY_MS = 50;
/** Every so often one slot keeps a share of 0 for longer than that, under load all the while. */
const HOLD_EVERY = 100;
const HOLD_MS = 120;
/** Under this load something happens many times in a millisecond. */
const STANDSTILL_MS = 5;

interface Change {
  readonly atMs: number;
  readonly weights: Readonly<Record<Slot, number>>;
}

interface Answer {
  readonly slot: Slot;
  readonly sentMs: number;
  readonly answeredMs: number;
}

interface Arrival {
  readonly slot: Slot;
  readonly atMs: number;
}

describe("1,000 weight changes under load", () => {
  it("lose no request, and send none to a slot whose share has been 0 for longer than 50 ms", async () => {
    const random = seededRandom(3);
    const w = await world({ random });
    const groups = { blue: await w.createGroup("blue"), green: await w.createGroup("green") };
    const forward = (green: number) =>
      split([
        [groups.blue, 100 - green],
        [groups.green, green],
      ]);
    const rule = await w.createRule(1, [forward(0)]);
    const arrivals: Arrival[] = [];
    const noting = (slot: Slot): RequestListener => {
      const answer = named(slot);
      return (req, res) => {
        // The load balancer's own health checks are no users.
        if (req.url === "/predict") arrivals.push({ slot, atMs: performance.now() });
        answer(req, res);
      };
    };
    await w.register(groups.blue, await upstream(noting("blue")));
    await w.register(groups.green, await upstream(noting("green")));

    const changes: Change[] = [];
    const answers: Answer[] = [];
    let nextAt = 0;
    let heldUntilMs = 0;
    const change = async (green: number) => {
      await w.call("ModifyRule", { RuleArn: rule, Actions: [forward(green)] });
      changes.push({ atMs: performance.now(), weights: { blue: 100 - green, green } });
      nextAt = answers.length + ANSWERS_PER_CHANGE;
    };
    const next = async () => {
      const isHeld = changes.length % HOLD_EVERY === 0;
      const shares = isHeld ? [0, 100] : [0, 100, 0, 10, 100, 50];
      heldUntilMs = isHeld ? performance.now() + HOLD_MS : 0;
      await change(shares[Math.floor(random() * shares.length)] ?? 0);
    };
    await change(0);
    const pool = new Pool(w.url, { connections: CONNECTIONS });
    const client = async () => {
      while (changes.length <= CHANGES) {
        const sentMs = performance.now();
        const { statusCode, body } = await pool.request({ path: "/predict", method: "GET" });
        const slot = await body.text();
        expect([statusCode, slot]).toEqual([200, expect.stringMatching(/^(blue|green)$/)]);
        // The line above says so.
        answers.push({ slot: slot as Slot, sentMs, answeredMs: performance.now() });
        // The answers are the clock: a change comes after some of them.
        if (answers.length >= nextAt && performance.now() >= heldUntilMs) await next();
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, client));
    await pool.close();

    const moments = [...arrivals.map(({ atMs }) => atMs), ...answers.map(({ answeredMs }) => answeredMs)];
    moments.sort((a, b) => a - b);
    expect(arrivals.filter((arrival) => zeroForMs(changes, moments, arrival) > ON_ITS_WAY_MS)).toEqual([]);
    expect(arrivals).toHaveLength(answers.length);
    // Stricter: none that was sent after the change.
    expect(answers.filter((answer) => isZeroDuring(changes, answer.slot, answer))).toEqual([]);
    expect(w.elb.traffic(groups.blue).total + w.elb.traffic(groups.green).total).toBe(answers.length);
    // Not in vain: many requests that one slot answered lived while the other's share was 0.
    const other = { blue: "green", green: "blue" } as const;
    const proving = answers.filter((answer) => isZeroDuring(changes, other[answer.slot], answer));
    expect(proving.length).toBeGreaterThan(CHANGES);
  }, 30_000);
});

/** Whether the slot's share was 0 from the moment a request was sent until it was answered. */
function isZeroDuring(
  changes: readonly Change[],
  slot: Slot,
  { sentMs, answeredMs }: Pick<Answer, "sentMs" | "answeredMs">,
): boolean {
  const next = changes.findIndex(({ atMs }) => atMs > sentMs);
  const from = next === -1 ? changes.length - 1 : next - 1;
  const during = changes.slice(from).filter(({ atMs }, index) => index === 0 || atMs < answeredMs);
  return during.every(({ weights }) => weights[slot] === 0);
}

/** For how long the share of the slot had been 0 when the request arrived there; 0: it had one. */
function zeroForMs(changes: readonly Change[], moments: readonly number[], { slot, atMs }: Arrival): number {
  const before = changes.filter((change) => change.atMs <= atMs);
  const withShare = before.findLastIndex(({ weights }) => weights[slot] > 0);
  const firstZero = before[withShare + 1];
  if (firstZero === undefined) return 0;
  const during = [firstZero.atMs, ...moments.filter((ms) => ms > firstZero.atMs && ms < atMs), atMs];
  // Clients, load balancer and targets share a thread: while it stands still, nobody could have done better.
  return during.reduce((sum, ms, i) => sum + Math.min(ms - (during[i - 1] ?? ms), STANDSTILL_MS), 0);
}
