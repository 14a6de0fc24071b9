import { readLive, requireDeployed } from "./apply.ts";
import type { ReleaseKey } from "../core/changes/changes.ts";
import { situationOf } from "../core/situation.ts";
import { attempt } from "../reading.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context, Deployed } from "../ports.ts";
import { completeRevert } from "../rollback/reconcile.ts";

export interface SyncOutcome extends Outcome {
  readonly changedKeys: readonly ReleaseKey[];
  readonly generation: number;
}

/**
 * The stack as deployed, after a revert that Pulumi was not told of: a file that is in step with users who were moved
 * back since would give them to the candidate again at the next `pulumi up` that touches the route.
 */
async function completed(context: Context): Promise<Deployed> {
  const deployed = await requireDeployed(context);
  const read = await attempt(() => readLive(context, deployed));
  if (!read.readable) {
    const message = `the route could not be read, so it is not known whether users were rolled back: ${read.why}`;
    context.reporter.report({ kind: "note", message });
    return deployed;
  }
  const live = read.value;
  const situation = situationOf(deployed.config, live);
  if (live === undefined || situation.kind !== "reverted") return deployed;
  const options = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined };
  const { sentence } = await completeRevert({ context, deployed, live, options }, situation.to);
  context.reporter.report({ kind: "note", message: sentence });
  return requireDeployed(context);
}

/** Brings the release keys of the checkout's stack file in line with what is deployed; all other keys stay. */
export async function sync(context: Context, options = { onlyFile: false }): Promise<SyncOutcome> {
  const deployed = options.onlyFile ? await requireDeployed(context) : await completed(context);
  const changedKeys = await context.store.sync(deployed);
  const { generation } = deployed.config;
  const sentence =
    changedKeys.length === 0
      ? `the stack file is in step with generation ${generation}`
      : `brought to generation ${generation}: ${changedKeys.join(", ")}`;
  return { exitCode: EXIT.done, sentence, changedKeys, generation };
}
