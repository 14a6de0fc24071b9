import type { Tag } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-api/errors.ts";
import { find, notFound } from "../model.ts";
import type { Model } from "../model.ts";
import { requireText, validationError } from "./input.ts";

/** ELB quotas: tags per resource. */
const MAX_TAGS = 50;
/** ELB API, Tag: length and pattern of both. */
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u;

/** The kinds of resources by what follows `elasticloadbalancing:<region>:<account>:` in their ARN. */
const KINDS = {
  loadbalancer: "loadBalancers",
  targetgroup: "targetGroups",
  listener: "listeners",
  "listener-rule": "rules",
} as const;

/** The tags of a resource after adding some. Throws the service's errors for bad ones. */
export function addTags(
  current: Readonly<Record<string, string>>,
  added: readonly Tag[] | undefined,
): Record<string, string> {
  const pairs = (added ?? []).map(({ Key, Value = "" }) => [requireText("Tag key", Key), Value] as const);
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw new AwsError("DuplicateTagKeys", "A tag key was specified more than once");
  }
  for (const [key, value] of pairs) {
    if (!KEY.test(key) || !VALUE.test(value)) throw validationError(`The tag ${key}=${value} is not valid`);
  }
  const next = { ...current, ...Object.fromEntries(pairs) };
  if (Object.keys(next).length > MAX_TAGS) {
    throw new AwsError("TooManyTags", `A resource has at most ${MAX_TAGS} tags`);
  }
  return next;
}

/** The ARNs of a request, each of a resource that is there. */
export function taggable(model: Model, arns: readonly string[] | undefined): readonly string[] {
  if (arns === undefined || arns.length === 0) throw validationError("ResourceArns is required");
  for (const arn of arns) {
    const kind = arn.split(":")[5]?.split("/")[0] ?? "";
    if (!isKind(kind)) throw notFound("loadBalancers", arn);
    find(model, KINDS[kind], arn);
  }
  return arns;
}

function isKind(kind: string): kind is keyof typeof KINDS {
  return Object.hasOwn(KINDS, kind);
}
