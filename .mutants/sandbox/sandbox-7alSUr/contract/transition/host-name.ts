import { missingHostName, missingName, sharedName } from "../checks/host-name.ts";
import { problem, type Problem } from "../checks/problem.ts";
import { SLOTS } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { isRoutingWrite } from "./definition-changes.ts";
import type { Previous } from "./previous.ts";
import { movesUsers } from "./routing.ts";
import { hadUsers, isManual } from "./step.ts";

/**
 * Where the output `url` would be a name of the load balancer's own that does not do. Said to a person who does not move
 * users alone: stacks of version 0.1 have such, and a revert must not wait for a name.
 */
export function namingProblems(previous: Previous | undefined, next: StackConfig): readonly Problem[] {
  const isTools = previous !== undefined && !isManual(previous, next);
  if (isTools || (previous !== undefined && movesUsers(previous, next))) return [];
  return next.network.listenerArn === undefined ? ownProblems(next) : sharedProblems(next);
}

function ownProblems({ service, localCloud }: StackConfig): readonly Problem[] {
  const { certificateArn, hostName } = service;
  if (certificateArn === undefined || hostName !== undefined || localCloud !== undefined) return [];
  return [missingHostName];
}

function sharedProblems(next: StackConfig): readonly Problem[] {
  const { certificateArn } = next.service;
  const key = "service.certificateArn";
  const allowed =
    "nothing with network.listenerArn: a shared listener shows the certificates that its owner gave it";
  const { hostHeaders } = next.network;
  // The load balancer's own name is any name.
  const isForAny = hostHeaders.length === 0;
  return [
    ...(certificateArn === undefined
      ? []
      : [problem(key, certificateArn, allowed, `pulumi config rm --path ${key}`)]),
    ...(isForAny || sharedName(next) !== undefined
      ? []
      : [missingName(`the route takes requests for ${hostHeaders.join(", ")} alone`)]),
  ];
}

/** The record that the stack made goes away with its name or its zone, and users who come by that name with it. */
export function recordProblems(previous: Previous, next: StackConfig): readonly Problem[] {
  const { hostedZoneId = "", hostName = "" } = previous.entrance ?? {};
  if (hostedZoneId === "" || next.network.listenerArn !== undefined) return [];
  if (next.service.allowInPlace || isRoutingWrite(previous, next)) return [];
  if (!SLOTS.some((slot) => hadUsers({ previous, next, slot }))) return [];
  const before = { hostedZoneId, hostName };
  return (["hostedZoneId", "hostName"] as const).flatMap((name) => {
    const [was, is = "nothing"] = [before[name], next.service[name]];
    if (was === is) return [];
    const allowed = `${was} as deployed while the stack has users, unless service.allowInPlace is true: the record of ${hostName} goes away`;
    return [problem(`service.${name}`, is, allowed, `pulumi config set --path service.${name} ${was}`)];
  });
}
