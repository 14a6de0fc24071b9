import { approvalShares } from "../../../contract/config/steps.ts";
import type { CheckedEvent } from "../../../validation/progress.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import type { PastUpdate } from "../world/backend.ts";
import { CANDIDATE } from "./slots.ts";

/** What people have said of the release, by their own commands alone, whatever the release itself remembers of it. */
export class Persons {
  private paused = false;
  /** By the command that approved it: one says yes to one share. */
  private readonly approved = new Map<string, number>();
  /** Commands whose own check forbids what they were asked for. */
  private readonly forbidden = new Map<string, string>();

  /** The history has a new update. */
  updated(before: PastUpdate, { by, config }: PastUpdate): void {
    if (by?.verb === "pause" && config.release?.state === "paused") this.paused = true;
    if (by?.verb === "resume") this.paused = false;
    if (by?.verb !== "approve" || this.approved.has(by.name)) return;
    const had = before.config.split[CANDIDATE];
    const next = approvalShares(before.config.rollout)
      .toSorted((a, b) => a - b)
      .find((share) => share > had && !this.hasApproved(share));
    if (next !== undefined) this.approved.set(by.name, next);
  }

  get hasPaused(): boolean {
    return this.paused;
  }

  hasApproved(share: number): boolean {
    return [...this.approved.values()].includes(share);
  }

  /** Nothing overrules a gate that fails, and only `--without-evidence` one without an answer. */
  checked(by: ProcessOnMachine, { assessments }: CheckedEvent): void {
    if (!by.verb.startsWith("promote")) return;
    const deciding = assessments.filter(({ dryRun = false }) => !dryRun);
    const against = deciding.find(
      ({ answer, onFail }) =>
        (answer.kind === "fail" && onFail !== "hold") ||
        (by.verb === "promote" && answer.kind !== "pass" && answer.kind !== "notApplicable"),
    );
    if (against === undefined) this.forbidden.delete(by.name);
    else this.forbidden.set(by.name, `${against.gate}: ${against.answer.reason}`);
  }

  /** Why a command may not give it more; undefined: it may. */
  whyNot(by: string): string | undefined {
    return this.forbidden.get(by);
  }
}
