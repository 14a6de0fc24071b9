import * as aws from "@pulumi/aws";
import { missingName, sharedName } from "../../contract/checks/host-name.ts";
import { openTestRules } from "../../contract/checks/network-problems.ts";
import type { Problem } from "../../contract/checks/problem.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { Home } from "../component/place.ts";
import type { Previous } from "../../contract/transition/previous.ts";
import { movesUsers } from "../../contract/transition/routing.ts";
import { isManual } from "../../contract/transition/step.ts";

/**
 * What the configuration cannot know of a listener that is somebody else's: whether the test token would travel over
 * plain HTTP, and whether a certificate would have to cover the load balancer's own name. Asked in updates manually; one
 * of the tools must not fail because the listener's owner changed it, nor a revert manually for want of a name.
 */
export async function sharedListenerProblems(
  config: StackConfig,
  previous: Previous | undefined,
  asking: Home["asking"],
): Promise<readonly Problem[]> {
  const { network, service, testTokens } = config;
  if (network.listenerArn === undefined || !(previous === undefined || isManual(previous, config))) return [];
  const isOpen = testTokens.length > 0 && service.testCidrs.length === 0;
  const isMoving = previous !== undefined && movesUsers(previous, config);
  const isNameless = sharedName(config) === undefined && !isMoving;
  if (!isOpen && !isNameless) return [];
  const { protocol } = await aws.lb.getListener({ arn: network.listenerArn }, asking);
  if (protocol !== "HTTPS") return isOpen ? [openTestRules()] : [];
  return isNameless ? [missingName("the listener speaks HTTPS, and no certificate covers its own")] : [];
}
