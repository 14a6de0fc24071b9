import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { showProblem } from "../../../contract/checks/problem.ts";
import { isOpen } from "../../../contract/release/release.ts";
import { otherSlot, SLOTS, type Slot } from "../../../contract/slot.ts";
import { isEmpty, type StackConfig } from "../../../contract/config/stack-config.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { updateProblems } from "../../../contract/transition/transition.ts";
import { previousOf, type Previous } from "../../../contract/transition/previous.ts";
import {
  deployChange,
  promoteChange,
  restoreChange,
  revertChange,
  shareChange,
  withChange,
  type KeyChange,
} from "../../../validation/core/changes/changes.ts";
import { sampled } from "../../support/sampled.ts";
import { rawConfig } from "../../support/written-config.ts";
import { configOf, IMAGE_A, IMAGE_B, IMAGE_C } from "../support/steps.ts";

const RUNS = { numRuns: sampled(100, 30) };

const images = fc.constantFrom(IMAGE_A, IMAGE_B, IMAGE_C);
const slotEntries = fc.record(
  {
    image: images,
    minTasks: fc.integer({ min: 0, max: 3 }),
    overrides: fc.constantFrom({}, { cpu: 1024, memory: 2048 }, { environment: { A: "1" } }),
  },
  { requiredKeys: ["minTasks"] },
);
const stackModel = {
  blue: slotEntries,
  green: slotEntries,
  activeSlot: fc.constantFrom(...SLOTS),
  shifted: fc.constantFrom(0, 0, 1, 10, 50, 100),
  generation: fc.integer({ min: 0, max: 2 }),
  service: fc.constantFrom({}, { cpu: 1024, memory: 2048 }, { port: 9000 }, { allowInPlace: true }),
};
const stacks = fc.record(stackModel);
type WrittenStack = typeof stacks extends fc.Arbitrary<infer T> ? T : never;

/** undefined: the configuration is wrong by itself. */
function readStack({ shifted, ...rest }: WrittenStack): StackConfig | undefined {
  const parsed = parseConfig(rawConfig({ ...rest, [`${otherSlot(rest.activeSlot)}Weight`]: shifted }));
  return parsed.ok ? parsed.config : undefined;
}

/** Configurations that are right by themselves. */
const configs = stacks.map(readStack).filter((config) => config !== undefined);
const problemsBetween = (previous: Previous, config: StackConfig) =>
  updateProblems(previous, { ok: true, config }).map(showProblem);
const ran = ({ slots }: Previous, slot: Slot) => (slots[slot]?.minTasks ?? 0) > 0;

/** Updates that are accepted, from one right configuration to another that differs in some keys. */
const acceptedSteps = fc
  .tuple(stacks, fc.record(stackModel, { requiredKeys: [] }))
  .map(([before, edits]) => {
    const [deployed, next] = [readStack(before), readStack({ ...before, ...edits })];
    if (deployed === undefined || next === undefined) return undefined;
    const previous = previousOf(deployed);
    return problemsBetween(previous, next).length === 0 ? { previous, next } : undefined;
  })
  .filter((step) => step !== undefined);

