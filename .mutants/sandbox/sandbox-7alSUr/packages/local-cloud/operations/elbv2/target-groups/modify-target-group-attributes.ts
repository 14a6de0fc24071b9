import type { ModifyTargetGroupAttributesInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { AwsError } from "../../../aws-api/errors.ts";
import type { ElbControl } from "../../../gateway/control.ts";
import { find, type TargetGroupRecord } from "../../../gateway/model.ts";
import {
  listAttributes,
  setAttributes,
  TARGET_GROUP_ATTRIBUTES,
} from "../../../gateway/resources/attributes.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { slowStartMs } from "../../../gateway/slow-start.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "ModifyTargetGroupAttributes",
  requires: onMember("TargetGroupArn"),
  run(control, raw) {
    const { model, changed } = control;
    const input = elbInput<ModifyTargetGroupAttributesInput>(
      "ModifyTargetGroupAttributes",
      ["TargetGroupArn", "Attributes"],
      raw,
    );
    const record = find(model, "targetGroups", input.TargetGroupArn);
    refuseTargetStickiness(control, record, input);
    const attributes = setAttributes(TARGET_GROUP_ATTRIBUTES, record.attributes, input.Attributes);
    refuseSlowStart(attributes);
    model.targetGroups.set(record.arn, { ...record, attributes });
    changed();
    return { Attributes: listAttributes(attributes) };
  },
});

/**
 * ELB guide: target stickiness in a multi-group forward needs group stickiness. It is not simulated at all, but the
 * service's own refusal comes first, where it applies, because it is the one that holds on AWS too.
 */
function refuseTargetStickiness(
  { model }: ElbControl,
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
