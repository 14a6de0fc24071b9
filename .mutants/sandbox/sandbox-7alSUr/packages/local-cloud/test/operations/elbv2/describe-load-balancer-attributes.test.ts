import type { DescribeLoadBalancerAttributesOutput } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, it } from "vitest";
import { world } from "../../gateway/support.ts";
import { NOWHERE } from "../../gateway/operations-support.ts";

it("DescribeLoadBalancerAttributes answers ELB's defaults, and what was set", async () => {
  const { call, loadBalancerArn: LoadBalancerArn } = await world();
  const changed = { Key: "idle_timeout.timeout_seconds", Value: "30" };
  await call("ModifyLoadBalancerAttributes", { LoadBalancerArn, Attributes: [changed] });
  const { Attributes } = await call<DescribeLoadBalancerAttributesOutput>("DescribeLoadBalancerAttributes", {
    LoadBalancerArn,
  });
  expect(Attributes).toContainEqual(changed);
  expect(Attributes).toContainEqual({ Key: "deletion_protection.enabled", Value: "false" });
});

it("DescribeLoadBalancerAttributes of a load balancer that is not there is refused", async () => {
  const { call } = await world();
  const LoadBalancerArn = `${NOWHERE}:loadbalancer/app/none/1`;
  const none = call("DescribeLoadBalancerAttributes", { LoadBalancerArn });
  await expect(none).rejects.toMatchObject({ code: "LoadBalancerNotFound" });
});
