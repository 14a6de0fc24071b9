import { filters, textsIn } from "../aws/raw.ts";
import { runName, RUN_TAG } from "../things.ts";
import type { Network } from "./base-types.ts";
import type { Context } from "./context.ts";

/** The subnets that were named, or those of the region's default VPC, one in a zone. */
export async function networkOf({ clients: { raw }, subnets }: Context): Promise<Network> {
  const input =
    subnets.length === 0
      ? filters({ "default-for-az": "true" })
      : Object.fromEntries(subnets.map((id, index) => [`SubnetId.${index + 1}`, id]));
  const xml = await raw.query("ec2", "DescribeSubnets", input);
  const [ids, zones, zoneIds, vpcs] = ["subnetId", "availabilityZone", "availabilityZoneId", "vpcId"].map(
    (element) => textsIn(xml, element),
  );
  const found = (ids ?? []).map((id, index) => ({
    id,
    zone: zones?.[index] ?? "",
    zoneId: zoneIds?.[index] ?? "",
  }));
  const vpcId = vpcs?.[0];
  if (vpcId === undefined || new Set(found.map(({ zone }) => zone)).size < 2)
    throw new Error(
      "the region has no default VPC with subnets in two zones: name two public ones with --subnets",
    );
  return { vpcId, subnets: found };
}

/** Open to the address that the run's requests come from alone: strangers' requests would be counted, too. */
export async function securityGroup(
  { clients: { raw }, run, users }: Context,
  { vpcId }: Network,
): Promise<string> {
  const address = await users.address();
  const xml = await raw.query("ec2", "CreateSecurityGroup", {
    GroupName: runName(run),
    GroupDescription: "npm run test:aws",
    VpcId: vpcId,
    "TagSpecification.1.ResourceType": "security-group",
    "TagSpecification.1.Tag.1.Key": RUN_TAG,
    "TagSpecification.1.Tag.1.Value": run,
  });
  const id = textsIn(xml, "groupId")[0];
  if (id === undefined) throw new Error("EC2 gave the security group no id");
  await raw.query("ec2", "AuthorizeSecurityGroupIngress", {
    GroupId: id,
    "IpPermissions.1.IpProtocol": "tcp",
    "IpPermissions.1.FromPort": "80",
    "IpPermissions.1.ToPort": "81",
    "IpPermissions.1.IpRanges.1.CidrIp": `${address}/32`,
    "IpPermissions.2.IpProtocol": "tcp",
    "IpPermissions.2.FromPort": "8080",
    "IpPermissions.2.ToPort": "8080",
    "IpPermissions.2.Groups.1.GroupId": id,
  });
  return id;
}
