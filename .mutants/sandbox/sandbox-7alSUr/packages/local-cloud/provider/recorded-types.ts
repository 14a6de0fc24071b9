import type { Properties } from "../../pulumi-engine/values/provider.ts";
import type { Made, RecordedType } from "./recorded-outputs.ts";
import { SERVICE_TYPES } from "./recorded-services.ts";
import { sdkType } from "./sdk-types.ts";
import { notKnown } from "./unknown-outputs.ts";

/** An EC2 resource: an id with a prefix, and an ARN in EC2 that ends in it. */
function ec2(
  prefix: string,
  kind: string,
  replacedBy: readonly string[] = [],
  more: (made: Made & { readonly id: string }) => Properties = () => ({}),
): RecordedType {
  return {
    replacedBy,
    outputs(made) {
      const id = `${prefix}-${made.hex}`;
      return { id, arn: made.arn("ec2", `${kind}/${id}`), ownerId: made.accountId, ...more({ ...made, id }) };
    },
  };
}

const named = (property: string, maxLength: number) => ({ property, maxLength });
const text = (value: unknown) => (typeof value === "string" ? value : "");

/** Plausible outputs of the types that stacks use beside the simulated ones. */
const RECORDED: Readonly<Record<string, RecordedType>> = {
  ...SERVICE_TYPES,
  "aws:ec2/vpc:Vpc": ec2("vpc", "vpc", ["cidrBlock"], ({ hex }) => ({
    enableDnsSupport: true,
    enableDnsHostnames: false,
    instanceTenancy: "default",
    mainRouteTableId: `rtb-${hex}`,
    defaultRouteTableId: `rtb-${hex}`,
    defaultSecurityGroupId: `sg-${hex}`,
    defaultNetworkAclId: `acl-${hex}`,
    // Without IPv6 these are empty, not absent: what is absent counts as not known yet in a preview, and awsx makes
    // inputs of its subnets from it.
    ipv6CidrBlock: "",
    ipv6AssociationId: "",
  })),
  "aws:ec2/subnet:Subnet": ec2(
    "subnet",
    "subnet",
    ["vpcId", "cidrBlock", "availabilityZone"],
    ({ region }) => ({
      availabilityZone: `${region}a`,
      mapPublicIpOnLaunch: false,
    }),
  ),
  "aws:ec2/internetGateway:InternetGateway": ec2("igw", "internet-gateway"),
  "aws:ec2/routeTable:RouteTable": ec2("rtb", "route-table", ["vpcId"]),
  "aws:ec2/route:Route": ec2("r", "route", ["routeTableId", "destinationCidrBlock"], () => ({
    state: "active",
    origin: "CreateRoute",
  })),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": ec2("rtbassoc", "route-table-association", [
    "subnetId",
    "gatewayId",
  ]),
  "aws:ec2/natGateway:NatGateway": ec2("nat", "natgateway", ["subnetId", "allocationId"]),
  "aws:ec2/eip:Eip": ec2("eipalloc", "elastic-ip", [], ({ id }) => ({
    allocationId: id,
    domain: "vpc",
    // RFC 5737: addresses for documentation, which lead nowhere.
    publicIp: "192.0.2.1",
  })),
  "aws:ec2/securityGroup:SecurityGroup": {
    ...ec2("sg", "security-group", ["name", "description", "vpcId"], () => ({
      description: "Managed by Pulumi",
    })),
    named: named("name", 255),
  },
  "aws:ec2/securityGroupRule:SecurityGroupRule": ec2("sgrule", "security-group-rule"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2(
    "sgr",
    "security-group-rule",
    ["securityGroupId"],
    ({ id }) => ({ securityGroupRuleId: id }),
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2(
    "sgr",
    "security-group-rule",
    ["securityGroupId"],
    ({ id }) => ({ securityGroupRuleId: id }),
  ),
  "aws:iam/role:Role": {
    named: named("name", 64),
    replacedBy: ["name", "path"],
    outputs: ({ inputs, arn, hex }) => ({
      id: text(inputs["name"]),
      arn: arn("iam", `role${pathOf(inputs)}${text(inputs["name"])}`, ""),
      uniqueId: `AROA${hex.toUpperCase()}`,
      path: "/",
      maxSessionDuration: 3600,
    }),
  },
  "aws:iam/policy:Policy": {
    named: named("name", 128),
    replacedBy: ["name", "path"],
    outputs({ inputs, arn, hex }) {
      const id = arn("iam", `policy${pathOf(inputs)}${text(inputs["name"])}`, "");
      return { id, arn: id, policyId: `ANPA${hex.toUpperCase()}`, path: "/" };
    },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    replacedBy: ["role", "policyArn"],
    outputs: ({ inputs, hex }) => ({ id: `${text(inputs["role"])}-${hex}` }),
  },
  "aws:iam/rolePolicy:RolePolicy": {
    named: named("name", 128),
    replacedBy: ["name", "role"],
    outputs: ({ inputs }) => ({ id: `${text(inputs["role"])}:${text(inputs["name"])}` }),
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    named: named("name", 512),
    replacedBy: ["name"],
    outputs: ({ inputs, arn }) => ({
      id: text(inputs["name"]),
      arn: arn("logs", `log-group:${text(inputs["name"])}`),
      retentionInDays: 0,
    }),
  },
  "aws:lambda/function:Function": {
    named: named("name", 64),
    replacedBy: ["name"],
    outputs({ inputs, arn }) {
      const name = text(inputs["name"]);
      const own = arn("lambda", `function:${name}`);
      return { id: name, arn: own, qualifiedArn: `${own}:$LATEST`, version: "$LATEST" };
    },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    named: named("name", 64),
    replacedBy: ["name", "eventBusName"],
    outputs: ({ inputs, arn }) => ({
      id: text(inputs["name"]),
      arn: arn("events", `rule/${text(inputs["name"])}`),
      eventBusName: "default",
      state: "ENABLED",
    }),
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    replacedBy: ["rule", "targetId", "eventBusName"],
    outputs: ({ inputs }) => ({
      id: `${text(inputs["rule"])}-${text(inputs["targetId"])}`,
      eventBusName: "default",
    }),
  },
};

function pathOf(inputs: Properties): string {
  return text(inputs["path"]) || "/";
}

/**
 * What is known of a type; for one that nothing is known of, an id, and an ARN in the service of the type's name. What
 * else AWS would compute is a text that says so: a program that goes on with it must not go on with nothing.
 */
export function recordedAs(type: string): RecordedType {
  const known = Object.hasOwn(RECORDED, type) ? RECORDED[type] : undefined;
  const computed = sdkType(type)?.computed ?? [];
  const [, module = "", name = ""] = type.split(":");
  return {
    ...known,
    outputs(made) {
      const { arn, hex } = made;
      const madeUp = `${name.toLowerCase()}-${hex}`;
      const found = known?.outputs(made) ?? {
        id: madeUp,
        arn: arn(module.split("/")[0] ?? "", `${name.toLowerCase()}/${madeUp}`),
      };
      const missing = known !== undefined && !Object.hasOwn(SERVICE_TYPES, type) ? [] : computed;
      const texts = missing
        .filter((output) => output !== "tagsAll")
        .map((output) => [output, notKnown(type, output)]);
      return { ...Object.fromEntries(texts), ...found };
    },
  };
}
