import { isOpen, notPassed, type Release } from "../release/release.ts";
import { otherSlot, type PerSlot, type Slot } from "../slot.ts";
import { isEmpty, shiftedShare, type StackConfig } from "../config/stack-config.ts";

/**
 * How a person has switched everyone by `activeSlot`, which no tool writes without ending the release: onto a model
 * whose release had not ended so, or away from one that was promoted. undefined: nobody has.
 */
export function switchedManually({ release, activeSlot, slots }: StackConfig): "onto" | "away" | undefined {
  if (release === undefined) return undefined;
  if (release.slot !== activeSlot) return release.state === "promoted" ? "away" : undefined;
  if (release.state === "promoted") return undefined;
  // A stack's first model has everyone before it is promoted, too: there is nowhere else.
  return isOpen(release) && isEmpty(slots[otherSlot(activeSlot)]) ? undefined : "onto";
}

/** Users who were given to a model manually, and for whom no pre-traffic test has spoken. */
export interface Unproven {
  readonly slot: Slot;
  /** Percent of the users. */
  readonly share: number;
  readonly why: string;
}

/**
 * Whom a person gives users although its pre-traffic tests failed, or nobody ran them, or it was rolled back; undefined:
 * nobody. `taskDefinitions`: ARNs that the last update requested.
 */
export function unproven(
  config: StackConfig,
  taskDefinitions: PerSlot<string | undefined>,
): Unproven | undefined {
  const { release, activeSlot } = config;
  if (switchedManually(config) === "onto" && release !== undefined) {
    const why = against(release, taskDefinitions[activeSlot]);
    return why === undefined ? undefined : { slot: activeSlot, share: 100, why };
  }
  const { slot, percent: share } = shiftedShare(config);
  if (share === 0) return undefined;
  if (release === undefined) return { slot, share, why: "no release of it was deployed and tested" };
  // The other slot of a release is its standby, which had users before.
  const isRollouts = release.state !== "deployed" && isOpen(release) && release.weight === share;
  if (release.slot !== slot || isRollouts) return undefined;
  const why = against(release, taskDefinitions[slot]);
  return why === undefined ? undefined : { slot, share, why };
}

/** What speaks against the model of a slot that a person chooses for some users; undefined: nothing, or all users have it. */
export function againstModelOn(
  { release, activeSlot }: Pick<StackConfig, "release" | "activeSlot">,
  slot: Slot,
  taskDefinition: string | undefined,
): string | undefined {
  return release === undefined || release.slot !== slot || slot === activeSlot
    ? undefined
    : against(release, taskDefinition);
}

function against(release: Release, taskDefinition: string | undefined): string | undefined {
  if (release.state === "promoted") return undefined;
  if (release.state === "rolledBack")
    return `its release ${release.id} was rolled back: ${release.reason || "no reason given"}`;
  return notPassed(release, taskDefinition);
}
