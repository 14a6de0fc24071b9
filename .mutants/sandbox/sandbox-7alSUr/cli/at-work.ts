import { openRunRecords, ownRun, stateDirectory } from "../validation/adapters/processes/records.ts";
import { openWorkNotes } from "../validation/adapters/processes/work.ts";
import { iso } from "../validation/core/iso.ts";
import type { Work, WorkLook } from "../validation/core/work.ts";
import type { Context, Reporter } from "../validation/ports.ts";
import { localPlace } from "./local/place.ts";
import type { ModelTarget } from "./model-target.ts";

/** What processes of this machine release on the stack. */
export function workOn(target: ModelTarget): readonly Work[] {
  return notes().on(nameOf(target));
}

/** Runs a flow that moves a release, and says of itself what `status` shows of it meanwhile. */
export async function atWork<T>(
  context: Context,
  target: ModelTarget,
  flow: (context: Context) => Promise<T>,
): Promise<T> {
  const [kept, on, { id: run }, { owner }] = [notes(), nameOf(target), ownRun(), context];
  let look: WorkLook | undefined;
  const reporter: Reporter = {
    report(event) {
      context.reporter.report(event);
      if (event.kind === "checked") look = { at: iso(event.nowMs), sentence: event.sentence };
      else if (event.kind === "waiting" && look !== undefined) look = { ...look, nextAt: iso(event.atMs) };
      else return;
      kept.tell(on, { run, owner, look });
    },
  };
  kept.tell(on, { run, owner });
  try {
    return await flow({ ...context, reporter });
  } finally {
    kept.forget(run);
  }
}

function notes() {
  const state = stateDirectory();
  return openWorkNotes(state, openRunRecords(state).fateOfRun);
}

/** Stacks of one name in two checkouts, on two local clouds, are two. */
function nameOf(target: ModelTarget): string {
  const { kind, project, stack, model } = target;
  const where = kind === "local" ? (target.cloud.joined ?? localPlace().directory) : "AWS";
  return [where, project, stack, model].join(" ");
}
