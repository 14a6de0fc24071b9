import { expect, it } from "vitest";
import { go } from "../../../tools/aws-run/go.ts";
import { MODELLED, type Service } from "../../support/aws-models/operations.ts";
import { findingsOf } from "../../support/aws-models/validate.ts";
import { autoClock } from "./support/auto-clock.ts";
import { GO, machine } from "./support/machine.ts";
import { ScriptedAccount } from "./support/scripted-account.ts";

// EC2's and IAM's inputs are those of the query protocol, flat already; no model here knows that form.
const SERVICES: Readonly<Record<string, Service>> = {
  acm: "acm",
  cloudWatch: "cloudwatch",
  ecs: "ecs",
  elb: "elasticloadbalancing",
};

it("a run asks AWS for nothing that AWS's own models and rules refuse, but for what it wants refused", async () => {
  const account = new ScriptedAccount(autoClock());
  const images = {
    one: "public.ecr.aws/docker/library/node:22-alpine",
    two: "public.ecr.aws/docker/library/node:24-alpine",
  };
  await go(
    { ...GO, images, steps: GO.steps.filter(({ lane }) => lane !== "release") },
    machine(account.process()),
  );
  const checked = new Set<string>();
  const findings = account.asked.flatMap(({ name, input }) => {
    const [prefix = "", operation = ""] = name.split(" ");
    const service = SERVICES[prefix];
    const known: readonly string[] = service === undefined ? [] : MODELLED[service].operations;
    if (service === undefined || !known.includes(operation)) return [];
    checked.add(name);
    return findingsOf(service, operation, input);
  });
  expect([...checked]).toEqual(
    expect.arrayContaining([
      "acm RequestCertificate",
      "cloudWatch GetMetricData",
      "cloudWatch PutMetricAlarm",
      "ecs CreateService",
      "ecs RegisterTaskDefinition",
      "elb CreateLoadBalancer",
      "elb CreateRule",
      "elb CreateTargetGroup",
    ]),
  );
  expect([...new Set(findings)].toSorted()).toEqual([
    // The beliefs ten-decimals, path-characters, host-name-dot and internal-ipv4.
    'cloudwatch:GetMetricData MetricDataQueries[0].MetricStat.Stat: "TC(0.12345678901:)"; allowed: a statistic',
    // The product's own tasks have logs and private images; one with neither needs no such role (ECS guide, "Amazon ECS
    // task execution IAM role").
    "ecs:RegisterTaskDefinition executionRoleArn: nothing; allowed: a value, it is required",
    'elasticloadbalancing:CreateLoadBalancer IpAddressType: "dualstack"; allowed: ipv4 with an internal load balancer',
    expect.stringContaining('"/a%b"; allowed: a path pattern'),
    expect.stringContaining('"localhost"; allowed: a host name'),
  ]);
});
