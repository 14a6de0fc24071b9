import { capacity, gpus, type Capacity } from "./capacity.ts";
import { flag, integer, text, type Fields, type ValuesOf } from "./field.ts";
import { TOLD } from "./told.ts";
import { labelFields } from "../signals/label-fields.ts";
import { environment, type ServiceCopy } from "./model-fields.ts";
import { RELEASE_ID, RELEASE_ID_ALLOWED, releaseFields } from "../release/release.ts";
import { iamFields, networkFields, rolloutFields, serviceFields, thresholdFields } from "./sections.ts";
import { suiteFields } from "./suite.ts";

/**
 * The configuration contract: every key of the stack, declared once. Pulumi.yaml's `config` section and the
 * README's table are generated from it, and a test holds the three equal.
 */
export type KeyOwner = "release" | "you";

// ECS API, ContainerDefinition: at most 255 characters before the digest.
const IMAGE = /^[a-zA-Z0-9][a-zA-Z0-9._/:-]{0,254}(@sha256:[0-9a-f]{64})?$/;

/**
 * Where a model stands in its registry, with its version: `models:/fraud/7`. Slot tags carry it: ELB takes letters, digits,
 * spaces and `_.:/=+-@` in the value of a tag, at most 256 (ELB API, Tag).
 */
const REGISTERED = /^[a-z]+:\/?[\p{L}\p{N} _.:=+@-]{1,180}\/[A-Za-z0-9._-]{1,64}$/u;
const REVISION = /^[\p{L}\p{N} _.:/=+@-]{1,256}$/u;

export const overrideFields = {
  capacity: { ...capacity, default: undefined },
  gpus: { ...gpus, default: undefined },
  cpu: {
    ...integer({ min: 256, max: 16_384, unit: "CPU units" }, 0, "CPU of one task of this slot."),
    default: undefined,
  },
  memory: {
    ...integer({ min: 512, max: 122_880, unit: "MiB" }, 0, "Memory of one task of this slot."),
    default: undefined,
  },
  environment,
} as const;

export const slotFields = {
  image: text(
    IMAGE,
    "an image reference, on AWS pinned by digest (repository@sha256:…)",
    "Image of the slot's model; none: the slot is empty.",
  ),
  modelVersion: text(
    /^[A-Za-z0-9._-]{1,64}$/,
    "letters, digits, `.`, `_`, `-`",
    "The model's version in its registry.",
  ),
  registry: text(
    REGISTERED,
    "scheme, name and version, as in `models:/fraud/7`",
    "Where its registry has the model; written by `deploy`. None: it was deployed as an image.",
  ),
  revision: text(
    REVISION,
    "what a tag on AWS may hold",
    "Revision of the source that the model was made from, where its registry tells it; written by `deploy`.",
  ),
  release: text(
    RELEASE_ID,
    RELEASE_ID_ALLOWED,
    "Release that put the model here; written by `deploy`. With it the container is told `SLOT`, `STACK` (project and stack: `fraud-model/prod`), `MODEL_VERSION` and `RELEASE`.",
  ),
  rotated: text(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
    "an ISO 8601 time",
    "When `rotate` has renewed what its tasks hold of secrets; written by `rotate`.",
  ),
  told: integer(
    { min: 1, max: TOLD },
    1,
    "Which set of variables and log settings its tasks have; written by `deploy`. 1: those of a deploy by an earlier version.",
  ),
  cohortGroup: flag(
    false,
    "Whether its service is registered with a target group for cohorts, too; written by `deploy` where `rollout.cohorts` is on.",
  ),
  minTasks: integer(
    { min: 0, max: 500, unit: "tasks" },
    1,
    "Least number of tasks; 0 scales the slot to zero.",
  ),
  maxTasks: integer({ min: 0, max: 500, unit: "tasks" }, 4, "Greatest number of tasks."),
} as const;

export type SlotOverrides = {
  readonly capacity: Capacity | undefined;
  readonly gpus: number | undefined;
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
};
export type SlotConfig = ValuesOf<typeof slotFields> & {
  readonly overrides: SlotOverrides;
  /** What a deploy has copied from `service`. */
  readonly service: ServiceCopy;
};

