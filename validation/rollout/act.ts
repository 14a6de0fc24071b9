import type { Release } from "../../contract/release/release.ts";
import { otherSlot } from "../../contract/slot.ts";
import { promoteChange, shareChange, type KeyChange } from "../core/changes/changes.ts";
import { needsPerson } from "../core/machine.ts";
import type { Situation } from "../core/situation.ts";
import type { Verdict } from "../core/verdict.ts";
import { EXIT, type ExitCode } from "../outcome.ts";
import { retreatRelease, rollBackRelease } from "../rollback/reconcile.ts";
import { write } from "../stack/apply.ts";
import type { Checked } from "./check.ts";
import { giveTasks, shareAhead } from "./follow-share.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "./step-types.ts";

/** What follows from a check of a release that has users, or gave them back in doubt. */
export async function act(
  moment: Moment,
  situation: "sharing" | "paused" | "retreated",
  release: Release,
  checked: Checked,
): Promise<StepOutcome> {
  const { context, deployed, options } = moment;
  const { config } = deployed;
  const { action } = checked;
  const nowMs = context.clock.now();
  // Whom it moves is no longer paused, or never was.
  const moved = situation === "retreated" ? situation : "sharing";
  switch (action?.kind) {
    case "share": {
      const given = await giveTasks(moment, situation, release, checked, action.percent);
      if (given !== undefined) return given;
      // A scheduled step moves a release, but does not stay to own it.
      const owner = options.start ? context.owner : release.owner;
      const change = shareChange(config, release, action.percent, nowMs, owner);
      const how = situation === "retreated" ? "is tried again at" : "advances to";
      return changeRoute(moment, moved, checked, change, `release ${release.id} ${how} ${action.percent} %`);
    }
    case "promote": {
      const given = await giveTasks(moment, situation, release, checked, 100);
      if (given !== undefined) return given;
      const change = promoteChange(config, release, nowMs, checked.verdict.reasons.join("; "));
      const done = await changeRoute(moment, moved, checked, change, `release ${release.id} is promoted`);
      return done.agreed === undefined ? done : { ...done, finished: true };
    }
    case "rollBack":
      return rollBackRelease(moment, otherSlot(release.slot), checked, moved);
    case "retreat":
      return retreatRelease(moment, release, checked);
    case "callPerson":
    // A cohort is asked for before the first share alone.
    case "cohort":
      return waiting(moment, situation, checked);
    case undefined: {
      const ahead = shareAhead(moment, release, checked);
      if (ahead === undefined) return waiting(moment, situation, checked);
      const given = await giveTasks(moment, situation, release, checked, ahead);
      return given ?? waiting(moment, situation, checked);
    }
  }
}

export function waiting(
  moment: Moment,
  situation: Situation["kind"],
  { verdict, sentence, comparison }: Checked,
): StepOutcome {
  const expired = "expired" in verdict && verdict.expired;
  const exitCode = expired ? lateExit(verdict) : needsPerson(verdict) ? EXIT.needsPerson : EXIT.done;
  return outcomeOf(moment, situation, {
    exitCode,
    sentence,
    // Nobody can say yes to it: a rollout that waited would wait for nothing.
    finished: expired || (verdict.kind === "hold" && verdict.why === "refused"),
    verdict,
    comparison,
    agreed: moment.options.agreed,
  });
}

/** At the deadline: is evidence missing, or does somebody have to look at what is there? */
function lateExit(verdict: Verdict): ExitCode {
  const missing =
    verdict.kind === "insufficient" || (verdict.kind === "hold" && verdict.why === "unreadable");
  return missing ? EXIT.evidenceMissing : EXIT.needsPerson;
}

/** Writes the change as one update of the route alone. */
export async function changeRoute(
  moment: Moment,
  situation: Situation["kind"],
  { verdict, sentence, comparison }: Checked,
  change: KeyChange,
  what: string,
): Promise<StepOutcome> {
  const { context, deployed } = moment;
  const update = { change, scope: "route", refresh: false, message: `bluegreen: ${what}` } as const;
  const written = await write(context, { ...update, from: deployed.config.split });
  return written.kind === "shown"
    ? outcomeOf({ deployed: written.deployed, live: written.deployed.config.split }, situation, {
        exitCode: EXIT.done,
        sentence,
        finished: false,
        verdict,
        comparison,
        agreed: { generation: written.deployed.config.generation, atMs: written.atMs },
      })
    : outcomeOf(moment, situation, { ...notWritten(written), verdict, comparison });
}
