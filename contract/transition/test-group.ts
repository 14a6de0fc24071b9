import { problem, type Problem } from "../checks/problem.ts";
import { hasTestGroup, type StackConfig } from "../config/stack-config.ts";
import { SLOTS } from "../slot.ts";
import { isRoutingWrite } from "./definition-changes.ts";
import type { Previous } from "./previous.ts";
import { hadUsers, standsBy } from "./step.ts";

/** Amazon ECS, UpdateService: another set of load balancers of a service is a deployment, with other tasks. */
export const TEST_GROUP_CHANGES = "ECS starts new tasks and stops the running ones, in both slots at once";

/** The first token, and none any more, are refused while a slot is in use. Another token is another rule, and touches no task. */
export function testGroupProblems(previous: Previous, next: StackConfig): readonly Problem[] {
  const [before, after] = [previous.hasTestGroup, hasTestGroup(next)];
  if (before === undefined || before === after) return [];
  if (isRoutingWrite(previous, next) || next.service.allowInPlace) return [];
  const uses = SLOTS.flatMap((slot) => {
    const step = { previous, next, slot };
    if (previous.slots[slot]?.definition.kind === "external") return [];
    return hadUsers(step) ? [`${slot} has users`] : standsBy(step) ? [`${slot} stands by`] : [];
  });
  if (uses.length === 0) return [];
  const [got, was, fix] = after
    ? ["set", "nothing", "pulumi config rm testToken"]
    : ["nothing", "a token", "pulumi config set --secret testToken $(openssl rand -hex 24)"];
  const allowed = `${was} as deployed while ${uses.join(" and ")}, unless service.allowInPlace is true: ${TEST_GROUP_CHANGES}`;
  return [problem("testToken", got, allowed, fix)];
}
