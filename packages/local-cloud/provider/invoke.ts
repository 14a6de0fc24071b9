import type { Properties } from "../../pulumi-engine/values/provider.ts";
import { AwsError } from "../aws-api/errors.ts";
import { caller, first } from "./calls.ts";
import type { ActingServices } from "./acting-types.ts";
import type { AccountRegion } from "./recorded-outputs.ts";
import type { RecordStore } from "./records.ts";
import type { ResourceType } from "./resource-type.ts";
import { asProperties, members } from "./shape.ts";

type DataSource = (args: Properties) => Properties | Promise<Properties>;

/** A data source of the AWS provider has lists where its resource has single blocks. */
function ruleAction({ forward, ...action }: Properties): Properties {
  if (forward === undefined) return action;
  const { stickiness, ...rest } = asProperties(forward);
  return { ...action, forwards: [{ ...rest, stickinesses: stickiness === undefined ? [] : [stickiness] }] };
}

/** The data sources of the local cloud, by Pulumi token. Others are refused by name. */
export function createInvoke(
  services: AccountRegion & ActingServices & { readonly recorded: RecordStore },
  acting: Readonly<Record<string, ResourceType>>,
): (token: string, args: Properties) => Promise<Properties> {
  const { region, accountId, recorded } = services;
  const elbv2 = caller("Elastic Load Balancing", services.elbv2);

  const recordedById = (type: string, code: string, args: Properties): Properties => {
    const id = String(args["id"]);
    const found = recorded.get(type, id);
    if (found === undefined) throw new AwsError(code, `The ID '${id}' does not exist`);
    return { ...found.outputs, id };
  };
  const describe = async (type: string, arn: unknown, args: Properties): Promise<Properties> => {
    const found = typeof arn === "string" && (await acting[type]?.describe({ id: arn, arn, state: {} }));
    if (!found) throw new AwsError("NotFound", `there is no ${type} with ${JSON.stringify(args)}`);
    return { ...found, id: arn, region };
  };

  const sources: Readonly<Record<string, DataSource>> = {
    "aws:index/getRegion:getRegion": () => ({
      id: region,
      name: region,
      region,
      description: `local cloud (${region})`,
      endpoint: `ec2.${region}.amazonaws.com`,
    }),
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({
      id: accountId,
      accountId,
      arn: `arn:aws:iam::${accountId}:root`,
      userId: accountId,
    }),
    "aws:index/getPartition:getPartition": () => ({
      id: "aws",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    }),
    "aws:index/getAvailabilityZones:getAvailabilityZones": () => {
      const letters = ["a", "b", "c", "d", "e", "f"];
      return {
        id: region,
        region,
        names: letters.map((letter) => `${region}${letter}`),
        zoneIds: letters.map((_, index) => `local-az${index + 1}`),
        groupNames: [region],
      };
    },
    "aws:ec2/getSubnet:getSubnet": (args) =>
      recordedById("aws:ec2/subnet:Subnet", "InvalidSubnetID.NotFound", args),
    "aws:ec2/getVpc:getVpc": (args) => recordedById("aws:ec2/vpc:Vpc", "InvalidVpcID.NotFound", args),
    "aws:lb/getLoadBalancer:getLoadBalancer": async (args) => {
      const filter =
        args["arn"] === undefined ? { Names: [args["name"]] } : { LoadBalancerArns: [args["arn"]] };
      const found = first(await elbv2("DescribeLoadBalancers", filter), "LoadBalancers");
      return describe("aws:lb/loadBalancer:LoadBalancer", found?.["LoadBalancerArn"], args);
    },
    "aws:lb/getListenerRule:getListenerRule": async (args) => {
      const type = "aws:lb/listenerRule:ListenerRule";
      const found = await describe(type, args["arn"] ?? (await acting[type]?.find?.(args))?.arn, args);
      return { ...found, actions: members(found["actions"]).map(asProperties).map(ruleAction) };
    },
    "aws:lb/getTargetGroup:getTargetGroup": (args) =>
      describe("aws:lb/targetGroup:TargetGroup", args["arn"], args),
    "aws:lb/getListener:getListener": async (args) => {
      if (args["arn"] !== undefined) return describe("aws:lb/listener:Listener", args["arn"], args);
      const answer = await elbv2("DescribeListeners", { LoadBalancerArn: args["loadBalancerArn"] });
      const found = members(answer["Listeners"])
        .map(asProperties)
        .find((listener) => listener["Port"] === Number(args["port"]));
      return describe("aws:lb/listener:Listener", found?.["ListenerArn"], args);
    },
  };

  return async (token, args) => {
    const source = Object.hasOwn(sources, token) ? sources[token] : undefined;
    if (source === undefined) throw new Error(`the local cloud has no data source ${token}`);
    return source(args);
  };
}
