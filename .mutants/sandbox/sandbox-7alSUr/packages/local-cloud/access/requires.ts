import { isRecord } from "../is-record.ts";
import type { RequiredPermission } from "./policy.ts";

/** A call, and where it is made. */
export interface Ground {
  readonly region: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** `service:Operation`. */
  readonly action: string;
}

/**
 * What IAM is asked for a call: the resources that an operation needs its permission on, where they are not just `*` (AWS
 * Service Authorization Reference, June 2026).
 */
export type Requires = (ground: Ground) => readonly RequiredPermission[];

export const text = (value: unknown) => (typeof value === "string" ? value : "");
export const texts = (value: unknown) => (Array.isArray(value) ? value.map(text) : []);

/** `aws:RequestTag/…` for each tag of a request, whatever its service calls the members. */
export function requestTags(input: Ground["input"]): RequiredPermission["context"] {
  const given = input["Tags"] ?? input["tags"];
  const pairs: readonly (readonly [string, string])[] = Array.isArray(given)
    ? given
        .filter(isRecord)
        .map((tag) => [text(tag["Key"] ?? tag["key"]), text(tag["Value"] ?? tag["value"])])
    : Object.entries(isRecord(given) ? given : {}).map(([key, value]) => [key, text(value)]);
  return Object.fromEntries(pairs.map(([key, value]) => [`aws:RequestTag/${key}`, value]));
}

export const on =
  (...resources: readonly string[]): Requires =>
  ({ action, input }) =>
    resources.map((resource) => ({ action, resource, context: requestTags(input) }));
/** The ARN of what has this name. */
export type ArnOf = (ground: Ground, name: string) => string;
const asGiven: ArnOf = (_, arn) => arn;

/** The ARN of what a member of the input names. */
export const named =
  (member: string, arnOf: ArnOf = asGiven) =>
  (ground: Ground) =>
    arnOf(ground, text(ground.input[member]));

/** What a member of the input names. */
export const onMember =
  (member: string, arnOf?: ArnOf): Requires =>
  (ground) =>
    on(named(member, arnOf)(ground))(ground);
/** Each of what a list in the input names. */
export const onEach =
  (member: string, arnOf: ArnOf = asGiven): Requires =>
  (ground) =>
    on(...texts(ground.input[member]).map((name) => arnOf(ground, name)))(ground);

export const all =
  (...parts: readonly Requires[]): Requires =>
  (ground) =>
    parts.flatMap((each) => each(ground));

/** The permission itself, and the right to tag when the request brings tags. */
export const creating =
  (tagAction: string, resource: (ground: Ground) => string, made = resource): Requires =>
  (ground) => {
    const context = requestTags(ground.input);
    const own = { action: ground.action, resource: resource(ground), context };
    if (Object.keys(context).length === 0) return [own];
    return [own, { action: tagAction, resource: made(ground), context }];
  };
