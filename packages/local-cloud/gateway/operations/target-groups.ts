import type {
  CreateTargetGroupInput,
  DeleteTargetGroupInput,
  DescribeTargetGroupAttributesInput,
  DescribeTargetGroupsInput,
  ModifyTargetGroupAttributesInput,
  ModifyTargetGroupInput,
  TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { find, loadBalancersByGroup, notFound } from "../model.ts";
import type { TargetGroupRecord } from "../model.ts";
import { slowStartMs } from "../slow-start.ts";
import { TARGET_GROUP_ATTRIBUTES, initialAttributes, listAttributes, setAttributes } from "./attributes.ts";
import type { Control } from "./control.ts";
import { HEALTH_CHECK_MEMBERS, healthCheckFrom } from "./health-check-settings.ts";
import { checkName, integerIn, operation, page, requireText, simulatedOnly } from "./input.ts";
import { addTags } from "./tags.ts";

export function targetGroupOperations(control: Control): Operations {
  const { model, changed } = control;
  return {
    CreateTargetGroup: operation<CreateTargetGroupInput>(
      "CreateTargetGroup",
      [
        "Name",
        "Protocol",
        "ProtocolVersion",
        "Port",
        "VpcId",
        "TargetType",
        "Tags",
        "IpAddressType",
        ...HEALTH_CHECK_MEMBERS,
      ],
      (input) => {
        const wanted = targetGroupFrom(control, input);
        const tags = addTags({}, input.Tags);
        const existing = [...model.targetGroups.values()].find(({ name }) => name === wanted.name);
        // ELB API: "This operation is idempotent": the same settings again succeed, others do not.
        if (existing !== undefined) {
          if (settingsOf(existing) === settingsOf(wanted)) return describe(control, [existing]);
          throw new AwsError(
            "DuplicateTargetGroupName",
            `A target group with the name '${wanted.name}' exists already, with other settings`,
          );
        }
        model.targetGroups.set(wanted.arn, wanted);
        model.tags.set(wanted.arn, tags);
        changed();
        return describe(control, [wanted]);
      },
    ),
    ModifyTargetGroup: operation<ModifyTargetGroupInput>(
      "ModifyTargetGroup",
      ["TargetGroupArn", ...HEALTH_CHECK_MEMBERS],
      (input) => {
        const record = find(model, "targetGroups", input.TargetGroupArn);
        const next = { ...record, healthCheck: healthCheckFrom(input, record.healthCheck) };
        model.targetGroups.set(record.arn, next);
        changed();
        return describe(control, [next]);
      },
    ),
    ModifyTargetGroupAttributes: operation<ModifyTargetGroupAttributesInput>(
      "ModifyTargetGroupAttributes",
      ["TargetGroupArn", "Attributes"],
      (input) => {
        const record = find(model, "targetGroups", input.TargetGroupArn);
        refuseTargetStickiness(control, record, input);
        const attributes = setAttributes(TARGET_GROUP_ATTRIBUTES, record.attributes, input.Attributes);
        refuseSlowStart(attributes);
        model.targetGroups.set(record.arn, { ...record, attributes });
        changed();
        return { Attributes: listAttributes(attributes) };
      },
    ),
    DescribeTargetGroupAttributes: operation<DescribeTargetGroupAttributesInput>(
      "DescribeTargetGroupAttributes",
      ["TargetGroupArn"],
      (input) => ({
        Attributes: listAttributes(find(model, "targetGroups", input.TargetGroupArn).attributes),
      }),
    ),
    DescribeTargetGroups: operation<DescribeTargetGroupsInput>(
      "DescribeTargetGroups",
      ["LoadBalancerArn", "TargetGroupArns", "Names", "Marker", "PageSize"],
      (input) => {
        const { items, NextMarker } = page(selected(control, input), input);
        return { ...describe(control, items), NextMarker };
      },
    ),
    DeleteTargetGroup: operation<DeleteTargetGroupInput>("DeleteTargetGroup", ["TargetGroupArn"], (input) => {
      const arn = requireText("TargetGroupArn", input.TargetGroupArn);
      if (loadBalancersByGroup(model).has(arn))
        throw new AwsError(
          "ResourceInUse",
          `Target group '${arn}' is currently in use by a listener or a rule`,
        );
      model.targetGroups.delete(arn);
      model.tags.delete(arn);
      changed();
      return {};
    }),
  };
}

/**
 * ELB guide: target stickiness in a multi-group forward needs group stickiness. It is not simulated at all, but the
 * service's own refusal comes first, where it applies, because it is the one that holds on AWS too.
 */
function refuseTargetStickiness(
  { model }: Control,
  { arn }: TargetGroupRecord,
  { Attributes: attributes = [] }: ModifyTargetGroupAttributesInput,
): void {
  if (!attributes.some(({ Key, Value }) => Key === "stickiness.enabled" && Value === "true")) return;
  for (const { action } of model.rules.values()) {
    if (action.type !== "forward" || action.groups.length === 1 || action.stickiness.enabled) continue;
    if (action.groups.some((group) => group.arn === arn))
      throw new AwsError(
        "InvalidConfigurationRequest",
        "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups",
      );
  }
}

/** ELB guide, slow start mode: not with least outstanding requests, and not with weighted random. */
function refuseSlowStart(attributes: Readonly<Record<string, string>>): void {
  const algorithm = attributes["load_balancing.algorithm.type"] ?? "round_robin";
  if (slowStartMs(attributes) === 0 || algorithm === "round_robin") return;
  throw new AwsError(
    "InvalidConfigurationRequest",
    `You cannot enable slow start mode with the routing algorithm '${algorithm}'`,
  );
}

function targetGroupFrom({ arns }: Control, input: CreateTargetGroupInput): TargetGroupRecord {
  const name = checkName("Target group", input.Name);
  simulatedOnly("target group protocol", requireText("Protocol", input.Protocol), ["HTTP"]);
  simulatedOnly("target group protocol version", input.ProtocolVersion, ["HTTP1"]);
  // ELB API: the default is `instance`, which is not simulated, so it has to be said.
  simulatedOnly("target type", input.TargetType ?? "instance", ["ip"]);
  simulatedOnly("IP address type", input.IpAddressType, ["ipv4"]);
  return {
    arn: arns.targetGroup(name),
    name,
    port: integerIn("Port", input.Port, 1, 65_535),
    vpcId: requireText("VpcId", input.VpcId),
    healthCheck: healthCheckFrom(input),
    attributes: initialAttributes(TARGET_GROUP_ATTRIBUTES),
  };
}

function settingsOf({ port, vpcId, healthCheck }: TargetGroupRecord): string {
  return JSON.stringify([port, vpcId, healthCheck]);
}

function selected({ model }: Control, input: DescribeTargetGroupsInput): TargetGroupRecord[] {
  const { TargetGroupArns: arns = [], Names: names = [], LoadBalancerArn: loadBalancerArn } = input;
  if (arns.length > 0) return arns.map((arn) => find(model, "targetGroups", arn));
  const all = [...model.targetGroups.values()];
  if (loadBalancerArn !== undefined) {
    find(model, "loadBalancers", loadBalancerArn);
    const byGroup = loadBalancersByGroup(model);
    return all.filter(({ arn }) => byGroup.get(arn) === loadBalancerArn);
  }
  if (names.length === 0) return all;
  return names.map((wanted) => {
    const record = all.find(({ name }) => name === wanted);
    if (record === undefined) throw notFound("targetGroups", wanted);
    return record;
  });
}

function describe(
  { model }: Control,
  records: readonly TargetGroupRecord[],
): { TargetGroups: TargetGroup[] } {
  const byGroup = loadBalancersByGroup(model);
  return {
    TargetGroups: records.map(({ arn, name, port, vpcId, healthCheck }) => {
      const loadBalancerArn = byGroup.get(arn);
      return {
        TargetGroupArn: arn,
        TargetGroupName: name,
        Protocol: "HTTP",
        Port: port,
        VpcId: vpcId,
        HealthCheckProtocol: "HTTP",
        HealthCheckPort: healthCheck.port,
        HealthCheckEnabled: true,
        HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
        HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
        HealthyThresholdCount: healthCheck.healthyThreshold,
        UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
        HealthCheckPath: healthCheck.path,
        Matcher: { HttpCode: healthCheck.matcher },
        LoadBalancerArns: loadBalancerArn === undefined ? [] : [loadBalancerArn],
        TargetType: "ip",
        ProtocolVersion: "HTTP1",
        IpAddressType: "ipv4",
      };
    }),
  };
}
