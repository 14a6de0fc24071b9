import type { CreateTargetGroupInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { creatingNamed } from "../../../access/requires-elb.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { AwsError } from "../../../aws-api/errors.ts";
import type { ElbControl } from "../../../gateway/control.ts";
import type { TargetGroupRecord } from "../../../gateway/model.ts";
import { initialAttributes, TARGET_GROUP_ATTRIBUTES } from "../../../gateway/resources/attributes.ts";
import { HEALTH_CHECK_MEMBERS, healthCheckFrom } from "../../../gateway/resources/health-check-settings.ts";
import {
  checkName,
  elbInput,
  integerIn,
  requireText,
  simulatedOnly,
} from "../../../gateway/resources/input.ts";
import { addTags } from "../../../gateway/resources/tags.ts";
import { describeTargetGroups } from "../../../gateway/resources/target-groups.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "CreateTargetGroup",
  requires: creatingNamed("targetgroup"),
  run(control, raw) {
    const { model, changed } = control;
    const input = elbInput<CreateTargetGroupInput>(
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
      raw,
    );
    const wanted = targetGroupFrom(control, input);
    const tags = addTags({}, input.Tags);
    const existing = [...model.targetGroups.values()].find(({ name }) => name === wanted.name);
    // ELB API: "This operation is idempotent": the same settings again succeed, others do not.
    if (existing !== undefined) {
      if (settingsOf(existing) === settingsOf(wanted)) return describeTargetGroups(control, [existing]);
      throw new AwsError(
        "DuplicateTargetGroupName",
        `A target group with the name '${wanted.name}' exists already, with other settings`,
      );
    }
    model.targetGroups.set(wanted.arn, wanted);
    model.tags.set(wanted.arn, tags);
    changed();
    return describeTargetGroups(control, [wanted]);
  },
});

function targetGroupFrom({ arns }: ElbControl, input: CreateTargetGroupInput): TargetGroupRecord {
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
