import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgePast, type PastLook } from "../../../validation/insight/replay/judge-past.ts";
import { DEFAULT_SETTINGS } from "../../../validation/insight/replay/settings.ts";
import { sampled } from "../../support/sampled.ts";
import { pastOf, type Told } from "../support/strangers.ts";

const SEEDS = Array.from({ length: sampled(20, 5) }, (_, index) => index + 1);
/** Ten a second, on a cookie of the candidate. */
const ATTACK = 600;
const always = (count: number) => () => count;
const from = (minute: number, rate: number, before: number) => (at: number) => (at < minute ? before : rate);

const looksAt = (told: Told) => judgePast(pastOf(told), DEFAULT_SETTINGS);
const kinds = (looks: readonly PastLook[]) => new Set(looks.map(({ verdict }) => verdict.kind));
const rolledBackAt = (looks: readonly PastLook[]) =>
  looks.findIndex(({ verdict }) => verdict.kind === "rollback");

describe("given sticky users, and strangers who leave 600 requests a minute on the candidate's cookie", () => {
  const attacked = { minutes: 65, sticky: true, abandoned: { candidate: always(ATTACK) } };

  it("a good candidate is neither rolled back nor given more users, and a person is told why", () => {
    for (const seed of SEEDS) {
      const looks = looksAt({ ...attacked, seed });
      expect(kinds(looks)).not.toContain("rollback");
      // The first minutes are as much baking as anything else.
      expect(kinds(looks.slice(12))).toEqual(new Set(["hold"]));
      const last = looks.at(-1);
      expect(last?.verdict).toMatchObject({ kind: "hold", why: "doubt", expired: true });
      expect(last?.sentence).toMatch(
        /unanswered: 60\d\d of 9600 requests on green, \d+ of 32400 requests on blue, in 10 minutes; it hangs or dies, or clients gave up/,
      );
    }
  });

  it("a good candidate goes on when they have left, as soon as a step's time has passed without them", () => {
    for (const seed of SEEDS) {
      const abandoned = { candidate: (at: number) => (at < 15 ? ATTACK : 0) };
      const looks = looksAt({ minutes: 40, sticky: true, seed, abandoned });
      expect(kinds(looks.slice(0, 15))).not.toContain("advance");
      const onward = looks.findIndex(({ verdict }) => verdict.kind === "advance");
      expect(onward).toBeGreaterThanOrEqual(15);
      expect(onward).toBeLessThanOrEqual(26);
    }
  });

  it("cannot hide a candidate that answers 5xx to one in five, by leaving on either slot or on both", () => {
    for (const seed of SEEDS) {
      const bad = { minutes: 40, seed, failing: from(20, 0.2, 0.005) };
      const alone = rolledBackAt(looksAt({ ...bad, sticky: true }));
      expect(alone).toBeGreaterThanOrEqual(20);
      expect(alone).toBeLessThanOrEqual(22);
      const attacks = [
        { candidate: always(ATTACK) },
        { active: always(ATTACK) },
        { candidate: always(ATTACK), active: always(10 * ATTACK) },
      ];
      for (const abandoned of attacks) {
        expect(rolledBackAt(looksAt({ ...bad, sticky: true, abandoned }))).toBe(alone);
      }
    }
  });

  it("never change whether a candidate is rolled back, whatever it does and however many they are", () => {
    const rate = fc.constantFrom(0, 0.005, 0.02, 0.06, 0.2);
    const given = fc.record({ seed: fc.nat(10_000), failing: rate, begins: fc.nat(20) });
    const abandoned = fc.record({ candidate: fc.nat(5_000), active: fc.nat(5_000) });
    fc.assert(
      fc.property(given, abandoned, ({ seed, failing, begins }, { candidate, active }) => {
        const bad = { minutes: 25, sticky: true, seed, failing: from(begins, failing, 0.005) };
        const besides = { candidate: always(candidate), active: always(active) };
        expect(rolledBackAt(looksAt({ ...bad, abandoned: besides }))).toBe(rolledBackAt(looksAt(bad)));
      }),
      { numRuns: sampled(30, 10) },
    );
  });
});

describe("given sticky users, and a candidate that leaves one request in four without an answer", () => {
  it("no user more comes to it, and a person is told how to find out", () => {
    for (const seed of SEEDS) {
      const looks = looksAt({ minutes: 65, sticky: true, seed, hanging: always(0.25) });
      expect(kinds(looks.slice(12))).toEqual(new Set(["hold"]));
      expect(looks.at(-1)?.verdict).toMatchObject({ why: "doubt", expired: true });
      expect(looks.at(-1)?.sentence).toContain("access logs (460: the client left)");
    }
  });
});

describe("given users who do not stay on a slot, and strangers who leave their requests unanswered", () => {
  // Nobody can choose, so each slot gets its weight of them: 1,520 a minute.
  const abandoned = { candidate: always(152), active: always(1_368) };

  it("a good candidate is not rolled back, and 1,520 of them do not keep it waiting", () => {
    for (const seed of SEEDS) {
      const tenMinutes = { candidate: from(10, 0, 15), active: from(10, 0, 137) };
      const looks = looksAt({ minutes: 15, sticky: false, seed, abandoned: tenMinutes });
      expect(kinds(looks)).not.toContain("rollback");
      const onward = looks.findIndex(({ verdict }) => verdict.kind === "advance");
      expect(onward).toBeGreaterThanOrEqual(0);
      expect(onward).toBeLessThanOrEqual(9);
    }
  });

  it("1,520 a minute without an end are not taken for its fault, and the wait says what it is for", () => {
    for (const seed of SEEDS) {
      const looks = looksAt({ minutes: 20, sticky: false, seed, abandoned });
      expect(kinds(looks)).not.toContain("rollback");
      expect(kinds(looks)).not.toContain("advance");
      expect(looks.at(-1)?.sentence).toMatch(
        /2\d % of the active slot's own requests fail or get no answer, and while that lasts no time is enough/,
      );
    }
  });

  it.each([
    ["answers 5xx to one in five", { failing: from(12, 0.2, 0.005) }],
    ["leaves one in four of its users without an answer", { hanging: from(12, 0.25, 0.001) }],
  ])("a candidate that %s is rolled back as soon as without them, or a few minutes later", (_, bad) => {
    for (const seed of SEEDS) {
      const told = { minutes: 40, sticky: false, seed, ...bad };
      const alone = rolledBackAt(looksAt(told));
      expect(alone).toBeGreaterThanOrEqual(12);
      expect(alone).toBeLessThanOrEqual(14);
      const attacked = rolledBackAt(looksAt({ ...told, abandoned }));
      expect(attacked).toBeGreaterThanOrEqual(alone);
      expect(attacked).toBeLessThanOrEqual(alone + 3);
    }
  });
});
