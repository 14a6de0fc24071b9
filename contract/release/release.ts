import { createHash } from "node:crypto";
import { integer, isRecord, list, oneOf, text, textOr, type Field, type ValuesOf } from "../config/field.ts";
import { releasedCohortField, type ReleasedCohort } from "../cohorts/released.ts";
import { comparedField, type Compared } from "./compared.ts";
import { experimentField, type Experiment } from "./experiment.ts";
import { readRetreat, type Retreat } from "./retreat.ts";
import type { Slot } from "../slot.ts";

/** How a release ends. Whatever tells of an end has it in these words. */
export const RELEASE_ENDS = ["promoted", "rolledBack"] as const;
export type ReleaseEnd = (typeof RELEASE_ENDS)[number];

/** Where it is, or how it ended. */
export const RELEASE_STATES = ["deployed", "running", "paused", ...RELEASE_ENDS] as const;
export type ReleaseState = (typeof RELEASE_STATES)[number];

/** As it is said to people. */
export const STATE_WORDS: Readonly<Record<ReleaseState, string>> = {
  deployed: "deployed",
  running: "running",
  paused: "paused",
  promoted: "promoted",
  rolledBack: "rolled back",
};

/**
 * One candidate's way from `deploy` to promoted or rolled back, as the stack's configuration remembers it.
 * Written by the tools only; times are ISO 8601 in the cloud's own clock.
 */
export interface Release {
  readonly id: string;
  readonly slot: Slot;
  /** Whole image reference of the candidate, by digest on AWS; `releasedModel` tells reference and digest apart. */
  readonly digest: string;
  /** Version of the model; absent where version 0.1 deployed it. */
  readonly modelVersion?: string | undefined;
  readonly state: ReleaseState;
  /** The share in percent that the release has asked for last. */
  readonly weight: number;
  readonly stepSince: string;
  readonly deadline: string;
  /** Since when that share is live, when later updates left it as it was; empty: since the last update. */
  readonly liveSince: string;
  /** Shares of `rollout.approvals` that a person has approved. */
  readonly approvedSteps: readonly number[];
  /** Each time that it gave its users back in doubt, oldest first. */
  readonly retreats: readonly Retreat[];
  /** What the pre-traffic tests of this candidate said last; undefined: it was not tested. */
  readonly tested?: Tested | undefined;
  /** What the comparison with the active slot counts; undefined: the candidate had no users yet. */
  readonly compared?: Compared | undefined;
  /** What it is to show by a fixed split, or has shown; undefined: nothing. */
  readonly experiment?: Experiment | undefined;
  /** Who gets the candidate before any user does; undefined: its steps begin with a share. */
  readonly cohort?: ReleasedCohort | undefined;
  /** Tasks that `deploy` has raised for it; undefined: none. */
  readonly prepared?: Prepared | undefined;
  /**
   * Tasks that the active slot keeps at least while the release is open, so that all its users find room there again;
   * undefined: as many as its own.
   */
  readonly held?: Prepared | undefined;
  /** Tasks that were raised on the other slot, to which everyone went back; undefined: none. */
  readonly returned?: Prepared | undefined;
  /** Tasks that the standby has left since it rests (`rollout.standby`), and its model's own; undefined: it does not rest. */
  readonly rested?: Prepared | undefined;
  /** Id of an earlier, promoted release of the same digest that lets this one go without bakes; empty: none. */
  readonly fastTrack: string;
  readonly owner: string;
  readonly reason: string;
}

/** Least numbers of tasks of a slot that has to take over from one which scaling has raised. */
export interface Prepared {
  /** The model's own, which is enough again once the release has ended. */
  readonly own: number;
  /** What it got. */
  readonly raised: number;
  /** It was to get them, and whoever moved the users back may have ended before. */
  readonly due?: true | undefined;
  /** For which share in percent that is enough, where more follow before the next one; undefined: for all of them. */
  readonly forPercent?: number | undefined;
  /** The greatest number that it gets back before its first users; undefined: it has it. */
  readonly max?: number | undefined;
}

