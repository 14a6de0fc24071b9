import type { Properties } from "../../../pulumi-engine/values/provider.ts";
import { ifThere, first, type Call } from "../calls.ts";
import { api, own, record, resource } from "../record-shape.ts";
import type { ResourceType } from "../resource-type.ts";
import { flag, list, number, text, textMap } from "../shape.ts";

const SCALABLE = {
  resourceId: api("ResourceId", text()),
  scalableDimension: api("ScalableDimension", text()),
  serviceNamespace: api("ServiceNamespace", text()),
} as const;

const targetInputs = resource({
  ...SCALABLE,
  maxCapacity: api("MaxCapacity", number()),
  minCapacity: api("MinCapacity", number()),
  roleArn: api("RoleARN", text()),
  suspendedState: api(
    "SuspendedState",
    record({
      dynamicScalingInSuspended: api("DynamicScalingInSuspended", flag(), false),
      dynamicScalingOutSuspended: api("DynamicScalingOutSuspended", flag(), false),
      scheduledScalingSuspended: api("ScheduledScalingSuspended", flag(), false),
    }),
  ),
  // The local cloud keeps no tags of scalable targets: they stay with the provider.
  tags: own(textMap(), {}),
});

export function scalableTargetType(call: Call): ResourceType {
  // Application Auto Scaling API: registering again changes what is given.
  const register = async (inputs: Properties) =>
    String((await call("RegisterScalableTarget", targetInputs.toApi(inputs)))["ScalableTargetARN"]);
  return {
    inputs: targetInputs,
    replacedBy: ["resourceId", "scalableDimension", "serviceNamespace", "roleArn", "region"],
    identity: ["resourceId", "scalableDimension", "serviceNamespace"],
    async create(wanted) {
      return { id: String(wanted["resourceId"]), arn: await register(wanted) };
    },
    steps: [
      {
        properties: ["maxCapacity", "minCapacity", "suspendedState"],
        async apply({ news }) {
          await register(news);
        },
      },
    ],
    async describe({ id, state }) {
      const answer = await call("DescribeScalableTargets", {
        ServiceNamespace: state["serviceNamespace"],
        ScalableDimension: state["scalableDimension"],
        ResourceIds: [id],
      });
      const found = first(answer, "ScalableTargets");
      return (
        found && {
          ...targetInputs.fromApi(found),
          tagsAll: state["tags"] ?? {},
          arn: found["ScalableTargetARN"],
        }
      );
    },
    async delete({ id, state }) {
      const { ServiceNamespace, ScalableDimension } = targetInputs.toApi(state);
      await ifThere(
        call("DeregisterScalableTarget", { ServiceNamespace, ScalableDimension, ResourceId: id }),
      );
    },
  };
}

const policyInputs = resource({
  ...SCALABLE,
  name: api("PolicyName", text()),
  policyType: api("PolicyType", text(), "StepScaling"),
  targetTrackingScalingPolicyConfiguration: api(
    "TargetTrackingScalingPolicyConfiguration",
    record({
      targetValue: api("TargetValue", number()),
      disableScaleIn: api("DisableScaleIn", flag(), false),
      scaleInCooldown: api("ScaleInCooldown", number()),
      scaleOutCooldown: api("ScaleOutCooldown", number()),
      predefinedMetricSpecification: api(
        "PredefinedMetricSpecification",
        record({
          predefinedMetricType: api("PredefinedMetricType", text()),
          resourceLabel: api("ResourceLabel", text()),
        }),
      ),
      customizedMetricSpecification: api(
        "CustomizedMetricSpecification",
        record({
          metricName: api("MetricName", text()),
          namespace: api("Namespace", text()),
          statistic: api("Statistic", text()),
          unit: api("Unit", text()),
          dimensions: api(
            "Dimensions",
            list(record({ name: api("Name", text()), value: api("Value", text()) })),
          ),
        }),
      ),
    }),
  ),
});

export function scalingPolicyType(call: Call): ResourceType {
  return {
    inputs: policyInputs,
    replacedBy: ["name", "resourceId", "scalableDimension", "serviceNamespace", "region"],
    identity: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
    named: { property: "name", maxLength: 255 },
    async create(wanted) {
      const answer = await call("PutScalingPolicy", policyInputs.toApi(wanted));
      return { id: String(wanted["name"]), arn: String(answer["PolicyARN"]) };
    },
    steps: [
      {
        properties: ["policyType", "targetTrackingScalingPolicyConfiguration"],
        async apply({ news }) {
          await call("PutScalingPolicy", policyInputs.toApi(news));
        },
      },
    ],
    async describe({ id, state }) {
      const { ServiceNamespace, ScalableDimension, ResourceId } = policyInputs.toApi(state);
      const answer = await call("DescribeScalingPolicies", {
        PolicyNames: [id],
        ServiceNamespace,
        ScalableDimension,
        ResourceId,
      });
      const found = first(answer, "ScalingPolicies");
      return found && { ...policyInputs.fromApi(found), arn: found["PolicyARN"], alarmArns: [] };
    },
    async delete({ id, state }) {
      const { ServiceNamespace, ScalableDimension, ResourceId } = policyInputs.toApi(state);
      await ifThere(
        call("DeleteScalingPolicy", { PolicyName: id, ServiceNamespace, ScalableDimension, ResourceId }),
      );
    },
  };
}
