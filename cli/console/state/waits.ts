import { cohortInStep } from "../../../contract/cohorts/in-step.ts";
import { isOpen } from "../../../contract/release/release.ts";
import { percents, stepAt } from "../../../contract/config/steps.ts";
import { nextShare, unapproved } from "../../../validation/core/changes/steering.ts";
import { resumption, unseenRetreats } from "../../../validation/core/changes/retreating.ts";
import { percent } from "../../../validation/core/percent.ts";
import { iso } from "../../../validation/core/iso.ts";
import type { Judgement } from "../../../validation/core/comparison/judgement.ts";
import type { NextCheck } from "./next-check.ts";
import type { Deployed } from "../../../validation/ports.ts";

/** One thing that a release waits for. */
export interface Wait {
  readonly kind:
    | "bake"
    | "evidence"
    | "proof"
    | "approval"
    | "paused"
    | "retreat"
    | "person"
    | "rollout"
    | "gates"
    | "deadline";
  readonly words: string;
  /** When it is over: ISO 8601, the cloud's clock; undefined: nobody can tell. */
  readonly until: string | undefined;
  /** The command that ends it; undefined: time does. */
  readonly command?: string | undefined;
}

export interface Waiting {
  readonly deployed: Deployed;
  readonly nowMs: number;
  /** undefined: the candidate has no users. */
  readonly liveSinceMs: number | undefined;
  readonly comparison: Judgement | undefined;
  /** What a check would find now; undefined: nothing is to be checked, or it could not be read. */
  readonly next: Pick<NextCheck, "verdict" | "why" | "reasons"> | undefined;
  readonly isAtWork: boolean;
}

const MINUTE_MS = 60_000;

/** What the release waits for, what decides first at the top; empty: no release is open. */
export function waitsOf(waiting: Waiting): readonly Wait[] {
  const { release } = waiting.deployed.config;
  if (!isOpen(release)) return [];
  const waits = [...personWaits(waiting), ...gateWaits(waiting), ...timeWaits(waiting)];
  return [...waits, ...deadline(waiting)];
}

/** Holds that no time of a step ends, by what the gates say. */
const HELD: Readonly<Record<string, string>> = {
  unreadable: "everything can be read again",
  "baseline-failing": "the active slot is well again",
  doubt: "nothing speaks against it any more",
  refused: "another model is deployed, or this one by `deploy --reset-analysis`",
  "not-ready": "it is fit for its first users",
};

function gateWaits({ next }: Waiting): readonly Wait[] {
  const until = next?.verdict === "hold" ? HELD[next.why ?? ""] : undefined;
  if (next === undefined || until === undefined) return [];
  const [because = "no reason is given"] = next.reasons;
  return [{ kind: "gates", words: `${until}: ${because}`, until: undefined }];
}

function personWaits({ deployed: { config }, isAtWork }: Waiting): readonly Wait[] {
  const { release } = config;
  if (!isOpen(release)) return [];
  const waits: Wait[] = [];
  if (release.state === "paused") {
    const words = `paused ${release.reason}`;
    waits.push({ kind: "paused", words, until: undefined, command: "npx bluegreen resume" });
  }
  const next = nextShare(percents(config.rollout.steps), release.weight);
  if (next !== undefined && unapproved(config, release).includes(next)) {
    const words = `a person approves ${next} %`;
    waits.push({
      kind: "approval",
      words,
      until: undefined,
      command: `npx bluegreen approve --step ${next}`,
    });
  }
  const isStarted = release.state !== "deployed";
  if (!isAtWork) {
    const words = isStarted ? "nobody is at work on it" : "it is to be rolled out";
    waits.push({ kind: "rollout", words, until: undefined, command: "npx bluegreen rollout" });
  }
  return waits;
}

function timeWaits({ deployed: { config }, nowMs, liveSinceMs, comparison }: Waiting): readonly Wait[] {
  const { release, rollout } = config;
  if (!isOpen(release)) return [];
  const due = resumption(config, release);
  if (due !== undefined) {
    return unseenRetreats(release).length > rollout.maxRetreats
      ? [{ kind: "person", words: "a person looks at why it gave its users back", until: undefined }]
      : [{ kind: "retreat", words: `it is tried again at ${due.to} %`, until: iso(due.atMs) }];
  }
  const waits: Wait[] = [];
  const cohort = cohortInStep(release);
  if (liveSinceMs !== undefined && (release.weight > 0 || cohort !== undefined)) {
    const { bakeMinutes } = cohort ?? stepAt(rollout, release.weight);
    const bakedMs = liveSinceMs + bakeMinutes * MINUTE_MS;
    if (nowMs < bakedMs) {
      waits.push({
        kind: "bake",
        words: `this step is watched for ${bakeMinutes} minutes`,
        until: iso(bakedMs),
      });
    }
  }
  if (comparison !== undefined && comparison.blindSpot > comparison.maxBlindSpot) {
    const { missing, maxBlindSpot, blindSpot } = comparison;
    const seen = `a failure rate of ${percent(maxBlindSpot)} would be seen (by now: ${percent(blindSpot)})`;
    const more = missing === undefined ? "" : `, ${missing.requests} requests more at the present traffic`;
    const until = missing === undefined ? undefined : iso(nowMs + missing.minutes * MINUTE_MS);
    waits.push({ kind: "evidence", words: `${seen}${more}`, until });
  }
  const proof = comparison?.proof;
  if (proof !== undefined && proof.evidence < proof.needed) {
    const so = `it is proven to fail less than ${proof.ratio} times as often`;
    const words = `${so}: evidence ${short(proof.evidence)} of ${short(proof.needed)}`;
    waits.push({ kind: "proof", words, until: undefined });
  }
  return waits;
}

/** The end of every wait. */
function deadline({ deployed: { config } }: Waiting): readonly Wait[] {
  const { release, rollout } = config;
  if (release === undefined || !Number.isFinite(Date.parse(release.deadline))) return [];
  const then = rollout.atDeadline === "revert" ? "all traffic goes back" : "it needs a person";
  return [{ kind: "deadline", words: `not decided by then: ${then}`, until: release.deadline }];
}

const short = (value: number) => Number(value.toPrecision(2)).toString();
