import { otherSlot, type Slot } from "../contract/slot.ts";
import type { Split } from "../contract/split.ts";
import { write } from "./apply.ts";
import { returnedChange } from "./core/settling.ts";
import { attempt } from "./observe.ts";
import type { Context, Deployed } from "./ports.ts";
import { countOf } from "./settle.ts";

export interface Returned {
  readonly deployed: Deployed;
  /** For the person; empty: the slot has the tasks that its users need. */
  readonly words: string;
}

/**
 * Everyone is back on `to`, which may have far fewer tasks than served them a moment ago: scaling follows the users, and
 * would be minutes behind. It gets as many here, in an update of its own; users never wait for that, because who takes
 * them back may have no time. `before`: the split until then; whoever had most of the users says how many tasks they need.
 * Never throws: users are back, whatever becomes of this.
 */
export async function raiseReturned(
  context: Context,
  deployed: Deployed,
  to: Slot,
  before: Split | undefined,
): Promise<Returned> {
  const from = otherSlot(to);
  const { config, raw, outputs } = deployed;
  const [own, other] = [outputs.slots[to].running, outputs.slots[from].running];
  const hadMost = before === undefined || before[from] > before[to];
  if (!hadMost || own === undefined || other === undefined) return { deployed, words: "" };
  const read = await attempt(() =>
    context.services.read(outputs.clusterName, [own.serviceName, other.serviceName]),
  );
  if (!read.readable) {
    return { deployed, words: `; whether ${to} has enough tasks for them could not be read (${read.why})` };
  }
  const has = read.value.get(own.serviceName)?.desired;
  const needs = read.value.get(other.serviceName)?.desired;
  if (has === undefined || needs === undefined || has >= needs) return { deployed, words: "" };

  const both = `${to} has ${countOf(has)} where ${from} had ${needs} for the same users`;
  const meaning = "until they are healthy it may be slow or refuse some";
  context.reporter.report({ kind: "note", message: `${both}: it gets as many; ${meaning}` });
  const change = returnedChange(config, raw, to, { own: own.minTasks, raised: needs });
  const message = `bluegreen: ${to} gets ${countOf(needs)} for the users that are back, after ${has}`;
  const written = await attempt(() =>
    write(context, { change, scope: "everything", refresh: false, message }),
  );
  if (written.readable && written.value.kind === "shown") {
    return { deployed: written.value.deployed, words: `; ${both}, and gets as many: ${meaning}` };
  }
  const why = written.readable ? "the stack is held by another update" : written.why;
  const mend = `pulumi config set --path ${to}.minTasks ${needs} && pulumi up`;
  return { deployed, words: `; ${both}, and could not be given as many (${why}): ${mend}` };
}
