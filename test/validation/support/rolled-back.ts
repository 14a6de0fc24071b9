import type { Release } from "../../../contract/release/release.ts";
import type { Context } from "../../../validation/ports.ts";
import type { Checked } from "../../../validation/rollout/check.ts";
import type { Moment } from "../../../validation/rollout/step-types.ts";
import { DIGEST, sharing } from "./samples.ts";
import { World } from "./world.ts";

export const BACK = { blue: 100, green: 0 };
type Ending =
  | { readonly kind: "rollback"; readonly cause: "failing" | "deadline" }
  | { readonly kind: "retreat"; readonly cause: "doubt" };
const OPTIONS = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;

/** What a check has found; `live` is what the route has. */
export function momentOf(world: World, context: Context = world.context()): Moment {
  return { context, deployed: world.deployed(), live: world.live, options: OPTIONS };
}
export const checked = (own: Ending): Checked => ({
  verdict: { reasons: ["too slow", "too wrong"], evidence: [], ...own },
  action: undefined,
  sentence: "green fails",
  comparison: undefined,
});
export const FAILING = checked({ kind: "rollback", cause: "failing" });
export const IN_DOUBT = checked({ kind: "retreat", cause: "doubt" });

export function releaseOf({ config }: World): Release {
  const { release } = config;
  if (release === undefined) throw new Error("the sample has a release");
  return release;
}

/** A release whose models share users, so that the comparison knows the pair. */
export function compared(percent = 50): World {
  const raw = sharing(percent);
  const windows = [{ from: "2026-01-01T00:00:00.000Z" }];
  return new World({
    ...raw,
    release: { ...raw.release, compared: { active: DIGEST("a"), attempt: 1, windows } },
  });
}
