import * as v from "valibot";
import { onScalableTarget, onScalingAlarm } from "../../access/requires-scaling.ts";
import { all } from "../../access/requires.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { AwsError } from "../../aws-api/errors.ts";
import { text } from "../../tasks/resources/input.ts";
import { policyKey, scalableTarget, scalingInput } from "../../tasks/resources/scaling.ts";

const Input = v.strictObject({ ...scalableTarget, PolicyName: text });

export default defineOperation({
  service: "application-autoscaling",
  name: "DeleteScalingPolicy",
  requires: all(onScalableTarget, onScalingAlarm("cloudwatch:DeleteAlarms")),
  run(control, raw) {
    const { model } = control;
    const input = scalingInput("DeleteScalingPolicy", Input, raw);
    const key = policyKey(input.ResourceId, input.PolicyName);
    if (model.scalingPolicies[key] === undefined) {
      throw new AwsError("ObjectNotFoundException", `No scaling policy found for ${key}`);
    }
    delete model.scalingPolicies[key];
    control.changed();
    return {};
  },
});
