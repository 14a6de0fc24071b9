import * as v from "valibot";
import { onScalableTarget } from "../../access/requires-scaling.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findTarget, scalableTarget, scalingInput } from "../../tasks/resources/scaling.ts";

const Input = v.strictObject(scalableTarget);

export default defineOperation({
  service: "application-autoscaling",
  name: "DeregisterScalableTarget",
  requires: onScalableTarget,
  run(control, raw) {
    const { model } = control;
    const input = scalingInput("DeregisterScalableTarget", Input, raw);
    findTarget(control, input.ResourceId);
    delete model.scalableTargets[input.ResourceId];
    // AWS: deregistering a scalable target deletes the scaling policies that are associated with it.
    for (const [key, policy] of Object.entries(model.scalingPolicies)) {
      if (policy.resourceId === input.ResourceId) delete model.scalingPolicies[key];
    }
    control.changed();
    return {};
  },
});
