import { arnOf } from "../arn.ts";
import { alarmArn } from "./requires-alarms.ts";
import { requestTags, text, type Requires } from "./requires.ts";

/** The scalable target of a call. A policy cannot name it: its ARN has a random id. */
export const onScalableTarget: Requires = ({ region, input, action }) => [
  {
    action,
    resource: arnOf("application-autoscaling", region, "scalable-target/any"),
    context: {
      "application-autoscaling:service-namespace": text(input["ServiceNamespace"]),
      ...requestTags(input),
    },
  },
];

/** Target tracking handles alarms of its own in the caller's name (ECS developer guide, Service Auto Scaling). */
export const onScalingAlarm =
  (action: string): Requires =>
  (ground) => {
    const resource = alarmArn(ground, `TargetTracking-${text(ground.input["ResourceId"])}-any`);
    return [{ action, resource, context: {} }];
  };
