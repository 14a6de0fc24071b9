import * as aws from "@pulumi/aws";
import { openTestRules } from "../contract/network-problems.ts";
import type { Problem } from "../contract/problem.ts";
import type { StackConfig } from "../contract/stack-config.ts";
import type { Previous } from "../contract/transition/previous.ts";

/**
 * What the configuration cannot know of a listener that is somebody else's: whether the test token would travel over
 * plain HTTP. Asked in updates by hand; one of the tools must not fail because the listener's owner changed it.
 */
export async function sharedListenerProblems(
  { network, service, testTokens, generation }: StackConfig,
  previous: Previous | undefined,
): Promise<readonly Problem[]> {
  const isByHand = previous === undefined || generation === previous.generation;
  const isOpen = testTokens.length > 0 && service.testCidrs.length === 0;
  if (network.listenerArn === undefined || !isOpen || !isByHand) return [];
  const { protocol } = await aws.lb.getListener({ arn: network.listenerArn });
  return protocol === "HTTPS" ? [] : [openTestRules()];
}
