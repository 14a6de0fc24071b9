import type { DescribeTargetHealthInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ELB_READING } from "../../../access/rate.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find, type TargetGroupRecord } from "../../../gateway/model.ts";
import { elbInput } from "../../../gateway/resources/input.ts";
import { addressesOf } from "../../../gateway/resources/targets.ts";
import type { TargetHealthReport } from "../../../gateway/target-group.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "DescribeTargetHealth",
  rate: ELB_READING,
  run({ model, targets }, raw) {
    const input = elbInput<DescribeTargetHealthInput>(
      "DescribeTargetHealth",
      ["TargetGroupArn", "Targets"],
      raw,
    );
    const group = find(model, "targetGroups", input.TargetGroupArn);
    const asked = addressesOf(group, input.Targets);
    const reports =
      asked.length === 0
        ? targets(group.arn).report()
        : asked.map((address) => targets(group.arn).reportOf(address));
    return { TargetHealthDescriptions: reports.map((report) => describe(group, report)) };
  },
});

function describe(
  group: TargetGroupRecord,
  { address, zone, state, reason, description }: TargetHealthReport,
) {
  const { port } = group.healthCheck;
  return {
    Target: {
      Id: address.host,
      Port: address.port,
      ...(zone === undefined ? {} : { AvailabilityZone: zone }),
    },
    HealthCheckPort: port === "traffic-port" ? String(address.port) : port,
    TargetHealth: {
      State: state,
      ...(reason === undefined ? {} : { Reason: reason }),
      ...(description === undefined ? {} : { Description: description }),
    },
  };
}
