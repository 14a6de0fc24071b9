import type { Notification } from "../contract/release/notification.ts";
import { releasedModel, type Release } from "../contract/release/release.ts";
import type { Outcome } from "../validation/outcome.ts";
import { EXIT } from "../validation/outcome.ts";
import type { CheckedEvent, ProgressEvent } from "../validation/progress.ts";

/** What a flow may end with beside its sentence. */
type Ended = Outcome & { readonly release?: Release | undefined; readonly situation?: string };

/** Turns what happens in a flow into what people are told of it: each thing once, with its reason. */
export interface Notices {
  /** undefined: nothing to tell. */
  report(event: ProgressEvent): Notification | undefined;
  conclude(outcome: Ended): Notification | undefined;
}

export function createNotices(stack: string): Notices {
  let last: CheckedEvent | undefined;
  let reverted = false;
  let failed = false;
  return {
    report(event) {
      if (event.kind === "checked") {
        last = event;
        failed = event.verdict.kind === "rollback";
      }
      if (event.kind === "reverted") {
        if (last?.verdict.kind === "retreat") return retreated(stack, last);
        reverted = true;
      }
      if (event.kind !== "applied" || last === undefined) return undefined;
      const { release, verdict } = last;
      // Other writes (a pause, a new owner) do not follow from a check that moves users.
      const kind = event.release?.state === "promoted" ? "promoted" : moved(last);
      last = undefined;
      // A person may promote at once what the schedule would have moved a step, or not at all.
      const reason = kind === "promoted" ? event.release?.reason : undefined;
      const model = releasedModel(release);
      return (
        kind && { kind, stack, releaseId: release.id, model, reason: reason ?? verdict.reasons.join("; ") }
      );
    },
    conclude({ exitCode, sentence, release, situation }) {
      const model = release && releasedModel(release);
      const told = { stack, releaseId: release?.id, model, reason: sentence };
      // A cohort is no user, so the emergency write has nobody to move.
      const isWithoutWrite = situation === "reverted" || failed;
      if (reverted || (exitCode === EXIT.rolledBack && isWithoutWrite)) {
        return { kind: "rolledBack", ...told };
      }
      const needsPerson = exitCode === EXIT.needsPerson || exitCode === EXIT.evidenceMissing;
      return needsPerson ? { kind: "needsPerson", ...told } : undefined;
    },
  };
}

/** Its users are back, the release is open. */
const retreated = (stack: string, { release, verdict }: CheckedEvent): Notification => ({
  kind: "retreated",
  stack,
  releaseId: release.id,
  model: releasedModel(release),
  reason: verdict.reasons.join("; "),
});

const moved = ({ verdict, bake }: CheckedEvent): "started" | "step" | undefined =>
  verdict.kind === "advance" ? (bake === undefined ? "started" : "step") : undefined;
