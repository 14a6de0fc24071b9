import type { StackConfig } from "../../contract/config/stack-config.ts";
import { otherSlot } from "../../contract/slot.ts";
import type { TourStepName } from "./steps.ts";

/** Where the stack of the tour is. */
export type TourPosition =
  | { readonly kind: "at"; readonly step: TourStepName }
  /** Something that the tour did not ask for; `back`: the command that leads on from there. */
  | { readonly kind: "aside"; readonly what: string; readonly back: string }
  | { readonly kind: "over" };

/** What is read of the stack; undefined: it is not up yet. */
export type TourConfig = Pick<StackConfig, "activeSlot" | "slots" | "release">;

const at = (step: TourStepName): TourPosition => ({ kind: "at", step });
const BAD = "digits:3-flaky";

/** The step that comes next, from what is deployed alone: so the tour goes on wherever it was left. */
export function positionOf(config: TourConfig | undefined): TourPosition {
  if (config === undefined) return at("stack");
  const { activeSlot, slots, release } = config;
  const active = modelOn(slots[activeSlot].image);
  if (active === undefined) return at("first");
  const idle = modelOn(slots[otherSlot(activeSlot)].image);
  if (release?.state === "paused") {
    return { kind: "aside", what: "The release is paused.", back: "npx bluegreen resume" };
  }
  const isOpen = release?.state === "deployed" || release?.state === "running";
  if (isOpen && release.slot !== activeSlot) return ofCandidate(active, idle ?? "", release);
  if (active === "digits:2") return at(release?.state === "promoted" ? "revert" : "bad");
  if (active === BAD) {
    return { kind: "aside", what: "The bad model has all users.", back: "npx bluegreen revert" };
  }
  if (active !== "digits:1") return strange(`${active} has the users.`);
  if (release?.modelVersion === "2") return at("bad");
  return release?.modelVersion === "3" ? { kind: "over" } : at("deploy");
}

function ofCandidate(
  active: string,
  candidate: string,
  { state, tested }: NonNullable<TourConfig["release"]>,
): TourPosition {
  if (candidate === BAD) {
    const isTested = tested !== undefined && tested.outcome !== "passed";
    return at(state === "running" || isTested ? "badRollout" : "badTest");
  }
  if (candidate === "digits:2") {
    return at(state === "running" || tested?.outcome === "passed" ? "rollout" : "test");
  }
  if (active !== "digits:1" && active !== "digits:2") return strange(`${active} has the users.`);
  const wanted = active === "digits:1" ? "digits:2 --model-version 2" : `${BAD} --model-version 3`;
  const what = `${candidate} is the candidate, and the tour has another one.`;
  return state === "running"
    ? { kind: "aside", what: `${what} It has users already.`, back: "npx bluegreen revert" }
    : { kind: "aside", what, back: `npx bluegreen deploy ${wanted}` };
}

const strange = (what: string): TourPosition => ({
  kind: "aside",
  what: `${what} The tour does not know that model.`,
  back: "npx bluegreen deploy digits:1 --model-version 1",
});

/** `digits:2@sha256:…` is `digits:2`. */
const modelOn = (image: string | undefined): string | undefined => image?.replace(/@sha256:.*$/, "");
