import { otherSlot } from "../../../contract/slot.ts";
import type { MetricRecord } from "../../core/comparison/record.ts";
import { dateTime, number, percent, sureWords, whole } from "../words.ts";
import { affectedBy } from "./affected.ts";
import { evidenceWords } from "./charts.ts";
import { notProven, proven, type ProvenStep } from "./proven.ts";
import { decidingLook, endOf, type ReleaseStory, type StoryLook } from "./story.ts";

/** One thing to do, and the command for it. */
export interface Advice {
  readonly say: string;
  readonly command?: string;
}

/** The metric that decided, with both slots' numbers. */
export interface Deciding {
  readonly name: string;
  readonly candidate: string;
  readonly candidateOf: string;
  readonly active: string;
  readonly activeOf: string;
  readonly times: string | undefined;
  readonly interval: string | undefined;
}

/** What a person at three in the morning reads first; HTML and Markdown show the same. */
export interface FirstScreen {
  readonly tone: "good" | "bad" | "open";
  /** `Rolled back`. */
  readonly word: string;
  readonly what: string;
  readonly when: string;
  readonly affected: readonly string[];
  readonly why: readonly string[];
  readonly deciding: Deciding | undefined;
  /** Against `needed`; undefined: nothing was compared. */
  readonly evidence: { readonly words: string; readonly value: number; readonly needed: number } | undefined;
  readonly traffic: string;
  /** Percent on each slot; undefined: not known. */
  readonly split: { readonly blue: number; readonly green: number } | undefined;
  readonly proven: readonly ProvenStep[];
  readonly notProven: readonly string[];
  readonly next: readonly Advice[];
}

const WORDS = { promoted: "Promoted", rolledBack: "Rolled back", replaced: "Replaced" } as const;
const TONES = { promoted: "good", rolledBack: "bad", replaced: "open" } as const;

export function firstScreen(story: ReleaseStory): FirstScreen {
  const { end, slot, model, release } = story;
  const look = decidingLook(story);
  const brought = model?.modelVersion === undefined ? `release ${release}` : `version ${model.modelVersion}`;
  const tone = end === undefined ? "open" : TONES[end.result];
  const isGood = tone === "good";
  return {
    tone,
    word: end === undefined ? openWord(look) : WORDS[end.result],
    what: `${brought} on ${slot}${movedWords(story, look)}`,
    when: whenWords(story),
    affected: affectedWords(story),
    why: whyWords(story, look),
    deciding: isGood ? undefined : decidingOf(look),
    evidence: evidenceOf(look, isGood),
    ...trafficOf(story),
    proven: isGood ? proven(story) : [],
    notProven: isGood ? notProven(story) : [],
    next: nextOf(story, look),
  };
}

const openWord = (look: StoryLook | undefined) =>
  look?.verdict === "retreat" ? "Users back, tried again" : "Not ended";

function movedWords({ end, looks }: ReleaseStory, look: StoryLook | undefined): string {
  // A release that is rolled back after a retreat has no users by then.
  const share = looks.findLast(({ comparison }) => (comparison?.share ?? 0) > 0)?.comparison?.share;
  if (end?.result === "promoted") return ", all traffic is on it";
  if (end?.result === "rolledBack") return share === undefined ? "" : `, from ${share} %`;
  if (share === undefined) return "";
  return look?.verdict === "retreat" ? `, from ${share} %` : `, at ${share} %`;
}

const MINUTE_MS = 60_000;

function whenWords(story: ReleaseStory): string {
  const [fromMs, toMs] = [Date.parse(story.began), Date.parse(endOf(story))];
  const minutes = Math.max(0, Math.round((toMs - fromMs) / MINUTE_MS));
  const lasted = minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const verb = story.end === undefined ? "last look" : "ended";
  return `${verb} ${dateTime(toMs)}, ${lasted} after it began`;
}

function affectedWords(story: ReleaseStory): readonly string[] {
  const found = affectedBy(story);
  if (found === undefined) return ["Not known: no minute of both slots was read."];
  const { onCandidate, all, failed, beyond, toMs } = found;
  const part = all === 0 ? "" : ` (${percent(onCandidate / all)} of all)`;
  const extra =
    beyond === undefined
      ? "The active slot had no requests to hold them against."
      : `${whole(beyond)} of them more than the active slot would have failed.`;
  return [
    `${whole(onCandidate)} requests of users went to the candidate${part}.`,
    failed === 0 ? "It failed none of them." : `It failed ${whole(failed)} of them. ${extra}`,
    `Counted until ${dateTime(toMs)}; CloudWatch is later than that for what came after.`,
  ];
}

function whyWords({ end }: ReleaseStory, look: StoryLook | undefined): readonly string[] {
  if (end === undefined) return look === undefined ? [] : [look.sentence];
  const isVerdict = look !== undefined && ["rollback", "retreat", "promote"].includes(look.verdict);
  if (!isVerdict || look.reasons.length === 0) return [end.sentence];
  const more = look.reasons.length > 3 ? [`and ${look.reasons.length - 3} more, below`] : [];
  const seen = [...look.reasons.slice(0, 3), ...more];
  return saysTheSame(end.sentence, look) ? seen : [end.sentence, ...seen];
}