describe("of all updates", () => {
  it("none is refused that changes nothing", () => {
    fc.assert(
      fc.property(configs, (config) => {
        expect(problemsBetween(previousOf(config), config)).toEqual([]);
      }),
      RUNS,
    );
  });

  it("none is accepted that shifts a share to a slot that was not running", () => {
    fc.assert(
      fc.property(acceptedSteps, ({ previous, next }) => {
        const shifted = otherSlot(next.activeSlot);
        return next.split[shifted] === 0 || ran(previous, shifted);
      }),
      RUNS,
    );
  });

  it("none is accepted that takes users to a slot that was not running, once there are users", () => {
    fc.assert(
      fc.property(acceptedSteps, ({ previous, next }) =>
        SLOTS.every(
          (slot) =>
            next.split[slot] <= previous.split[slot] ||
            ran(previous, slot) ||
            SLOTS.every((one) => previous.slots[one] === undefined),
        ),
      ),
      RUNS,
    );
  });

  it("none is accepted that gives users to a slot and changes what they get there", () => {
    fc.assert(
      fc.property(acceptedSteps, ({ previous, next }) =>
        SLOTS.every((slot) => {
          const [before, after] = [previous.slots[slot], previousOf(next).slots[slot]];
          const isRaised = next.split[slot] > previous.split[slot];
          if (!isRaised || before === undefined || after === undefined) return true;
          const isActive = slot === previous.activeSlot && slot === next.activeSlot;
          // Tasks are not users: what an active slot with users gets back, it may get with more tasks.
          if (isActive && previous.split[slot] > 0) return true;
          const isSame = isDeepStrictEqual(before.definition, after.definition);
          return (isSame || next.generation > previous.generation) && after.minTasks <= before.minTasks;
        }),
      ),
      RUNS,
    );
  });

  it("none is accepted after which a slot that had users has no task", () => {
    fc.assert(
      fc.property(acceptedSteps, ({ previous, next }) =>
        SLOTS.every(
          (slot) =>
            previous.split[slot] === 0 ||
            !ran(previous, slot) ||
            (next.slots[slot].image !== undefined && next.slots[slot].minTasks > 0),
        ),
      ),
      RUNS,
    );
  });

  it("none manually is accepted that replaces tasks under users, unless that is allowed", () => {
    fc.assert(
      fc.property(acceptedSteps, ({ previous, next }) =>
        SLOTS.every((slot) => {
          const before = previous.slots[slot]?.definition;
          const after = previousOf(next).slots[slot]?.definition;
          const isSame = isDeepStrictEqual(before, after);
          const allowed = next.service.allowInPlace || next.generation > previous.generation;
          return isSame || allowed || previous.split[slot] === 0 || !ran(previous, slot);
        }),
      ),
      RUNS,
    );
  });

  it("none is accepted from a stale checkout, and it is told nothing else", () => {
    fc.assert(
      fc.property(configs, configs, fc.integer({ min: 3, max: 9 }), (before, next, generation) => {
        const problems = problemsBetween({ ...previousOf(before), generation }, next);
        expect(problems).toEqual([expect.stringMatching(/^generation is .*npx bluegreen sync$/)]);
      }),
      RUNS,
    );
  });
});

/** One command of a release's life; undefined: it makes no sense now, and the tool would say so. */
type Act = (config: StackConfig) => KeyChange | undefined;

const NOW_MS = Date.UTC(2026, 10, 1);
const candidate = (image: string, minTasks: number) => ({
  image,
  modelVersion: "1",
  minTasks,
  maxTasks: 4,
  overrides: {},
  service: { port: 8080, cpu: 512 },
});
/** The first model of the stack, deployed and not seen healthy yet. */
const isFirstPending = ({ release, activeSlot, slots }: StackConfig) =>
  release?.state === "deployed" && release.slot === activeSlot && isEmpty(slots[otherSlot(activeSlot)]);
const idleSlot = (config: StackConfig) =>
  isEmpty(config.slots[config.activeSlot]) || isFirstPending(config)
    ? config.activeSlot
    : otherSlot(config.activeSlot);
const openRelease = ({ release, activeSlot }: StackConfig) =>
  isOpen(release) && release.slot !== activeSlot ? release : undefined;

