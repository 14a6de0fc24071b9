import { afterEach, describe, expect, test } from "vitest";
import { PROJECT } from "../../support/project.ts";
import { ROUTE_TAGS, renderForward } from "../../../contract/route/route.ts";
import { awsPorts } from "../../../validation/adapters/aws.ts";
import { elbRoute } from "../../../validation/adapters/route.ts";
import { clientConfig } from "../../../validation/adapters/target.ts";
import { fakeAws, type Answered, type Asked, type FakeAws } from "../support/fake-aws.ts";

let cloud: FakeAws | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});
async function ports(answer: (asked: Asked, count: number) => Answered) {
  cloud = await fakeAws(answer);
  return { ...awsPorts(cloud.target), asked: cloud.asked };
}

describe("target health", () => {
  test("is counted by state", async () => {
    const states = ["healthy", "healthy", "unhealthy", "initial", "draining", "unhealthy.draining", "unused"];
    const members = states.map(
      (state) => `<member><TargetHealth><State>${state}</State></TargetHealth></member>`,
    );
    const { health } = await ports(() => ({
      xml: `<TargetHealthDescriptions>${members.join("")}</TargetHealthDescriptions>`,
    }));
    expect(await health.targets("arn")).toEqual({
      healthy: 2,
      unhealthy: 1,
      initial: 1,
      draining: 2,
      other: 1,
    });
  });
});

describe("zones of targets", () => {
  test("are those that are measured: an address outside the VPC stands in none", async () => {
    const members = ["us-east-1b", "all", "us-east-1a", "us-east-1b"].map(
      (zone) => `<member><Target><AvailabilityZone>${zone}</AvailabilityZone></Target></member>`,
    );
    const { health } = await ports(() => ({
      xml: `<TargetHealthDescriptions>${members.join("")}</TargetHealthDescriptions>`,
    }));
    expect(await health.zones("arn")).toEqual(["us-east-1a", "us-east-1b"]);
  });
});

describe("failed health checks", () => {
  test("are told in the load balancer's words, each once, and of unhealthy targets alone", async () => {
    const target = (state: string, reason: string, description: string) =>
      `<member><TargetHealth><State>${state}</State>${reason}${description}</TargetHealth></member>`;
    const codes = "<Description>Health checks failed with these codes: [500]</Description>";
    const members = [
      target("unhealthy", "<Reason>Target.ResponseCodeMismatch</Reason>", codes),
      target("unhealthy", "<Reason>Target.ResponseCodeMismatch</Reason>", codes),
      target("unhealthy", "<Reason>Target.Timeout</Reason>", ""),
      target("initial", "", "<Description>Initial health checks in progress</Description>"),
    ];
    const { health } = await ports(() => ({
      xml: `<TargetHealthDescriptions>${members.join("")}</TargetHealthDescriptions>`,
    }));
    expect(await health.failedChecks("arn")).toEqual([
      "Health checks failed with these codes: [500]",
      "Target.Timeout: no answer in time, or a security group lets none through (out of the load balancer, or into the tasks)",
    ]);
  });
});