/** A key that holds one value. */
export interface ScalarKey {
  readonly owner: KeyOwner;
  readonly meaning: string;
  readonly pulumiType: "string" | "integer";
  readonly default: string | number;
}

/** A key that holds an object of fields. Declared objects need `default: {}`, or Pulumi calls them mandatory. */
export interface ObjectKey {
  readonly owner: KeyOwner;
  readonly meaning: string;
  readonly pulumiType: "object";
  readonly fields: Fields;
}

/** A key that holds a list of objects. Pulumi wants to know of what a declared array is. */
export interface ListKey {
  readonly owner: KeyOwner;
  readonly meaning: string;
  readonly pulumiType: "array";
}

export type ConfigKey = ScalarKey | ObjectKey | ListKey;

const slotKey = (slot: string): ObjectKey => ({
  owner: "release",
  pulumiType: "object",
  meaning: `What runs on ${slot}: image, model version, tasks.`,
  fields: slotFields,
});
const shifted = (slot: string): ScalarKey => ({
  owner: "release",
  pulumiType: "integer",
  default: 0,
  meaning: `Percent of traffic shifted to ${slot} while the other slot is active.`,
});

export const CONFIG_KEYS = {
  activeSlot: {
    owner: "release",
    pulumiType: "string",
    default: "blue",
    meaning:
      "The active slot: all users are on it, except for the traffic share that is shifted to the other one.",
  },
  greenWeight: shifted("green"),
  blueWeight: shifted("blue"),
  blue: slotKey("blue"),
  green: slotKey("green"),
  release: {
    owner: "release",
    pulumiType: "object",
    meaning: "The release in progress, or the last one.",
    fields: releaseFields,
  },
  generation: {
    owner: "release",
    pulumiType: "integer",
    default: 0,
    meaning: "Raised by one by every write of the tools.",
  },
  cohorts: {
    owner: "release",
    pulumiType: "array",
    meaning: "Who goes to which slot whatever the split is; written by `cohort`: docs/fleet/cohorts.md.",
  },
  service: { owner: "you", pulumiType: "object", meaning: "How the model is served.", fields: serviceFields },
  network: { owner: "you", pulumiType: "object", meaning: "Where it runs.", fields: networkFields },
  iam: { owner: "you", pulumiType: "object", meaning: "What its roles are bound by.", fields: iamFields },
  thresholds: {
    owner: "you",
    pulumiType: "object",
    meaning: "What a slot may not exceed.",
    fields: thresholdFields,
  },
  rollout: { owner: "you", pulumiType: "object", meaning: "How a release goes.", fields: rolloutFields },
  signals: {
    owner: "you",
    pulumiType: "array",
    meaning:
      "What is compared between the slots beside failures, lateness and client errors: docs/signals/signals.md.",
  },
  suite: {
    owner: "you",
    pulumiType: "object",
    meaning: "How a candidate is tested before it gets users.",
    fields: suiteFields,
  },
  labels: {
    owner: "you",
    pulumiType: "object",
    meaning: "Where labels are kept that come after the answers.",
    fields: labelFields,
  },
} as const satisfies Readonly<Record<string, ConfigKey>>;

/**
 * Keys that Pulumi.yaml does not declare: Pulumi makes a declared secret mandatory and gives it no default,
 * and `localCloud` may be set by the local cloud alone.
 */
export const UNDECLARED_KEYS = {
  testToken: {
    owner: "you",
    meaning:
      "Secret that lets a request choose its slot; two, separated by a comma, during rotation. Without it there are no test rules. The first one, and none any more, replace the tasks of both slots, and are refused while one has users or stands by (`service.allowInPlace`).",
  },
  notifyUrl: {
    owner: "you",
    meaning: "Secret URL of a webhook in Slack's format that is told what happens to releases.",
  },
  localCloud: {
    owner: "release",
    meaning: "Address of the local cloud; set by `npx bluegreen local` alone.",
  },
} as const;

/** Keys that the release tools write; all others are the user's. */
export const RELEASE_KEYS = [
  "activeSlot",
  "greenWeight",
  "blueWeight",
  "blue",
  "green",
  "release",
  "generation",
  "cohorts",
] as const;
