import { ifThere, first, made, type Call } from "../../calls.ts";
import { api, attribute, changedMembers, inline, record, resource } from "../../record-shape.ts";
import type { ResourceType } from "../../resource-type.ts";
import { flag, number, text } from "../../shape.ts";
import { attributeStep, fromAttributes } from "./attributes.ts";
import { elbTags, elbTagStep, readElbTags } from "./tags.ts";

// The defaults of the block are those of the AWS provider, which are not those of the API (5 and 2 in a row).
const healthCheck = record({
  enabled: api("HealthCheckEnabled", flag(), true),
  healthyThreshold: api("HealthyThresholdCount", number(), 3),
  interval: api("HealthCheckIntervalSeconds", number(), 30),
  matcher: api("Matcher.HttpCode", text()),
  path: api("HealthCheckPath", text()),
  port: api("HealthCheckPort", text(), "traffic-port"),
  protocol: api("HealthCheckProtocol", text(), "HTTP"),
  timeout: api("HealthCheckTimeoutSeconds", number()),
  unhealthyThreshold: api("UnhealthyThresholdCount", number(), 3),
});

const stickiness = record({
  enabled: attribute("stickiness.enabled", flag(), true),
  type: attribute("stickiness.type", text()),
  cookieDuration: attribute("stickiness.lb_cookie.duration_seconds", number(), 86_400),
  cookieName: attribute("stickiness.app_cookie.cookie_name", text()),
});

const inputs = resource({
  name: api("Name", text()),
  port: api("Port", number()),
  protocol: api("Protocol", text()),
  protocolVersion: api("ProtocolVersion", text()),
  targetType: api("TargetType", text(), "instance"),
  ipAddressType: api("IpAddressType", text()),
  vpcId: api("VpcId", text()),
  healthCheck: inline(healthCheck),
  tags: api("Tags", elbTags, {}),
  deregistrationDelay: attribute("deregistration_delay.timeout_seconds", number(), 300),
  loadBalancingAlgorithmType: attribute("load_balancing.algorithm.type", text()),
  loadBalancingAnomalyMitigation: attribute("load_balancing.algorithm.anomaly_mitigation", text()),
  loadBalancingCrossZoneEnabled: attribute("load_balancing.cross_zone.enabled", text()),
  slowStart: attribute("slow_start.duration_seconds", number(), 0),
  stickiness: inline(stickiness),
});

export function targetGroupType(call: Call): ResourceType {
  return {
    inputs,
    replacedBy: [
      "name",
      "port",
      "protocol",
      "protocolVersion",
      "targetType",
      "ipAddressType",
      "vpcId",
      "region",
    ],
    identity: ["name"],
    named: { property: "name", maxLength: 32 },
    async create(wanted) {
      const arn = String(
        made(await call("CreateTargetGroup", inputs.toApi(wanted)), "TargetGroups")["TargetGroupArn"],
      );
      return { id: arn, arn };
    },
    steps: [
      attributeStep(inputs, call, "ModifyTargetGroupAttributes", "TargetGroupArn"),
      {
        properties: ["healthCheck"],
        async apply({ arn, news }) {
          // Nothing else that has changed with it: tags have a call of their own.
          const members = changedMembers(inputs, news, new Set(["healthCheck"]));
          await call("ModifyTargetGroup", { TargetGroupArn: arn, ...members });
        },
      },
      elbTagStep(call),
    ],
    async describe({ arn }) {
      const answer = await ifThere(call("DescribeTargetGroups", { TargetGroupArns: [arn] }));
      const found = answer && first(answer, "TargetGroups");
      if (found === undefined) return undefined;
      const attributes = await call("DescribeTargetGroupAttributes", { TargetGroupArn: arn });
      return {
        ...inputs.fromApi({ ...found, Name: found["TargetGroupName"] }),
        ...fromAttributes(inputs, attributes),
        ...(await readElbTags(call, arn)),
        arn,
        arnSuffix: arn.slice(arn.lastIndexOf(":") + 1),
      };
    },
    async delete({ arn }) {
      await ifThere(call("DeleteTargetGroup", { TargetGroupArn: arn }));
    },
  };
}
