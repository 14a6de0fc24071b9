import { describe, expect, test } from "vitest";
import { slotMarks } from "../../../validation/core/slot-marks.ts";
import { candidateReady, oneModel, promoted, sharing } from "../support/samples.ts";
import { World } from "../support/world.ts";

type Raw = Record<string, unknown> & {
  readonly blue: object;
  readonly green?: object;
  readonly release?: object;
};

/** With models of a registry on the slots that have one. */
function marks(raw: Raw, release: object = {}, green: object = {}, blue: object = {}) {
  const config = new World({
    ...raw,
    blue: { ...raw.blue, registry: "models:/fraud/1", release: "v1-g1", ...blue },
    ...(raw.green && { green: { ...raw.green, registry: "models:/fraud/2", release: "v2-g3", ...green } }),
    ...(raw.release && { release: { ...raw.release, ...release } }),
  }).config;
  return slotMarks(config);
}
const roles = (raw: Raw, release: object = {}) =>
  marks(raw, release).map(({ registry, slot, role }) => `${registry} on ${slot} is ${role}`);

const V1 = "models:/fraud/1 on blue is";
const V2 = "models:/fraud/2 on green is";

describe("what a registry is told of the models on the slots", () => {
  const table: readonly (readonly [string, Raw, object, readonly string[]])[] = [
    ["the only model is the active one", oneModel(), {}, [`${V1} active`]],
    [
      "a model that waits for users is the candidate",
      candidateReady(),
      {},
      [`${V1} active`, `${V2} candidate`],
    ],
    ["a model that has some users is the candidate", sharing(10), {}, [`${V1} active`, `${V2} candidate`]],
    [
      "a paused model is the candidate",
      sharing(10),
      { state: "paused" },
      [`${V1} active`, `${V2} candidate`],
    ],
    ["a promoted model is active, and named first", promoted(), {}, [`${V2} active`, `${V1} standby`]],
    [
      "a model that was rolled back is said to be so",
      candidateReady(),
      { state: "rolledBack" },
      [`${V1} active`, `${V2} rolledBack`],
    ],
    [
      "a model whose promotion was left by a person's word is the standby",
      { ...promoted(), activeSlot: "blue" },
      {},
      [`${V1} active`, `${V2} standby`],
    ],
    [
      "where a person has made a candidate the active slot, the other model is the standby",
      { ...candidateReady(), activeSlot: "green" },
      {},
      [`${V2} active`, `${V1} standby`],
    ],
  ];
  test.each(table)("%s", (_title, raw, release, expected) => {
    expect(roles(raw, release)).toEqual(expected);
  });

  test("a model beside the active one is the standby on a stack without a release", () => {
    expect(roles({ ...candidateReady(), release: {} })).toEqual([`${V1} active`, `${V2} standby`]);
  });

  test("a version on both slots is what the more important one makes of it", () => {
    const same = { registry: "models:/fraud/1" };
    expect(marks(candidateReady(), {}, same)).toMatchObject([{ slot: "blue", role: "active" }]);
    expect(marks(promoted(), {}, same)).toMatchObject([{ slot: "green", role: "active" }]);
  });

  test("a model that was deployed as an image is none of its own", () => {
    const noRegistry = { registry: undefined };
    expect(marks(candidateReady(), {}, noRegistry)).toMatchObject([{ slot: "blue" }]);
    expect(marks(oneModel(), {}, {}, noRegistry)).toEqual([]);
  });

  test("an empty slot has no model, whatever it had", () => {
    const { config } = new World(oneModel());
    const { blue } = config.slots;
    const filled = { ...blue, registry: "models:/fraud/1" };
    const empty = { ...blue, image: undefined, registry: "models:/fraud/2" };
    const told = slotMarks({ ...config, slots: { blue: filled, green: empty } });
    expect(told.map(({ slot }) => slot)).toEqual(["blue"]);
  });

  test("they name the release that put each model there, as far as it is known", () => {
    const named = ({ blue, green }: { blue: object; green: object }) =>
      marks(candidateReady(), {}, green, blue).map(({ release }) => release);
    expect(named({ blue: {}, green: {} })).toEqual(["v1-g1", "v2-g3"]);
    expect(named({ blue: { release: undefined }, green: {} })).toEqual(["", "v2-g3"]);
  });

  const RUN = "https://github.com/org/repo/actions/runs/7";
  test.each([
    ["a run on GitHub", RUN, RUN],
    ["a process of a person", "ann@desk:17", ""],
  ])("what was rolled back has its reason, and %s as evidence", (_title, owner, evidence) => {
    const [active, candidate] = marks(candidateReady(), { state: "rolledBack", reason: "too slow", owner });
    expect(active).toMatchObject({ reason: "", evidence: "" });
    expect(candidate).toMatchObject({ reason: "too slow", evidence });
  });

  test("what was not rolled back has neither", () => {
    const told = marks(sharing(10), { reason: "10 % of users", owner: RUN });
    expect(told).toMatchObject([
      { reason: "", evidence: "" },
      { reason: "", evidence: "" },
    ]);
    expect(told[1]).toEqual({
      registry: "models:/fraud/2",
      slot: "green",
      role: "candidate",
      release: "v2-g3",
      reason: "",
      evidence: "",
    });
  });
});
