import type { ApiCall } from "../aws-api/guard.ts";
import { OPERATIONS } from "../operations/index.ts";
import type { RequiredPermission } from "./policy.ts";
import { on } from "./requires.ts";

/** Tags of a resource by its ARN, as far as conditions look at them. */
export type TagsOf = (arn: string) => Readonly<Record<string, string>>;

const REQUIRED = new Map(OPERATIONS.map(({ service, name, requires }) => [`${service}:${name}`, requires]));

/** What IAM is asked about a call: something, always. A call that names no resource asks for `*`. */
export function requiredPermissions(call: ApiCall, region: string): readonly RequiredPermission[] {
  const ground = { region, input: call.input, action: `${call.service}:${call.operation}` };
  const needed = REQUIRED.get(ground.action)?.(ground) ?? [];
  return needed.length > 0 ? needed : on("*")(ground);
}
