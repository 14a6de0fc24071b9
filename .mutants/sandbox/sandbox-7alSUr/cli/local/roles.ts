import { ROLES } from "../../contract/iam/aws-calls.ts";
import { policiesOf } from "../../contract/iam/policy.ts";
import type { Roles } from "../../packages/local-cloud/access/authorize.ts";
import { ACCOUNT } from "../../packages/local-cloud/arn.ts";
import { LOCAL_STACK } from "./project.ts";

/** Whose permissions the resource provider has: what the deploy roles of all stacks may. */
export const PROVIDER_ROLE = "provider";

/**
 * The roles of the stacks on a local cloud, each with the policies that are made for it: those of the stack `local` by
 * their own names, those of any other as `<stack>-deploy`. Provider and watchdog are one process for all stacks, and
 * have the permissions that each stack gives them.
 */
export function localRoles(project: string, region: string, others: readonly string[]): Roles {
  const stacks = [LOCAL_STACK, ...others];
  const policies = (role: (typeof ROLES)[number], stack: string) =>
    policiesOf(role, { partition: "aws", region, accountId: ACCOUNT, project, stack });
  const own = stacks.flatMap((stack) =>
    ROLES.map((role) => [stack === LOCAL_STACK ? role : `${stack}-${role}`, policies(role, stack)] as const),
  );
  return new Map([
    ...own,
    [PROVIDER_ROLE, stacks.flatMap((stack) => policies("deploy", stack))],
    ["watchdog", stacks.flatMap((stack) => policies("watchdog", stack))],
  ]);
}
