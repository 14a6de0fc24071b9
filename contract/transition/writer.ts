import type { Previous } from "./previous.ts";
import type { StackConfig } from "../config/stack-config.ts";

/** Set to 1 in the environment of an update that a verb carries out; a person's own `pulumi up` has it not. */
export const BY_VERB = "BLUEGREEN_UPDATE_BY_VERB";

/**
 * Verbs raise the generation, and some rules tell by that whose update it is. In a person's update a raised one comes from
 * elsewhere, such as another stack's file or one whose write failed: it counts as the deployed one, so that no rule is off.
 */
export const asManual = (previous: Previous | undefined, next: StackConfig): StackConfig =>
  previous === undefined || next.generation <= previous.generation
    ? next
    : { ...next, generation: previous.generation };