describe("the route", () => {
  const group = (arn: string, weight?: number) =>
    `<member><TargetGroupArn>${arn}</TargetGroupArn>${weight === undefined ? "" : `<Weight>${weight}</Weight>`}</member>`;
  const rule = (groups: string) =>
    `<Rules><member><RuleArn>rule</RuleArn><IsDefault>false</IsDefault><Actions><member><Type>forward</Type><ForwardConfig><TargetGroups>${groups}</TargetGroups></ForwardConfig></member></Actions></member></Rules>`;

  test("is read with its weights; one that is not given is 1", async () => {
    const { route } = await ports(() => ({ xml: rule(group("b", 0) + group("g")) }));
    expect(await route.read("rule")).toEqual({
      routeArn: "rule",
      groups: [
        { arn: "b", weight: 0 },
        { arn: "g", weight: 1 },
      ],
    });
  });

  test("that does not exist is an error", async () => {
    const { route } = await ports(() => ({ error: "RuleNotFound", message: "gone" }));
    await expect(route.read("rule")).rejects.toMatchObject({ code: "BG122", exitCode: 64 });
    await expect(route.read("rule")).rejects.toThrow("gone");
    await cloud?.close();
    const empty = await ports(() => ({ xml: "<Rules></Rules>" }));
    await expect(empty.route.read("rule")).rejects.toThrow("does not know the rule");
  });

  test("is written with both weights and stickiness, in one call", async () => {
    const { route, asked } = await ports(() => ({ xml: "<Rules></Rules>" }));
    await route.write("rule", renderForward({ blue: 100, green: 0 }, { blue: "b", green: "g" }, 600));
    expect(asked).toEqual([
      {
        operation: "ModifyRule",
        input: {
          Version: "2015-12-01",
          RuleArn: "rule",
          "Actions.member.1.Type": "forward",
          "Actions.member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn": "b",
          "Actions.member.1.ForwardConfig.TargetGroups.member.1.Weight": "100",
          "Actions.member.1.ForwardConfig.TargetGroups.member.2.TargetGroupArn": "g",
          "Actions.member.1.ForwardConfig.TargetGroups.member.2.Weight": "0",
          "Actions.member.1.ForwardConfig.TargetGroupStickinessConfig.Enabled": "false",
          "Actions.member.1.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds": "600",
        },
      },
    ]);
  });

  test("is found by its tags among all rules of all listeners", async () => {
    const tag = (key: string, value: string) => `<member><Key>${key}</Key><Value>${value}</Value></member>`;
    const described = (arn: string, tags: string) =>
      `<member><ResourceArn>${arn}</ResourceArn><Tags>${tags}</Tags></member>`;
    const ours = tag(ROUTE_TAGS.stack, "dev") + tag(ROUTE_TAGS.activeSlot, "blue");
    const others = tag(ROUTE_TAGS.stack, "prod") + tag(ROUTE_TAGS.activeSlot, "blue");
    const answers: Record<string, string> = {
      DescribeLoadBalancers:
        "<LoadBalancers><member><LoadBalancerArn>lb</LoadBalancerArn><Type>application</Type></member><member><LoadBalancerArn>nlb</LoadBalancerArn><Type>network</Type></member></LoadBalancers>",
      DescribeListeners: "<Listeners><member><ListenerArn>l</ListenerArn></member></Listeners>",
      DescribeRules:
        "<Rules><member><RuleArn>r1</RuleArn><IsDefault>false</IsDefault></member><member><RuleArn>r2</RuleArn><IsDefault>false</IsDefault></member><member><RuleArn>r0</RuleArn><IsDefault>true</IsDefault></member></Rules>",
      DescribeTags: `<TagDescriptions>${described("r1", others)}${described("r2", ours)}</TagDescriptions>`,
    };
    const { route, asked } = await ports(({ operation }) => ({ xml: answers[operation] ?? "" }));
    expect(await route.find({ project: PROJECT, stack: "dev" })).toEqual(["r2"]);
    expect(asked.filter(({ operation }) => operation === "DescribeListeners")).toHaveLength(1);
  });

  test("is written in the end although the account's calls are throttled: an emergency waits its turn", async () => {
    cloud = await fakeAws((_, count) => (count <= 3 ? { error: "Throttling" } : { xml: "" }));
    const { ElasticLoadBalancingV2Client } = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const client = new ElasticLoadBalancingV2Client({ ...clientConfig(cloud.target), maxAttempts: 1 });
    const waits: number[] = [];
    const backoff = { sleep: async (ms: number) => void waits.push(ms), random: () => 1 };
    const forward = renderForward({ blue: 100, green: 0 }, { blue: "b", green: "g" }, 0);
    await elbRoute(async () => client, backoff).write("rule", forward);
    expect(waits).toEqual([500, 1000, 2000]);
    expect(cloud.asked).toHaveLength(4);
  });
});