const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(images, fc.integer({ min: 1, max: 3 })).map(([image, minTasks]): Act => (config) => {
    const slot = idleSlot(config);
    const hasUsers = !isEmpty(config.slots[slot]) && config.split[slot] > 0 && !isFirstPending(config);
    return hasUsers ? undefined : deployChange(config, slot, candidate(image, minTasks), NOW_MS, "me");
  }),
  fc.constantFrom(10, 25, 50, 100).map((percent): Act => (config) => {
    const release = openRelease(config);
    return release && shareChange(config, release, percent, NOW_MS, "me");
  }),
  fc.constant<Act>((config) => {
    const { release } = config;
    return isOpen(release) ? promoteChange(config, release, NOW_MS, "") : undefined;
  }),
  fc.constantFrom(...SLOTS).map((to): Act => (config) => {
    const { image, minTasks } = config.slots[to];
    return image === undefined || minTasks === 0 ? undefined : revertChange(config, to, NOW_MS, "");
  }),
  fc.constant<Act>((config) => restoreChange(config)),
  // Settling: the idle slot's capacity, up or down, after its users are gone.
  fc.integer({ min: 0, max: 3 }).map((minTasks): Act => (config) => {
    const slot = otherSlot(config.activeSlot);
    const own = config.slots[slot];
    if (own.image === undefined || config.split[slot] > 0) return undefined;
    return { [slot]: { ...own, minTasks }, generation: config.generation + 1 };
  }),
  // Manually, at the generation that is deployed.
  fc.constantFrom(0, 5, 100).map((percent): Act => (config) => {
    const slot = otherSlot(config.activeSlot);
    const { image, minTasks } = config.slots[slot];
    return image === undefined || minTasks === 0 ? undefined : { [`${slot}Weight`]: percent };
  }),
  fc.constant<Act>((config) => {
    const to = otherSlot(config.activeSlot);
    const { image, minTasks } = config.slots[to];
    return image === undefined || minTasks === 0
      ? undefined
      : { activeSlot: to, blueWeight: 0, greenWeight: 0 };
  }),
);

/** Carries out a history on an empty stack and hands every update that was made to `look`. */
function live(history: readonly Act[], look: (previous: Previous, next: StackConfig) => void): StackConfig {
  let raw: Readonly<Record<string, string>> = rawConfig({ localCloud: "http://127.0.0.1:1" });
  let config = configOf({ localCloud: "http://127.0.0.1:1" });
  for (const act of history) {
    const change = act(config);
    if (change === undefined) continue;
    const parsed = parseConfig(withChange(raw, change));
    // Refused by its configuration alone, such as a share for a slot that was scaled to zero meanwhile.
    if (!parsed.ok) continue;
    look(previousOf(config), parsed.config);
    raw = withChange(raw, change);
    config = parsed.config;
  }
  return config;
}

describe("along any history of releases", () => {
  const histories = fc.array(acts, { minLength: 5, maxLength: 40 });

  it("no update of the tools is refused, nor one manually that only moves users", () => {
    fc.assert(
      fc.property(histories, (history) => {
        live(history, (previous, next) => expect(problemsBetween(previous, next)).toEqual([]));
      }),
      RUNS,
    );
  });

  it("the histories are long enough to mean something", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(histories, (history) => {
        live(history, (_previous, { release, activeSlot, split }) =>
          seen.add(`${release?.state} ${activeSlot} ${split[otherSlot(activeSlot)] > 0}`),
        );
      }),
      // Always the same histories: whether they are long enough must not be a matter of luck.
      { numRuns: 300, seed: 1 },
    );
    expect(seen).toContain("promoted green false");
    expect(seen).toContain("promoted blue false");
    expect(seen).toContain("running green true");
    expect(seen).toContain("rolledBack blue false");
  });

  it("a checkout with other defaults can still move and revert users, but nothing under them manually", () => {
    fc.assert(
      fc.property(histories, (history) => {
        const config = live(history, () => {});
        const { slots, ...rest } = previousOf(config);
        const older = (slot: Slot) => {
          const known = slots[slot];
          return known && { ...known, definition: { ...known.definition, cpu: "256", memory: "512" } };
        };
        const previous = { ...rest, slots: { blue: older("blue"), green: older("green") } };
        if (isEmpty(config.slots[config.activeSlot]) || isFirstPending(config)) return;
        const reverted = revertChange(config, config.activeSlot, NOW_MS, "");
        const changes = [reverted, restoreChange(config)];
        for (const change of changes) {
          expect(problemsBetween(previous, changed(config, change))).toEqual([]);
        }
        expect(problemsBetween(previous, config).join()).toContain("service.allowInPlace");
      }),
      RUNS,
    );
  });
});

function changed(config: StackConfig, change: KeyChange): StackConfig {
  const { activeSlot, generation, blueWeight, greenWeight } = change;
  const weights = { blue: Number(blueWeight ?? 0), green: Number(greenWeight ?? 0) };
  const split = activeSlot === undefined ? config.split : { blue: 0, green: 0, [String(activeSlot)]: 100 };
  return { ...config, weights, split, generation: Number(generation) };
}
