import { write } from "../stack/apply.ts";
import { personOf, readOwner, standingOf, type Standing } from "../core/owner.ts";
import type { Situation } from "../core/situation.ts";
import { ownChange } from "../core/changes/steering.ts";
import type { Release } from "../../contract/release/release.ts";
import { isOpen } from "../../contract/release/release.ts";
import { notWritten, outcomeOf, type Moment, type StepOutcome } from "./step-types.ts";
import { EXIT } from "../outcome.ts";
import { sinceOf } from "./live-since.ts";

export type Owned =
  | { readonly kind: "mine"; readonly moment: Moment }
  | { readonly kind: "left"; readonly outcome: StepOutcome };

/**
 * One rollout moves a release. The second is told whose it is and leaves; what belongs to a process of this machine
 * that has ended is taken over, and said. Claiming is an update like any other, so of two that claim at once one
 * finds the stack changed and looks again.
 */
export async function own(moment: Moment, situation: Situation): Promise<Owned> {
  const { context, deployed, options } = moment;
  const { release } = deployed.config;
  const { ownership } = options;
  // The first share makes a deployed candidate this process's own.
  if (ownership === undefined || !isOpen(release) || release.state === "deployed") {
    return { kind: "mine", moment };
  }
  const standing = standingOf(release.owner, context.owner, ownership.fateOfRun);
  if (standing === "me") return { kind: "mine", moment };
  if ((standing === "alive" || standing === "elsewhere") && !ownership.takeOver) {
    return { kind: "left", outcome: leave(moment, situation, release, standing) };
  }
  const { kind } = situation;
  if (kind !== "sharing" && kind !== "paused" && kind !== "cohort") return { kind: "mine", moment };
  return claim(moment, situation, release, standing);
}

const WHERE: Readonly<Record<"alive" | "elsewhere", string>> = {
  alive: "it runs on this machine",
  elsewhere: "from here nobody can tell whether it still runs",
};

function leave(
  moment: Moment,
  situation: Situation,
  release: Release,
  standing: "alive" | "elsewhere",
): StepOutcome {
  const sentence = `release ${release.id} belongs to the rollout of ${ownerWords(release.owner)}; ${WHERE[standing]}. To go on with it here: npx bluegreen rollout --force-ownership; the other one, if it runs, then leaves`;
  return outcomeOf(moment, situation.kind, { exitCode: EXIT.needsPerson, sentence, finished: true });
}

export function ownerWords(owner: string): string {
  const read = readOwner(owner);
  return read === undefined
    ? owner
    : `${personOf(owner)} (process ${read.pid} on ${read.host}, since ${read.since})`;
}

async function claim(
  moment: Moment,
  situation: Situation,
  release: Release,
  standing: Standing,
): Promise<Owned> {
  const { context, deployed, options } = moment;
  if (standing !== "nobody") {
    const why = standing === "gone" ? "which has ended" : "as asked";
    const message = `taking release ${release.id} over from ${ownerWords(release.owner)}, ${why}`;
    context.reporter.report({ kind: "note", message });
  }
  const liveSinceMs = sinceOf(context, deployed, release, options.agreed);
  const change = ownChange(deployed.config, release, liveSinceMs, context.owner);
  const message = `bluegreen: release ${release.id} is rolled out by ${ownerWords(context.owner)}`;
  const written = await write(context, { change, scope: "route", refresh: false, message });
  if (written.kind === "shown") return { kind: "mine", moment: { ...moment, deployed: written.deployed } };
  return { kind: "left", outcome: outcomeOf(moment, situation.kind, notWritten(written)) };
}
