import type { Notification } from "../contract/notification.ts";
import type { Release } from "../contract/release.ts";
import type { Outcome } from "../validation/outcome.ts";
import { EXIT } from "../validation/outcome.ts";
import type { ProgressEvent } from "../validation/progress.ts";

type Looked = Extract<ProgressEvent, { kind: "looked" }>;

/** What a flow may end with beside its sentence. */
type Ended = Outcome & { readonly release?: Release | undefined; readonly situation?: string };

/** Turns what happens in a flow into what people are told of it: each thing once, with its reason. */
export interface Notices {
  /** undefined: nothing to tell. */
  report(event: ProgressEvent): Notification | undefined;
  conclude(outcome: Ended): Notification | undefined;
}

export function createNotices(stack: string): Notices {
  let look: Looked | undefined;
  let reverted = false;
  return {
    report(event) {
      if (event.kind === "looked") look = event;
      if (event.kind === "reverted") reverted = true;
      if (event.kind !== "applied" || look === undefined) return undefined;
      // Other writes (a pause, a new owner) do not follow from a look that moves users.
      const kind = moved(look);
      const { release, verdict } = look;
      look = undefined;
      return kind && { kind, stack, releaseId: release.id, reason: verdict.reasons.join("; ") };
    },
    conclude({ exitCode, sentence, release, situation }) {
      const told = { stack, releaseId: release?.id, reason: sentence };
      if (reverted || (exitCode === EXIT.rolledBack && situation === "takenBack")) {
        return { kind: "rolledBack", ...told };
      }
      const needsPerson = exitCode === EXIT.needsPerson || exitCode === EXIT.evidenceMissing;
      return needsPerson ? { kind: "needsPerson", ...told } : undefined;
    },
  };
}

function moved({ verdict, split, release, bake }: Looked): "started" | "step" | "promoted" | undefined {
  if (verdict.kind === "promote") return "promoted";
  if (verdict.kind !== "advance") return undefined;
  // The first model of a stack has everyone before it is promoted.
  if (split[release.slot] === 100) return "promoted";
  return bake === undefined ? "started" : "step";
}
