import { isRecord } from "../../is-record.ts";
import type { Properties, RegisterChild } from "../../../pulumi-engine/values/provider.ts";
import { asProperties, members } from "../shape.ts";
import { output, resourceOutput, type Child } from "./child.ts";

const LOAD_BALANCER = ["arn", "arnSuffix", "dnsName", "zoneId", "vpcId", "tagsAll"];
const TARGET_GROUP = ["arn", "arnSuffix", "tagsAll"];

/** `awsx.lb.ApplicationLoadBalancer`: load balancer, default target group, and listeners as asked for. */
export async function constructLoadBalancer(
  name: string,
  inputs: Properties,
  register: RegisterChild,
): Promise<Properties> {
  const { subnetIds, subnets, defaultTargetGroup, defaultSecurityGroup, listener, listeners, ...rest } =
    inputs;
  const places = members(subnets).map(asProperties);
  const groupArgs = asProperties(defaultTargetGroup);
  // awsx asks AWS for the VPC of the first subnet; a stand-in in the engine's process has nobody to ask.
  const vpcId = groupArgs["vpcId"] ?? places[0]?.["vpcId"];
  if (vpcId === undefined)
    throw new Error("awsx:lb:ApplicationLoadBalancer on the local cloud needs defaultTargetGroup.vpcId");
  const security = await securityGroups(name, rest, asProperties(defaultSecurityGroup), vpcId, register);
  const loadBalancer = await register({
    type: "aws:lb/loadBalancer:LoadBalancer",
    name,
    inputs: {
      ...rest,
      subnets: subnetIds ?? places.map((subnet) => subnet["id"]),
      ...(security.ids !== undefined && { securityGroups: security.ids }),
    },
    ...(security.made && { dependsOn: [security.made.urn] }),
  });
  const group = await register({
    type: "aws:lb/targetGroup:TargetGroup",
    name,
    inputs: { vpcId, targetType: "ip", ...protocolOf(asProperties(listener)), ...groupArgs },
  });
  const made: Child[] = [];
  for (const [index, wanted] of listenersOf(listener, listeners).entries())
    made.push(await addListener(`${name}-${index}`, wanted, loadBalancer, group, register));
  return {
    loadBalancer: resourceOutput(loadBalancer, LOAD_BALANCER),
    defaultTargetGroup: resourceOutput(group, TARGET_GROUP),
    listeners: made.map((one) => resourceOutput(one, ["arn"])),
    vpcId,
    ...(security.made && { defaultSecurityGroup: resourceOutput(security.made, ["arn"]) }),
  };
}

/** The security groups of the load balancer: those given, or one that awsx makes. */
async function securityGroups(
  name: string,
  args: Properties,
  { skip, args: groupArgs, securityGroupId }: Properties,
  vpcId: unknown,
  register: RegisterChild,
): Promise<{ ids?: unknown; made?: Child }> {
  if (args["securityGroups"] !== undefined || skip === true) return {};
  if (securityGroupId !== undefined) return { ids: [securityGroupId] };
  const inputs = { vpcId, ...asProperties(groupArgs) };
  const made = await register({ type: "aws:ec2/securityGroup:SecurityGroup", name, inputs });
  return { ids: [made.id], made };
}

function listenersOf(listener: unknown, listeners: unknown): readonly Properties[] {
  if (isRecord(listener)) return [listener];
  if (Array.isArray(listeners)) return listeners.map(asProperties);
  return [{}];
}

function addListener(
  name: string,
  wanted: Properties,
  loadBalancer: Child,
  group: Child,
  register: RegisterChild,
): Promise<Child> {
  const toDefault = [{ type: "forward", targetGroupArn: output(group, "arn") }];
  return register({
    type: "aws:lb/listener:Listener",
    name,
    inputs: {
      defaultActions: toDefault,
      ...protocolOf(wanted),
      ...wanted,
      loadBalancerArn: output(loadBalancer, "arn"),
    },
    dependsOn: [loadBalancer.urn, group.urn],
  });
}

/** Port and protocol of a listener, one from the other where only one is given. */
function protocolOf({ port, protocol }: Properties): { port: unknown; protocol: unknown } {
  const isTls = protocol === "HTTPS" || (protocol === undefined && Number(port) === 443);
  return { port: port ?? (isTls ? 443 : 80), protocol: protocol ?? (isTls ? "HTTPS" : "HTTP") };
}
