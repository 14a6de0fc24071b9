import type { DescribeTargetGroupAttributesOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, it } from "vitest";
import { world } from "../../gateway/support.ts";
import { NOWHERE } from "../../gateway/operations-support.ts";

it("DescribeTargetGroupAttributes answers ELB's defaults, and what was set", async () => {
  const { call, createGroup } = await world();
  const TargetGroupArn = await createGroup("blue");
  const changed = { Key: "slow_start.duration_seconds", Value: "30" };
  await call("ModifyTargetGroupAttributes", { TargetGroupArn, Attributes: [changed] });
  const { Attributes } = await call<DescribeTargetGroupAttributesOutput>("DescribeTargetGroupAttributes", {
    TargetGroupArn,
  });
  expect(Attributes).toContainEqual(changed);
  expect(Attributes).toContainEqual({ Key: "deregistration_delay.timeout_seconds", Value: "300" });
});

it("DescribeTargetGroupAttributes of a target group that is not there is refused", async () => {
  const { call } = await world();
  const TargetGroupArn = `${NOWHERE}:targetgroup/none/1`;
  const none = call("DescribeTargetGroupAttributes", { TargetGroupArn });
  await expect(none).rejects.toMatchObject({ code: "TargetGroupNotFound" });
});
