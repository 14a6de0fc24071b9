import type { Release } from "../contract/release/release.ts";
import type { Slot } from "../contract/slot.ts";
import type { Split } from "../contract/route/split.ts";
import type { Assessment } from "./core/assessment.ts";
import type { Judgement } from "./core/comparison/judgement.ts";
import type { Verdict } from "./core/verdict.ts";

/** What happens while a flow runs; rendered as a live view, plain lines or JSON by whoever listens. */
export type ProgressEvent =
  /** A check of a candidate: everything that a live view shows. Times are epoch ms of the cloud's clock. */
  | {
      readonly kind: "checked";
      readonly release: Release;
      readonly split: Split;
      readonly nowMs: number;
      /** undefined before the first share. */
      readonly bake: { readonly sinceMs: number; readonly minutes: number } | undefined;
      readonly steps: readonly number[];
      /** Who comes before them; undefined: nobody does. */
      readonly cohort?: string | undefined;
      readonly assessments: readonly Assessment[];
      readonly verdict: Verdict;
      readonly sentence: string;
      /** Both slots' counts by the minute; undefined: nothing was compared. */
      readonly comparison: Judgement | undefined;
    }
  /** The next check. `atMs`: epoch ms of the cloud's clock; `seconds`: of the machine's clock until then. */
  | { readonly kind: "waiting"; readonly atMs: number; readonly seconds: number }
  | { readonly kind: "applying"; readonly message: string }
  /** The route shows the new split. `release`: as it is now; undefined: the stack had none. */
  | {
      readonly kind: "applied";
      readonly split: Split;
      readonly message: string;
      readonly release: Release | undefined;
    }
  /** The emergency write is on the route. */
  | { readonly kind: "reverted"; readonly to: Slot; readonly seconds: number }
  /** A deployed candidate is getting ready. */
  | {
      readonly kind: "preparing";
      readonly slot: Slot;
      readonly healthy: number;
      readonly needed: number;
      /** Of its ECS deployment; undefined: something else fills the slot. */
      readonly rolloutState: string | undefined;
      /** `family:revision` of another model to which ECS goes back, and of which the targets are; undefined: none. */
      readonly instead?: string | undefined;
      /** What the health checks of its targets found. */
      readonly checks: readonly string[];
    }
  /** Another update holds the stack. */
  | { readonly kind: "locked"; readonly who: string }
  /** Pre-traffic tests: how far a part of them is, and about how long all that is left takes. */
  | {
      readonly kind: "testing";
      readonly stage: string;
      readonly done: number;
      readonly total: number;
      readonly secondsLeft: number;
    }
  | { readonly kind: "note"; readonly message: string };

export type CheckedEvent = Extract<ProgressEvent, { readonly kind: "checked" }>;
