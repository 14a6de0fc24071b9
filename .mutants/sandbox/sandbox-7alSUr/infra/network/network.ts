import * as awsx from "@pulumi/awsx";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkConfig } from "../../contract/config/sections.ts";
import type { LastingConfig } from "../config.ts";
import type { NotYet } from "./not-yet.ts";
import type { Place } from "../component/place.ts";
import { stackTags } from "../tags.ts";

/** Where the stack stands, in its own VPC or in an existing one. */
export interface Network {
  readonly vpcId: pulumi.Input<string>;
  readonly publicSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly taskSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Without NAT a task reaches its image and its logs only through an address of its own. */
  readonly assignPublicIp: boolean;
  /** Says, before anything exists, which VPC this is: another key is another VPC. */
  readonly vpcKey: string;
}

const NAT_STRATEGY: Readonly<Record<NetworkConfig["nat"], awsx.types.enums.ec2.NatGatewayStrategy>> = {
  none: "None",
  single: "Single",
  onePerZone: "OnePerAz",
};

/**
 * @param notYet what only the update will make that this preview is of.
 * @param zoneNames the zones of the stack's own VPC; undefined: awsx takes the first ones of those that there are.
 */
export function createNetwork(
  place: Place,
  { network }: LastingConfig,
  zoneNames: readonly string[] | undefined,
  notYet: NotYet,
): Network {
  const { vpcId, publicSubnetIds, taskSubnetIds, assignPublicIp } = network;
  if (vpcId === undefined) return ownNetwork(place, network, zoneNames);
  return {
    vpcId: notYet.vpcId ?? vpcId,
    publicSubnetIds: [...(notYet.publicSubnetIds ?? publicSubnetIds)],
    taskSubnetIds: [...(notYet.taskSubnetIds ?? taskSubnetIds)],
    assignPublicIp,
    vpcKey: vpcId,
  };
}

function ownNetwork(
  place: Place,
  { cidr, zones, nat }: NetworkConfig,
  zoneNames: readonly string[] | undefined,
): Network {
  // Ranges are fixed for up to eight zones and both kinds of subnet, so that a zone or NAT added later moves no
  // address: a subnet whose range changes is replaced, which AWS refuses while tasks live in it. A private subnet
  // costs nothing as long as there is no NAT.
  const zoneMask = Number(cidr.split("/")[1]) + 3;
  const vpc = new awsx.ec2.Vpc(
    place.name("network"),
    {
      cidrBlock: cidr,
      ...(zoneNames === undefined
        ? { numberOfAvailabilityZones: zones }
        : { availabilityZoneNames: [...zoneNames] }),
      availabilityZoneCidrMask: zoneMask,
      subnetStrategy: "Auto",
      subnetSpecs: [
        { type: "Public", cidrMask: zoneMask + 1 },
        { type: "Private", cidrMask: zoneMask + 1 },
      ],
      natGateways: { strategy: NAT_STRATEGY[nat] },
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { ...stackTags(place) },
    },
    place.options("network"),
  );
  return {
    vpcId: vpc.vpcId,
    publicSubnetIds: vpc.publicSubnetIds,
    taskSubnetIds: nat === "none" ? vpc.publicSubnetIds : vpc.privateSubnetIds,
    assignPublicIp: nat === "none",
    vpcKey: `own ${cidr}`,
  };
}