export const TEST_OUTCOMES = ["passed", "failed", "insufficient"] as const;

/** The result of pre-traffic tests, and of what. */
export interface Tested {
  readonly outcome: (typeof TEST_OUTCOMES)[number];
  /** SHA-256 of the suite (its settings, the golden set) and of every number that it saw. */
  readonly digest: string;
  readonly at: string;
  /** ARN of the task definition that was tested: another one has not been. */
  readonly taskDefinition: string;
  /** Checks that `suite.waive` let go although they did not pass, each with its answer and why: `accuracy (fail: new labels)`. */
  readonly waived?: readonly string[] | undefined;
}

const ANYTHING = /^[\s\S]*$/;
const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)?$/;

const tested: Field<Tested | undefined> = {
  type: "object",
  allowed: "what `npx bluegreen test` wrote",
  default: undefined,
  meaning:
    "Result of the pre-traffic tests: outcome, digest of suite and numbers, time, task definition, checks that were waived.",
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const { digest, at, taskDefinition } = raw;
    const waived = texts(raw["waived"] ?? []);
    const outcome = TEST_OUTCOMES.find((word) => word === raw["outcome"]);
    const isWhole =
      typeof digest === "string" &&
      /^sha256:[0-9a-f]{64}$/.test(digest) &&
      typeof at === "string" &&
      TIME.test(at) &&
      typeof taskDefinition === "string";
    if (outcome === undefined || !isWhole || waived === undefined) return undefined;
    const value = { outcome, digest, at, taskDefinition };
    return { value: waived.length === 0 ? value : { ...value, waived } };
  },
};

const texts = (raw: unknown) =>
  Array.isArray(raw) && raw.every((one): one is string => typeof one === "string") ? raw : undefined;

const tasks = integer({ min: 0, max: 500 }, 0, "");
const share = integer({ min: 1, max: 100 }, 1, "");

const raisedTasks = (by: string, meaning: string): Field<Prepared | undefined> => ({
  type: "object",
  allowed: `what \`npx bluegreen ${by}\` wrote`,
  default: undefined,
  meaning,
  read(raw) {
    if (!isRecord(raw)) return undefined;
    const [own, raised] = [tasks.read(raw["own"]), tasks.read(raw["raised"])];
    if (own === undefined || raised === undefined) return undefined;
    const due = raw["due"] === true ? ({ due: true } as const) : {};
    const forPercent = share.read(raw["forPercent"])?.value;
    const follows = forPercent === undefined ? {} : { forPercent };
    const max = tasks.read(raw["max"])?.value;
    const capped = max === undefined ? {} : { max };
    return { value: { own: own.value, raised: raised.value, ...due, ...follows, ...capped } };
  },
});

export const RELEASE_ID = /^[a-z0-9][a-z0-9-]{0,62}$/;
export const RELEASE_ID_ALLOWED = "lower-case letters, digits, hyphens";

