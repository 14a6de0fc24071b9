import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { awsPorts } from "../../watchdog/aws.ts";

/** The watchdog's ports over a load balancer that gives this answer. */
function portsOver(answer: unknown) {
  const client = { send: async () => answer };
  return awsPorts({
    routeArn: "arn:route",
    // Of the clients the ports use `send` alone.
    elb: client as unknown as ElasticLoadBalancingV2Client,
    cloudWatch: client as unknown as CloudWatchClient,
    now: () => 0,
  });
}

/** TargetHealthStateEnum of the ELBv2 API, with how many of the targets take requests or may again. */
test("counts a target that is on its way out as none, and every other one as registered", async () => {
  const states = [
    "initial",
    "healthy",
    "unhealthy",
    "unhealthy.draining",
    "unused",
    "draining",
    "unavailable",
  ];
  const descriptions = states.map((State) => ({ TargetHealth: { State } }));
  const registered = await portsOver({ TargetHealthDescriptions: descriptions }).registered("arn:group");
  expect(registered).toBe(5);
  const draining = { TargetHealthDescriptions: [{ TargetHealth: { State: "draining" } }] };
  expect(await portsOver(draining).registered("arn:group")).toBe(0);
});

test("takes a target group without a weight for one of weight 1, as the ELBv2 API does", async () => {
  const TargetGroups = [{ TargetGroupArn: "arn:blue" }, { TargetGroupArn: "arn:green", Weight: 0 }];
  const Actions = [{ Type: "forward", ForwardConfig: { TargetGroups } }];
  expect(await portsOver({ Rules: [{ Actions }] }).read()).toEqual({
    routeArn: "arn:route",
    groups: [
      { arn: "arn:blue", weight: 1 },
      { arn: "arn:green", weight: 0 },
    ],
  });
});
