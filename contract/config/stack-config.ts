import type { ValuesOf } from "./field.ts";
import type { SlotConfig } from "./keys.ts";
import type { Cohort } from "../cohorts/cohort.ts";
import type { labelFields } from "../signals/label-fields.ts";
import type { Release } from "../release/release.ts";
import type { IamConfig, NetworkConfig, RolloutPolicy, ServiceConfig, Thresholds } from "./sections.ts";
import type { Signal } from "../signals/signal.ts";
import { otherSlot, type PerSlot, type Slot } from "../slot.ts";
import type { Split } from "../route/split.ts";
import type { SuitePolicy } from "./suite.ts";

/** A stack's configuration, read and checked. */
export interface StackConfig {
  readonly activeSlot: Slot;
  readonly weights: PerSlot<number>;
  /** The split that it asks for. */
  readonly split: Split;
  readonly slots: PerSlot<SlotConfig>;
  readonly release: Release | undefined;
  readonly generation: number;
  /** Who goes to which slot whatever the split is. */
  readonly cohorts: readonly Cohort[];
  readonly service: ServiceConfig;
  readonly network: NetworkConfig;
  readonly iam: IamConfig;
  readonly thresholds: Thresholds;
  readonly rollout: RolloutPolicy;
  /** What is compared between the slots beside what is built in. */
  readonly signals: readonly Signal[];
  readonly suite: SuitePolicy;
  readonly labels: ValuesOf<typeof labelFields>;
  /** None: no test rules. Two: the token is being rotated. */
  readonly testTokens: readonly string[];
  /** Webhook that is told what happens to releases; undefined: none. */
  readonly notifyUrl: string | undefined;
  /** Address of the local cloud, when the stack stands there. */
  readonly localCloud: string | undefined;
}

/** A slot runs something when it has an image; without one it is empty and may have no share. */
export function isEmpty(slot: SlotConfig): boolean {
  return slot.image === undefined;
}

/** The slot that may be shifted a share, and how much it is shifted. */
export function shiftedShare(config: StackConfig): { readonly slot: Slot; readonly percent: number } {
  const slot = otherSlot(config.activeSlot);
  return { slot, percent: config.split[slot] };
}

/** Whether ECS registers a slot's tasks for tests, too: it refuses a group that no rule names, and no token is no rule. */
export const hasTestGroup = ({ testTokens }: Pick<StackConfig, "testTokens">): boolean =>
  testTokens.length > 0;