export const releaseFields = {
  id: text(RELEASE_ID, RELEASE_ID_ALLOWED, "Identifier of the release."),
  slot: oneOf(["blue", "green"], "blue", "Slot of the candidate."),
  digest: textOr(ANYTHING, "text", "", "Image of the candidate, the whole reference."),
  modelVersion: textOr(
    ANYTHING,
    "text",
    "",
    "Version of the model; none: an earlier version of the tools deployed it.",
  ),
  state: oneOf(RELEASE_STATES, "deployed", "Where the release is."),
  weight: integer({ min: 0, max: 100, unit: "percent" }, 0, "Share that the release asked for last."),
  stepSince: textOr(TIME, "an ISO 8601 time", "", "When that share was asked for."),
  deadline: textOr(TIME, "an ISO 8601 time", "", "When the step must have been decided."),
  liveSince: textOr(
    TIME,
    "an ISO 8601 time",
    "",
    "Since when that share is live, when later updates left it as it was.",
  ),
  approvedSteps: list(
    (raw) => integer({ min: 1, max: 100 }, 1, "").read(raw)?.value,
    "a list of whole percents",
    [],
    "Shares that a person has approved.",
  ),
  retreats: list(readRetreat, "what the tools wrote", [], "Each time that it gave its users back in doubt."),
  tested,
  compared: comparedField,
  experiment: experimentField,
  cohort: releasedCohortField,
  prepared: raisedTasks(
    "deploy",
    "Tasks that were raised for the release, and the model's own number, which it gets back after it.",
  ),
  held: raisedTasks(
    "deploy",
    "Tasks that the active slot keeps while the release is open, and its own number, which it gets back after it.",
  ),
  returned: raisedTasks(
    "revert",
    "Tasks that were raised on the slot to which everyone went back, and its own number, which it gets back after that.",
  ),
  rested: raisedTasks(
    "step",
    "Tasks that were left to the standby, and its model's own number, which it gets back when everyone is on it again.",
  ),
  fastTrack: textOr(
    ANYTHING,
    "text",
    "",
    "Earlier release of the same digest that spares this one the bakes.",
  ),
  owner: textOr(ANYTHING, "text", "", "Who runs the release."),
  reason: textOr(ANYTHING, "text", "", "Why the release is in this state."),
} as const;

/** The release of a parsed configuration; undefined when none was ever deployed. */
export function releaseOf({
  id,
  modelVersion,
  ...values
}: ValuesOf<typeof releaseFields>): Release | undefined {
  if (id === undefined) return undefined;
  return { id, ...values, ...(modelVersion === "" ? {} : { modelVersion }) };
}

/** What a release brings, each apart. */
export interface ReleasedModel {
  /** undefined: version 0.1 deployed it, and its slot has another model by now. */
  readonly modelVersion: string | undefined;
  /** As it was given. */
  readonly image: string;
  /** `sha256:…`; undefined: the image was given by tag, as on the local cloud, and stands for it in comparisons. */
  readonly digest: string | undefined;
}

/** The digest in a whole image reference. */
export const digestOf = (image: string): string | undefined => /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];

export const releasedModel = ({ digest: image, modelVersion }: Release): ReleasedModel => ({
  modelVersion,
  image,
  digest: digestOf(image),
});

// A release's id has at most 63 lower-case letters, digits and hyphens.
const MOST_IN_VERSION = 40;

/**
 * Unique in the stack, because every deploy raises the generation, and of each version another one: what an id cannot
 * say of a version stands in it as a hash, so that `1.0`, `1-0` and `1_0` are told apart.
 */
export function releaseId(modelVersion: string, generation: number): string {
  const readable = modelVersion
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  if (readable === modelVersion && readable.length <= MOST_IN_VERSION) return `v${readable}-g${generation}`;
  const hash = createHash("sha256").update(modelVersion).digest("hex").slice(0, 6);
  return `v${readable.slice(0, MOST_IN_VERSION)}-${hash}-g${generation}`.replaceAll("--", "-");
}

/** The three of them in one line, each apart. */
export const modelWords = ({ modelVersion, image, digest }: ReleasedModel): string =>
  [
    modelVersion === undefined ? [] : `version ${modelVersion}`,
    `image ${image.split("@")[0]}`,
    digest === undefined ? [] : `digest ${digest}`,
  ]
    .flat()
    .join(", ");

/** Whether a release still moves or may move users. */
export function isOpen(release: Release | undefined): release is Release {
  return release !== undefined && ["deployed", "running", "paused"].includes(release.state);
}

/** Why a candidate has not passed its pre-traffic tests; undefined: it has, with the task definition that is deployed. */
export function notPassed({ tested }: Release, taskDefinitionArn: string | undefined): string | undefined {
  if (tested === undefined) return "it was not tested";
  if (tested.taskDefinition !== taskDefinitionArn)
    return "its task definition has changed since it was tested";
  return NOT_PASSED[tested.outcome];
}

const NOT_PASSED: Readonly<Record<Tested["outcome"], string | undefined>> = {
  passed: undefined,
  failed: "its pre-traffic tests failed",
  insufficient: "its pre-traffic tests were insufficient",
};
