import { CONFIG_KEYS, type ConfigKey } from "../../../contract/config/keys.ts";
import type { Field, Fields } from "../../../contract/config/field.ts";

/** What only the person who makes a stack knows: each a flag of `init`, and on a terminal a question. */
export interface InitQuestion {
  /** As the command line has it, without its hyphens. */
  readonly flag: string;
  /** The configuration key that the answer is for. */
  readonly key: string;
  readonly asks: string;
  /** Several answers, separated by commas or spaces. */
  readonly isList?: true;
  /** Taken when nothing is said; undefined and not `mayBeNone`: it has to be said. */
  readonly usual?: string;
  readonly mayBeNone?: true;
  /** Asked only when this key has an answer. */
  readonly onlyWith?: string;
  /** An answer to this key makes the question needless. */
  readonly unless?: string;
}

export const QUESTIONS: readonly InitQuestion[] = [
  { flag: "region", key: "aws:region", asks: "Region of AWS, like us-east-1" },
  { flag: "image", key: "blue.image", asks: "The first model's image, by digest (<repository>@sha256:…)" },
  { flag: "model-version", key: "blue.modelVersion", asks: "Its version", usual: "1" },
  { flag: "port", key: "service.port", asks: "Port that it listens on", usual: "8080" },
  {
    flag: "health-path",
    key: "service.healthPath",
    asks: "Path of its health check; empty: each deploy finds it out, and any answer to / is a sign of life before",
    mayBeNone: true,
  },
  {
    flag: "allow",
    key: "service.allowedCidrs",
    asks: "Who may call it: CIDR blocks, 0.0.0.0/0 is everybody",
    isList: true,
  },
  {
    flag: "host-name",
    key: "service.hostName",
    asks: "The name by which users call it, for HTTPS; empty: plain HTTP",
    mayBeNone: true,
  },
  {
    flag: "hosted-zone",
    key: "service.hostedZoneId",
    asks: "Id of the name's hosted zone in Route 53, where the stack makes certificate and record; empty: a certificate of yours",
    mayBeNone: true,
    onlyWith: "service.hostName",
  },
  {
    flag: "certificate",
    key: "service.certificateArn",
    asks: "ARN of the name's certificate in ACM",
    mayBeNone: true,
    onlyWith: "service.hostName",
    unless: "service.hostedZoneId",
  },
  {
    flag: "test-cidrs",
    key: "service.testCidrs",
    asks: "With plain HTTP, who may use the test rules: CIDR blocks of the machines that run `npx bluegreen test`",
    isList: true,
    mayBeNone: true,
    unless: "service.hostName",
  },
  {
    flag: "golden",
    key: "suite.goldenSet",
    asks: "File of the golden set that `npx bluegreen test` asks with; empty: later",
    mayBeNone: true,
  },
  {
    flag: "notify-topic",
    key: "rollout.notifyTopicArn",
    asks: "ARN of an SNS topic that gets notifications of releases; empty: no notifications",
    mayBeNone: true,
  },
];

/** Configuration paths with what is said for them, as text or as JSON has it. */
export type Answers = Readonly<Record<string, unknown>>;

/** What has to be said, and was not. */
export const unanswered = (answers: Answers): readonly InitQuestion[] =>
  QUESTIONS.filter(
    ({ key, usual, mayBeNone }) =>
      answers[key] === undefined && usual === undefined && mayBeNone === undefined,
  );

/** What a person typed, as the configuration has it; "" is what is usual, or nothing. */
export function answerOf({ isList, usual }: InitQuestion, typed: string): unknown {
  const text = typed.trim() || usual;
  if (text === undefined) return undefined;
  return isList === true ? text.split(/[\s,]+/).filter((each) => each !== "") : text;
}

/** What would be allowed; undefined: this is. */
export function refusal(key: string, answer: unknown): string | undefined {
  if (key === REGION_KEY) return isRegion(answer) ? undefined : REGION_ALLOWED;
  const field = fieldOf(key);
  return field === undefined || field.read(answer) !== undefined ? undefined : field.allowed;
}

export const REGION_KEY = "aws:region";
export const REGION_ALLOWED = "a region of AWS, like us-east-1";
// us-east-1, ap-southeast-2, us-gov-west-1, cn-north-1.
export const isRegion = (value: unknown): boolean =>
  typeof value === "string" && /^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(value);

/** How the contract declares the field at a path like `service.port`; undefined: it has no such field. */
export function fieldOf(path: string): Field<unknown> | undefined {
  const fields = fieldsOf(path);
  const name = path.slice(path.indexOf(".") + 1);
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** The fields of the section that a path begins with, in the contract's order. */
export function fieldsOf(path: string): Fields {
  const [section] = path.split(".");
  const declared: ConfigKey | undefined = Object.entries(CONFIG_KEYS).find(([key]) => key === section)?.[1];
  return declared !== undefined && "fields" in declared ? declared.fields : {};
}
