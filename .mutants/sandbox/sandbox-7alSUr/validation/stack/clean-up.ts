import { freeTheDead } from "./locks.ts";
import { attempt } from "../reading.ts";
import type { Context } from "../ports.ts";

/**
 * The end of every verb that writes: what an earlier one has left behind that was killed is put away, so that plain
 * `pulumi up` does not stumble over it. A stack file that is behind follows; the lock of a dead process is cancelled,
 * where the engine tells of it without an update (on AWS the next update of ours finds it).
 */
export async function tidy({ store, reporter }: Context): Promise<void> {
  const note = (message: string) => reporter.report({ kind: "note", message });
  const freed = await attempt(() => freeTheDead({ store, reporter }));
  if (!freed.readable) note(`the stack's lock was not looked at: ${freed.why}`);
  const followed = await attempt(() => store.follow());
  if (!followed.readable) note(`the stack file was not looked at: ${followed.why}`);
  else if (followed.value.length > 0) {
    note(`the stack file was behind what is deployed; brought in step: ${followed.value.join(", ")}`);
  }
}
