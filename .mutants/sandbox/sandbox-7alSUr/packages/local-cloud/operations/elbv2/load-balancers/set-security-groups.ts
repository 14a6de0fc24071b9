import type { SetSecurityGroupsInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { find } from "../../../gateway/model.ts";
import { elbInput } from "../../../gateway/resources/input.ts";

export default defineOperation({
  service: "elasticloadbalancing",
  name: "SetSecurityGroups",
  requires: onMember("LoadBalancerArn"),
  run({ model, changed }, raw) {
    const input = elbInput<SetSecurityGroupsInput>(
      "SetSecurityGroups",
      ["LoadBalancerArn", "SecurityGroups"],
      raw,
    );
    const record = find(model, "loadBalancers", input.LoadBalancerArn);
    const securityGroups = [...(input.SecurityGroups ?? [])];
    model.loadBalancers.set(record.arn, { ...record, securityGroups });
    changed();
    return { SecurityGroupIds: securityGroups };
  },
});