/** A person's reason for the end is in no look. */
const saysTheSame = (ended: string, { sentence, reasons }: StoryLook) =>
  ended.startsWith(sentence) || ended.includes(reasons.join("; "));

/** Only where the comparison has spoken: an alarm's numbers are in its reason. */
function decidingOf(look: StoryLook | undefined): Deciding | undefined {
  const comparison = look?.comparison;
  if (comparison === undefined) return undefined;
  const { crossing, metrics, settings } = comparison;
  const metric = metrics.find(({ name }) => name === crossing?.name) ?? heaviest(metrics);
  const rate = metric?.candidate.rate;
  if (metric === undefined || rate === undefined) return undefined;
  const { candidate, active, ratio, exposure = "requests" } = metric;
  const sure = sureWords(settings.alpha);
  const range =
    ratio.high === undefined
      ? `${number(ratio.low)} or more`
      : `${number(ratio.low)} to ${number(ratio.high)}`;
  const arm = (one: MetricRecord["candidate"]) =>
    `${whole(one.events)} of ${whole(one.requests)} ${exposure}`;
  return {
    name: metric.name,
    candidate: percent(rate),
    candidateOf: arm(candidate),
    active: active.rate === undefined ? "no data" : percent(active.rate),
    activeOf: arm(active),
    times: ratio.estimate === undefined ? undefined : number(ratio.estimate),
    interval: ratio.low > 0 ? `${sure} interval of the ratio, at any look: ${range}` : undefined,
  };
}

const heaviest = (metrics: readonly MetricRecord[]) =>
  metrics.toSorted((a, b) => b.contribution - a.contribution)[0];

function evidenceOf(look: StoryLook | undefined, isGood: boolean): FirstScreen["evidence"] {
  const comparison = look?.comparison;
  if (comparison === undefined) return undefined;
  const value = Math.max(comparison.evidence, comparison.crossing?.evidence ?? 0);
  const { needed } = comparison;
  const what =
    value >= needed ? "" : isGood ? "Evidence of harm: " : "Not enough by itself to end the release: ";
  const words = `${what}e-value ${evidenceWords(value)}; ${number(needed)} roll it back. A model that is no worse reaches that in at most ${percent(1 / needed)} of releases.`;
  return { words, value, needed };
}

function trafficOf({ looks, end, slot }: ReleaseStory): Pick<FirstScreen, "traffic" | "split"> {
  const split = looks.findLast((look) => look.split !== undefined)?.split;
  const alone = { promoted: slot, rolledBack: otherSlot(slot), replaced: undefined, open: undefined }[
    end?.result ?? "open"
  ];
  // What the release ended with is what its last write made; a look before it has seen the split before that.
  if (alone !== undefined) {
    const whole = { blue: alone === "blue" ? 100 : 0, green: alone === "green" ? 100 : 0 };
    return { traffic: `All traffic is on ${alone} since the end of this release.`, split: whole };
  }
  if (split === undefined) return { traffic: "Not known.", split };
  return { traffic: `blue ${split.blue} %, green ${split.green} %, at the last look.`, split };
}

function nextOf({ end, slot, stack }: ReleaseStory, look: StoryLook | undefined): readonly Advice[] {
  const now: Advice = { say: `See where ${stack} stands now:`, command: "npx bluegreen status" };
  if (end?.result === "promoted")
    return [
      {
        say: "Nothing. The old model stays warm. If users complain, all traffic goes back to it:",
        command: "npx bluegreen revert",
      },
      now,
      { say: `Logs of ${slot}:`, command: `npx bluegreen logs ${slot}` },
    ];
  if (end?.result === "rolledBack")
    return [
      { say: `Nothing in a hurry: nobody is on ${slot} any more.` },
      { say: `Read what the candidate wrote (logs of ${slot}):`, command: `npx bluegreen logs ${slot}` },
      {
        say: `${deployWords(look)}:`,
        command: "npx bluegreen deploy <image> --model-version <version>",
      },
      now,
    ];
  if (end !== undefined) return [now];
  return [
    now,
    { say: "Go on with it:", command: "npx bluegreen rollout" },
    { say: "Or move all traffic back:", command: "npx bluegreen revert" },
  ];
}

/** Only the gates' own verdict refuses the model from then on; a deadline says nothing about it, nor does a person's revert. */
function deployWords(look: StoryLook | undefined): string {
  if (look?.verdict !== "rollback")
    return "Deploy a fixed model, or this one again where it was not at fault";
  return look.why === "deadline"
    ? "Nothing was proven against the model: deploy it again when it can be decided"
    : "Deploy a fixed model. This one is refused until somebody says otherwise";
}
