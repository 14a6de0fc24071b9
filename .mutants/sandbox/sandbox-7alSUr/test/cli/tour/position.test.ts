import { describe, expect, it } from "vitest";
import { positionOf, type TourConfig } from "../../../cli/tour/position.ts";
import { TOUR_STEPS } from "../../../cli/tour/steps.ts";
import { oneModel } from "../../validation/support/samples.ts";
import { World } from "../../validation/support/world.ts";

const tested = (outcome: string) => ({
  outcome,
  digest: `sha256:${"0".repeat(64)}`,
  at: "2026-01-01T00:00:00.000Z",
  taskDefinition: "arn:task/green:2",
});
const slot = (image: string, modelVersion: string) => ({
  image: `${image}@sha256:${"a".repeat(64)}`,
  modelVersion,
  minTasks: 1,
  maxTasks: 4,
});

interface Given {
  readonly active: string;
  readonly candidate?: readonly [string, string];
  readonly release?: Readonly<Record<string, unknown>>;
  readonly promotedTo?: string;
}

/** A stack with this model on blue, and a release of the one on green. */
function stackWith({ active, candidate, release, promotedTo }: Given): TourConfig {
  const green = promotedTo === undefined ? candidate : ([promotedTo, "2"] as const);
  const [image = "", version = ""] = green ?? [];
  const raw = {
    ...oneModel(),
    activeSlot: promotedTo === undefined ? "blue" : "green",
    blue: slot(active, active.split(":")[1] ?? ""),
    ...(green === undefined ? {} : { green: slot(image, version) }),
    ...(release === undefined
      ? {}
      : {
          release: {
            id: `v${version}-g3`,
            slot: "green",
            digest: `${image}@sha256:${"a".repeat(64)}`,
            modelVersion: version,
            stepSince: "2026-01-01T00:00:00.000Z",
            weight: release["state"] === "running" ? 10 : 0,
            ...release,
          },
        }),
    ...(release?.["state"] === "running" || release?.["state"] === "paused" ? { greenWeight: 10 } : {}),
  };
  return new World(raw).config;
}

const DIGITS2 = ["digits:2", "2"] as const;
const FLAKY = ["digits:3-flaky", "3"] as const;

describe("the tour", () => {
  it.each([
    ["deploy", { active: "digits:1" }],
    ["test", { active: "digits:1", candidate: DIGITS2, release: { state: "deployed" } }],
    [
      "test",
      { active: "digits:1", candidate: DIGITS2, release: { state: "deployed", tested: tested("failed") } },
    ],
    [
      "rollout",
      { active: "digits:1", candidate: DIGITS2, release: { state: "deployed", tested: tested("passed") } },
    ],
    ["rollout", { active: "digits:1", candidate: DIGITS2, release: { state: "running" } }],
    ["revert", { active: "digits:1", promotedTo: "digits:2", release: { state: "promoted", weight: 100 } }],
    ["bad", { active: "digits:1", candidate: DIGITS2, release: { state: "rolledBack" } }],
    ["badTest", { active: "digits:1", candidate: FLAKY, release: { state: "deployed" } }],
    [
      "badRollout",
      { active: "digits:1", candidate: FLAKY, release: { state: "deployed", tested: tested("failed") } },
    ],
    ["badRollout", { active: "digits:1", candidate: FLAKY, release: { state: "running" } }],
  ])("is at %s", (step, given: Given) => {
    expect(positionOf(stackWith(given))).toEqual({ kind: "at", step });
  });

  it("begins with a stack that is not there, and is over when the bad model was rolled back", () => {
    expect(positionOf(undefined)).toEqual({ kind: "at", step: "stack" });
    const end = { active: "digits:1", candidate: FLAKY, release: { state: "rolledBack" } };
    expect(positionOf(stackWith(end))).toEqual({ kind: "over" });
  });

  it.each([
    [
      "a pause",
      { active: "digits:1", candidate: DIGITS2, release: { state: "paused", weight: 10 } },
      "npx bluegreen resume",
    ],
    [
      "another candidate",
      { active: "digits:1", candidate: ["digits:3", "3"] as const, release: { state: "deployed" } },
      "npx bluegreen deploy digits:2 --model-version 2",
    ],
    [
      "another candidate with users",
      { active: "digits:1", candidate: ["digits:3", "3"] as const, release: { state: "running" } },
      "npx bluegreen revert",
    ],
    ["a model of somebody else", { active: "text:1" }, "npx bluegreen deploy digits:1 --model-version 1"],
  ])("knows the way back from %s", (_what, given: Given, back) => {
    expect(positionOf(stackWith(given))).toMatchObject({ kind: "aside", back });
  });

  it("types nothing twice for two steps, but for the tests", () => {
    const commands = TOUR_STEPS.map(({ command }) => command);
    expect(commands.length - new Set(commands).size).toBe(1);
  });
});
