import { requireDeployed } from "./apply.ts";
import type { ReleaseKey } from "./core/changes.ts";
import { EXIT, type Outcome } from "./outcome.ts";
import type { Context } from "./ports.ts";

export interface SyncOutcome extends Outcome {
  readonly changedKeys: readonly ReleaseKey[];
  readonly generation: number;
}

/** Brings the release keys of the checkout's stack file in line with what is deployed; all other keys stay. */
export async function sync(context: Context): Promise<SyncOutcome> {
  const deployed = await requireDeployed(context);
  const changedKeys = await context.store.sync(deployed);
  const { generation } = deployed.config;
  const sentence =
    changedKeys.length === 0
      ? `the stack file is in step with generation ${generation}`
      : `brought to generation ${generation}: ${changedKeys.join(", ")}`;
  return { exitCode: EXIT.done, sentence, changedKeys, generation };
}
