import { cohortInStep } from "../../contract/cohorts/in-step.ts";
import { switchedManually } from "../../contract/route/manual-switch.ts";
import { isOpen, STATE_WORDS, type Release } from "../../contract/release/release.ts";
import { otherSlot } from "../../contract/slot.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { iso } from "../core/iso.ts";
import type { Standing } from "../core/owner.ts";
import { resumption, unseenRetreats } from "../core/changes/retreating.ts";
import { waivedWords } from "../core/tested.ts";
import { ownerWords } from "../rollout/ownership.ts";
import type { RolloutStatus } from "./rollout-status.ts";

/** How the stack's release stands, in a sentence. */
export function releaseWords(config: StackConfig, rollout: RolloutStatus | undefined): string {
  const { release } = config;
  if (release === undefined) return "no release yet";
  const waived = waivedWords(release);
  return `${stateWords(config, release, rollout)}${waived === undefined ? "" : `; ${waived}`}`;
}

function stateWords(config: StackConfig, release: Release, rollout: RolloutStatus | undefined): string {
  const { activeSlot } = config;
  const manual = switchedManually(config);
  if (manual === "onto") {
    return `${activeSlot} was made the active slot manually while release ${release.id} was ${STATE_WORDS[release.state]}; ${otherSlot(activeSlot)} stands by`;
  }
  const cohort = cohortInStep(release);
  const has = cohort === undefined ? "" : ` with cohort ${cohort.name} on ${release.slot}`;
  const words = `release ${release.id} is ${STATE_WORDS[release.state]}${has}`;
  if (manual === "away") return `${words}, and ${activeSlot} was made the active slot manually after it`;
  if (release.state === "paused") return `${words} ${release.reason}`;
  const back = retreatWords(config, release);
  const said = back === undefined ? words : `${words}, ${back}`;
  return rollout === undefined ? said : `${said}, ${OWNER[rollout.standing](ownerWords(rollout.owner))}`;
}

/** Why a release that goes on has no users; undefined: it has some, or never had. */
function retreatWords(config: StackConfig, release: Release): string | undefined {
  const due = isOpen(release) ? resumption(config, release) : undefined;
  if (due === undefined) return undefined;
  const isPersons = unseenRetreats(release).length > config.rollout.maxRetreats;
  const when = isPersons ? "for a person" : `until ${iso(due.atMs)}, then ${due.to} %`;
  return `without users since it gave them back in doubt (${release.reason}); it waits ${when}`;
}

const OWNER: Readonly<Record<Standing, (owner: string) => string>> = {
  nobody: (owner) => `rolled out by ${owner}`,
  me: (owner) => `rolled out by ${owner}`,
  alive: (owner) => `rolled out by ${owner}, at work`,
  gone: (owner) => `and nobody is at work on it: the rollout of ${owner} has ended`,
  elsewhere: (owner) => `rolled out by ${owner}; from here nobody can tell whether it still runs`,
};
