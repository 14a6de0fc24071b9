import type { HoldReason } from "../core/verdict.ts";
import type { EvidenceRecord } from "./evidence.ts";

type Advice = (record: EvidenceRecord) => readonly string[];

/** What the person who reads this does now, the most urgent first. */
export const nextSteps: Advice = (record) =>
  ((Object.hasOwn(ADVICE, record.verdict) ? ADVICE[record.verdict] : undefined) ?? undecided)(record);

const undecided: Advice = () => ["See where things stand: npx bluegreen status."];

const WAITING: Readonly<Record<HoldReason, string>> = {
  baking: "Nothing: the step is watched until its time is over, and rollout goes on by itself.",
  unreadable: "Find out why a gate gives no answer; nobody is moved until it does.",
  "baseline-failing": "Look after the active slot first; the candidate waits.",
  doubt:
    "Find out whose doing it is: npx bluegreen logs; the load balancer's access logs say 460 where a client left, 502 or 504 where the model did not answer, and 4xx where it refused. If it is the model: npx bluegreen revert. If not: name the gate in rollout.dryRun, then it only tells; answers that are meant so: rollout.compareClientErrors false.",
  paused: "When you are done: npx bluegreen resume. Or roll it back: npx bluegreen revert.",
  drift: "Put the route back: npx bluegreen restore. Or move all traffic back: npx bluegreen revert.",
  approval: "Say yes: npx bluegreen approve. Or roll it back: npx bluegreen revert.",
  retreated:
    "Read why, and what the candidate wrote: npx bluegreen logs. It is tried again by itself as often as rollout.maxRetreats allows; after that: npx bluegreen resume, or npx bluegreen revert.",
  watched:
    "Nothing by itself: who looked only watches (step --watch). Whoever may go on does: a reviewer of its job, or npx bluegreen rollout.",
  refused:
    "Deploy a fixed model. To try this one again, with less of the error probability: npx bluegreen deploy <image> --model-version <version> --reset-analysis.",
  "not-ready": "The candidate is not fit for users yet: npx bluegreen status names what is missing.",
};

const isHoldReason = (why: string | undefined): why is HoldReason =>
  why !== undefined && Object.hasOwn(WAITING, why);

const waits: Advice = ({ verdict, why, expired, comparison }) => {
  const revert = "or roll it back: npx bluegreen revert.";
  const hold = verdict === "hold" && isHoldReason(why) ? why : undefined;
  // What only a person can end is the same before the deadline and after it.
  const isPersons =
    hold !== undefined && ["paused", "drift", "approval", "doubt", "retreated", "refused"].includes(hold);
  if (expired && !isPersons)
    return [`Send more traffic or fix what gives no answer, then npx bluegreen rollout; ${revert}`];
  if (hold !== undefined) return [WAITING[hold]];
  const missing = comparison?.missing;
  const soon = missing === undefined ? "" : ` In about ${missing.minutes} min it has seen enough.`;
  return [`Nothing, while the deadline has not passed: rollout goes on by itself.${soon}`];
};

const ADVICE: Readonly<Record<string, Advice>> = {
  rollback(record) {
    const { release, split } = record;
    if (release === undefined) return undecided(record);
    const left = split?.[release.slot];
    const users =
      left === 0
        ? `Nobody is on ${release.slot} any more; there is no hurry.`
        : `${release.slot} still has ${left ?? "an unknown part"} % of the users: npx bluegreen revert.`;
    return [
      users,
      `Read what it wrote: npx bluegreen logs ${release.slot}.`,
      record.why === "deadline"
        ? "Nothing spoke against the model: deploy it again when it can be decided."
        : "Deploy a fixed model. This one stays refused until deploy --reset-analysis.",
    ];
  },
  retreat: ({ release }) => [
    "Nothing for its users: they are back, the release is open, and rollout tries again by itself.",
    `Read what it wrote meanwhile: npx bluegreen logs${release === undefined ? "" : ` ${release.slot}`}. If it is at fault: npx bluegreen revert.`,
  ],
  advance: () => ["Nothing: rollout watches the next step. If users complain: npx bluegreen revert."],
  promote: () => [
    "Nothing: all traffic is on it, and the old model stays warm. If users complain: npx bluegreen revert.",
  ],
  hold: waits,
  insufficient: waits,
  ended: undecided,
};
