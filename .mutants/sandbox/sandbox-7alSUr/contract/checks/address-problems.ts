import { problem, type Problem } from "./problem.ts";
import type { StackConfig } from "../config/stack-config.ts";

/** Whether a CIDR block, which has been read, is one of IPv6. */
export const isSix = (block: string): boolean => block.includes(":");

/** What does not fit between the load balancer's addresses, its network and who may reach it. */
export function addressProblems(config: StackConfig): readonly Problem[] {
  const { network } = config;
  return network.listenerArn === undefined ? ownProblems(config) : sharedProblems(config);
}

function ownProblems({ network, service, localCloud }: StackConfig): readonly Problem[] {
  const { internal, ipAddressType, vpcId } = network;
  const found: Problem[] = [];
  const isDual = ipAddressType === "dualstack";
  const why =
    localCloud !== undefined
      ? "the local cloud has no IPv6"
      : vpcId === undefined
        ? "the stack's own VPC has no IPv6; in an existing one (network.vpcId) whose subnets have it, dualstack works"
        : // ELB API, SetIpAddressType: "Internal load balancers must use ipv4."
          internal
          ? "an internal load balancer must have ipv4"
          : undefined;
  if (isDual && why !== undefined) {
    const key = "network.ipAddressType";
    found.push(problem(key, ipAddressType, `ipv4: ${why}`, `pulumi config rm --path ${key}`));
  }
  for (const key of ["allowedCidrs", "testCidrs"] as const) {
    const at = service[key].findIndex(isSix);
    if (isDual || at < 0) continue;
    const path = `service.${key}[${at}]`;
    const allowed = "blocks of IPv4, as long as network.ipAddressType is ipv4";
    found.push(problem(`service.${key}`, service[key], allowed, `pulumi config rm --path '${path}'`));
  }
  return found;
}

/** Of another's load balancer its owner says how it is reached. */
function sharedProblems({ network: { internal, ipAddressType } }: StackConfig): readonly Problem[] {
  const said = [
    ...(internal ? (["internal"] as const) : []),
    ...(ipAddressType === "ipv4" ? [] : (["ipAddressType"] as const)),
  ];
  const values = { internal: String(internal), ipAddressType };
  return said.map((key) => {
    const allowed = "nothing when network.listenerArn is given: the load balancer is another's";
    return problem(`network.${key}`, values[key], allowed, `pulumi config rm --path network.${key}`);
  });
}
