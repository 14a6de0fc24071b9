import { UNKNOWN, type Properties, type RegisterChild } from "../../../pulumi-engine/values/provider.ts";
import { asProperties, members } from "../shape.ts";
import { output, refuseArgs, resourceOutput, type Child } from "./child.ts";
import { planSubnets, type SubnetPlan } from "./subnets.ts";

const ARGS = [
  "cidrBlock",
  "numberOfAvailabilityZones",
  "availabilityZoneNames",
  "availabilityZoneCidrMask",
  "natGateways",
  "subnetSpecs",
  "subnetStrategy",
  "enableDnsHostnames",
  "enableDnsSupport",
  "instanceTenancy",
  "tags",
];

/** awsx makes subnets in three zones unless told otherwise. */
const DEFAULT_ZONES = 3;

interface Parts {
  readonly subnets: { readonly plan: SubnetPlan; readonly subnet: Child }[];
  readonly routeTables: Child[];
  readonly associations: Child[];
  readonly routes: Child[];
  readonly eips: Child[];
  readonly natGateways: Child[];
}

interface Network {
  readonly name: string;
  readonly vpc: Child;
  readonly igw: Child;
  readonly zoneNames: readonly unknown[];
  readonly nat: string;
  readonly tags: Properties;
  readonly register: RegisterChild;
}

/** `awsx.ec2.Vpc`: VPC, internet gateway, and for each subnet a route table; NAT gateways as asked for. */
export async function constructVpc(
  name: string,
  inputs: Properties,
  register: RegisterChild,
): Promise<Properties> {
  refuseArgs("awsx:ec2:Vpc", inputs, ARGS);
  const natGateways = asProperties(inputs["natGateways"]);
  refuseArgs("awsx:ec2:Vpc natGateways", natGateways, ["strategy"]);
  const tags = asProperties(inputs["tags"]);
  const shared = { Name: name, ...tags };
  const { cidrBlock = "10.0.0.0/16", enableDnsHostnames, enableDnsSupport, instanceTenancy } = inputs;
  const zoneCount = members(inputs["availabilityZoneNames"]).length || zonesOf(inputs);
  const plans = planSubnets(name, { ...inputs, cidrBlock }, zoneCount);
  const vpc = await register({
    type: "aws:ec2/vpc:Vpc",
    name,
    inputs: { cidrBlock, enableDnsHostnames, enableDnsSupport, instanceTenancy, tags: shared },
  });
  const igw = await register({
    type: "aws:ec2/internetGateway:InternetGateway",
    name,
    inputs: { vpcId: vpc.id, tags: shared },
    parent: vpc.urn,
    dependsOn: [vpc.urn],
  });
  const ground: Network = {
    name,
    vpc,
    igw,
    zoneNames: zoneNames(inputs, output(vpc, "region"), zoneCount),
    nat: String(natGateways["strategy"] ?? "OnePerAz").toLowerCase(),
    tags,
    register,
  };
  const parts: Parts = {
    subnets: [],
    routeTables: [],
    associations: [],
    routes: [],
    eips: [],
    natGateways: [],
  };
  for (let zone = 0; zone < zoneCount; zone++) {
    const here = plans.filter((plan) => plan.zone === zone);
    // Public ones first: the NAT gateway that a private one needs stands in a public one.
    for (const plan of [...here.filter(isPublic), ...here.filter((plan) => !isPublic(plan))])
      await addSubnet(plan, ground, parts);
  }
  return outputsOf(ground, parts, plans);
}

function zonesOf(inputs: Properties): number {
  return Number(inputs["numberOfAvailabilityZones"] ?? DEFAULT_ZONES);
}

function zoneNames(inputs: Properties, region: unknown, count: number): readonly unknown[] {
  const given = members(inputs["availabilityZoneNames"]);
  if (given.length > 0) return given;
  return Array.from({ length: count }, (_, index) =>
    region === UNKNOWN ? UNKNOWN : `${String(region)}${"abcdef"[index]}`,
  );
}

const isPublic = ({ type }: SubnetPlan) => type.toLowerCase() === "public";
const isPrivate = ({ type }: SubnetPlan) => type.toLowerCase() === "private";

async function addSubnet(plan: SubnetPlan, ground: Network, parts: Parts): Promise<void> {
  const { vpc, register } = ground;
  const named = { Name: plan.name, SubnetType: plan.type };
  const shared = { ...ground.tags, ...named };
  const subnet = await register({
    type: "aws:ec2/subnet:Subnet",
    name: plan.name,
    inputs: {
      vpcId: vpc.id,
      availabilityZone: ground.zoneNames[plan.zone],
      mapPublicIpOnLaunch: isPublic(plan),
      cidrBlock: plan.cidrBlock,
      tags: { ...ground.tags, ...plan.tags, ...named },
    },
    parent: vpc.urn,
    dependsOn: [vpc.urn],
  });
  parts.subnets.push({ plan, subnet });
  const table = await register({
    type: "aws:ec2/routeTable:RouteTable",
    name: plan.name,
    inputs: { vpcId: vpc.id, tags: shared },
    parent: subnet.urn,
    dependsOn: [vpc.urn, subnet.urn],
  });
  parts.routeTables.push(table);
  parts.associations.push(
    await register({
      type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
      name: plan.name,
      inputs: { routeTableId: table.id, subnetId: subnet.id },
      parent: table.urn,
      dependsOn: [table.urn, subnet.urn],
    }),
  );
  if (isPublic(plan)) await addNatGateway(plan, subnet, ground, parts);
  const gateway = wayOut(plan, ground, parts);
  if (gateway === undefined) return;
  parts.routes.push(
    await register({
      type: "aws:ec2/route:Route",
      name: plan.name,
      inputs: { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", ...gateway.inputs },
      parent: table.urn,
      dependsOn: [table.urn, gateway.urn],
    }),
  );
}

async function addNatGateway(plan: SubnetPlan, subnet: Child, ground: Network, parts: Parts): Promise<void> {
  const strategies: Readonly<Record<string, number>> = { none: 0, single: 1, oneperaz: plan.zone + 1 };
  const wanted = strategies[ground.nat];
  if (wanted === undefined) throw new Error(`awsx:ec2:Vpc has no NAT strategy ${ground.nat}`);
  if (parts.natGateways.length >= wanted) return;
  const name = `${ground.name}-${plan.zone + 1}`;
  const tags = { ...ground.tags, Name: name };
  const place = { name, parent: subnet.urn };
  const { register } = ground;
  const eip = await register({
    ...place,
    type: "aws:ec2/eip:Eip",
    inputs: { domain: "vpc", tags },
    dependsOn: [subnet.urn],
  });
  parts.eips.push(eip);
  const inputs = { subnetId: subnet.id, allocationId: output(eip, "allocationId"), tags };
  const dependsOn = [subnet.urn, eip.urn];
  parts.natGateways.push(
    await register({ ...place, type: "aws:ec2/natGateway:NatGateway", inputs, dependsOn }),
  );
}

/** Public subnets reach the internet through its gateway, private ones through NAT, isolated ones not at all. */
function wayOut(plan: SubnetPlan, { igw, nat }: Network, { natGateways }: Parts) {
  if (isPublic(plan)) return { urn: igw.urn, inputs: { gatewayId: igw.id } };
  if (!isPrivate(plan) || nat === "none") return undefined;
  const gateway = natGateways[nat === "single" ? 0 : plan.zone];
  if (gateway === undefined)
    throw new Error("awsx:ec2:Vpc: private subnets need a public subnet for their NAT gateway");
  return { urn: gateway.urn, inputs: { natGatewayId: gateway.id } };
}

function outputsOf({ vpc, igw }: Network, parts: Parts, plans: readonly SubnetPlan[]): Properties {
  const { subnets } = parts;
  const ids = (isWanted: (plan: SubnetPlan) => boolean) =>
    subnets.filter(({ plan }) => isWanted(plan)).map(({ subnet }) => subnet.id);
  const all = (made: readonly Child[]) => made.map((one) => resourceOutput(one, ["arn"]));
  return {
    vpcId: vpc.id,
    vpc: resourceOutput(vpc, ["arn", "defaultSecurityGroupId", "mainRouteTableId", "ownerId"]),
    subnets: all(subnets.map(({ subnet }) => subnet)),
    publicSubnets: all(subnets.filter(({ plan }) => isPublic(plan)).map(({ subnet }) => subnet)),
    privateSubnets: all(subnets.filter(({ plan }) => isPrivate(plan)).map(({ subnet }) => subnet)),
    isolatedSubnets: all(subnets.filter(({ plan }) => isIsolated(plan)).map(({ subnet }) => subnet)),
    publicSubnetIds: ids(isPublic),
    privateSubnetIds: ids(isPrivate),
    isolatedSubnetIds: ids(isIsolated),
    internetGateway: resourceOutput(igw, ["arn"]),
    natGateways: all(parts.natGateways),
    eips: all(parts.eips),
    routeTables: all(parts.routeTables),
    routeTableAssociations: all(parts.associations),
    routes: all(parts.routes),
    subnetLayout: plans
      .filter(({ zone }) => zone === 0)
      .map(({ type, cidrBlock }) => ({ type, cidrMask: Number(cidrBlock.split("/")[1]) })),
    vpcEndpoints: [],
  };
}

const isIsolated = (plan: SubnetPlan) => !isPublic(plan) && !isPrivate(plan);
