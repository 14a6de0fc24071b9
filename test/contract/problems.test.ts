import { describe, expect, it } from "vitest";
import { showProblems } from "../../contract/checks/problem.ts";
import { DIGEST, problemsOf, running, TOKEN } from "./support/raw.ts";

const SHARED = {
  vpcId: "vpc-1",
  taskSubnetIds: ["subnet-1", "subnet-2"],
  listenerArn: "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/x/1/2",
};
const gate = (name: string) => ({ name, url: "https://example.com/gate" });

describe("one configuration alone shows", () => {
  const cases: readonly { title: string; values: Record<string, unknown>; key: string; fix: string }[] = [
    {
      title: "a leftover weight of the active slot, and the one line that does both",
      values: { ...running, activeSlot: "green", greenWeight: 10 },
      key: "greenWeight",
      fix: "pulumi config set-all --plaintext activeSlot=green --plaintext greenWeight=0",
    },
    {
      title: "a share for an empty slot",
      values: { blue: running.blue, greenWeight: 10 },
      key: "greenWeight",
      fix: "pulumi config set greenWeight 0",
    },
    {
      title: "a share for a slot scaled to zero",
      values: { ...running, green: { image: DIGEST, minTasks: 0 }, greenWeight: 10 },
      key: "greenWeight",
      fix: "pulumi config set greenWeight 0",
    },
    {
      title: "an empty active slot while the other one runs",
      values: { green: running.green },
      key: "activeSlot",
      fix: "pulumi config set activeSlot green",
    },
    {
      title: "an active slot without tasks",
      values: { blue: { image: DIGEST, minTasks: 0 } },
      key: "blue.minTasks",
      fix: "pulumi config set --path blue.minTasks 1",
    },
    {
      title: "more tasks at least than at most",
      values: { ...running, green: { image: DIGEST, minTasks: 5, maxTasks: 2 } },
      key: "green.maxTasks",
      fix: "pulumi config set --path green.maxTasks 5",
    },
    {
      title: "an image by tag on the active slot",
      values: { blue: { image: "digits:2" } },
      key: "blue.image",
      fix: "pulumi config set --path blue.image <repository>@sha256:<digest>",
    },
    {
      title: "an image by tag on a slot that is shifted a share",
      values: { ...running, green: { image: "digits:2" }, greenWeight: 1 },
      key: "green.image",
      fix: "pulumi config set --path green.image <repository>@sha256:<digest>",
    },
    {
      title: "a memory size that Fargate does not have with this CPU",
      values: { service: { cpu: 256, memory: 4096 } },
      key: "service.memory",
      fix: "pulumi config set --path service.memory <MiB>",
    },
    {
      title: "such a size in the overrides of one slot",
      values: { green: { overrides: { cpu: 1024 } } },
      key: "green.overrides.memory",
      fix: "pulumi config set --path green.overrides.memory <MiB>",
    },
    {
      title: "more wildcards than a listener rule takes",
      values: {
        network: {
          ...SHARED,
          pathPatterns: ["/a*/b*/*", "/c*/d*/*/*"],
        },
      },
      key: "network.pathPatterns",
      fix: "pulumi config rm --path 'network.pathPatterns[1]'",
    },
    {
      title: "more wildcards than a listener rule takes, most of them in a host name",
      values: {
        network: { ...SHARED, hostHeaders: ["a.example", "*.*.*.*.*.example"], pathPatterns: ["/*/*"] },
      },
      key: "network.hostHeaders",
      fix: "pulumi config rm --path 'network.hostHeaders[1]'",
    },
    {
      title: "more host names than a listener rule takes, without any test rule",
      values: { network: { ...SHARED, hostHeaders: ["a.b", "b.b", "c.b", "d.b", "e.b", "f.b"] } },
      key: "network.hostHeaders",
      fix: "pulumi config rm --path 'network.hostHeaders[0]'",
    },
    {
      title: "more paths than a test rule takes beside its one address",
      values: {
        testToken: TOKEN,
        service: { testCidrs: ["10.0.0.0/8"] },
        network: { ...SHARED, pathPatterns: ["/a", "/b", "/c"] },
      },
      key: "network.pathPatterns",
      fix: "pulumi config rm --path 'network.pathPatterns[0]'",
    },
    {
      title: "the same subnet twice",
      values: {
        network: {
          vpcId: "vpc-1",
          publicSubnetIds: ["subnet-1", "subnet-2"],
          taskSubnetIds: ["subnet-1", "subnet-1"],
        },
      },
      key: "network.taskSubnetIds",
      fix: "pulumi config set --path 'network.taskSubnetIds[1]' subnet-…",
    },
    {
      title: "a gate of one's own that is called like another one",
      values: { rollout: { customGates: [gate("first"), gate("own"), gate("own")] } },
      key: "rollout.customGates",
      fix: "pulumi config rm --path 'rollout.customGates[2]'",
    },
    {
      title: "a gate of one's own that is called like a built-in one",
      values: { rollout: { customGates: [gate("own"), gate("comparison")] } },
      key: "rollout.customGates",
      fix: "pulumi config rm --path 'rollout.customGates[1]'",
    },
    {
      title: "the same alarm of one's own twice",
      values: { rollout: { alarms: ["a-{slot}", "b", "a-{slot}"] } },
      key: "rollout.alarms",
      fix: "pulumi config rm --path 'rollout.alarms[2]'",
    },
    {
      title: "an alarm of one's own that is called like a gate",
      values: { rollout: { alarms: ["cpu"] } },
      key: "rollout.alarms",
      fix: "pulumi config rm --path 'rollout.alarms[0]'",
    },
    ...["SLOT", "STACK", "MODEL_VERSION", "RELEASE", "PORT"].map((name) => ({
      title: `an environment that sets ${name}, which the container is told`,
      values: {
        ...running,
        green: { image: DIGEST, release: "v1-g1" },
        service: { environment: { [name]: "x" } },
      },
      key: `service.environment.${name}`,
      fix: `pulumi config rm --path service.environment.${name}`,
    })),
    {
      title: "the environment of one slot that sets what this slot is told",
      values: {
        ...running,
        green: { image: DIGEST, release: "v1-g1", overrides: { environment: { SLOT: "x" } } },
      },
      key: "green.overrides.environment.SLOT",
      fix: "pulumi config rm --path green.overrides.environment.SLOT",
    },
    {
      title: "a cohort before the shares on a listener that others share",
      values: {
        network: { ...SHARED, hostHeaders: ["m.example.com"] },
        rollout: { steps: [{ cohort: "internal" }, 100] },
      },
      key: "rollout.steps",
      fix: "pulumi config rm --path 'rollout.steps[0]'",
    },
    {
      title: "steps that do not rise",
      values: { rollout: { steps: [10, 10, 100] } },
      key: "rollout.steps",
      fix: "pulumi config rm --path rollout.steps",
    },
    {
      title: "no step at all",
      values: { rollout: { steps: [] } },
      key: "rollout.steps",
      fix: "pulumi config rm --path rollout.steps",
    },
    {
      title: "a deadline before the end of the bake",
      values: { rollout: { bakeMinutes: 60, deadlineMinutes: 60 } },
      key: "rollout.deadlineMinutes",
      fix: "pulumi config set --path rollout.deadlineMinutes 61",
    },
    {
      title: "a test token that anyone could guess, without repeating it",
      values: { testToken: "short", service: { testCidrs: ["10.0.0.0/8"] } },
      key: "testToken",
      fix: "pulumi config set --secret testToken $(openssl rand -hex 24)",
    },
    {
      title: "a test token over plain HTTP for everyone",
      values: { testToken: TOKEN },
      key: "service.testCidrs",
      fix: "pulumi config set --path 'service.testCidrs[0]' <your address>/32",
    },
    {
      title: "more condition values than a listener rule takes",
      values: { testToken: TOKEN, service: { testCidrs: ["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16"] } },
      key: "service.testCidrs",
      fix: "pulumi config rm --path 'service.testCidrs[0]'",
    },
    {
      title: "an existing VPC without subnets",
      values: { network: { vpcId: "vpc-1", taskSubnetIds: ["subnet-1", "subnet-2"] } },
      key: "network.publicSubnetIds",
      fix: "pulumi config set --path 'network.publicSubnetIds[0]' subnet-…",
    },
    {
      title: "a shared listener without the conditions of the route",
      values: {
        network: SHARED,
      },
      key: "network.hostHeaders",
      fix: "pulumi config set --path 'network.hostHeaders[0]' model.example.com",
    },
    {
      title: "a local cloud that is not on this machine",
      values: { localCloud: "http://10.0.0.1:80" },
      key: "localCloud",
      fix: "pulumi config rm localCloud",
    },
    {
      title: "a certificate on the local cloud",
      values: {
        localCloud: "http://127.0.0.1:4566",
        service: { certificateArn: "arn:aws:acm:eu-west-1:1:certificate/x" },
      },
      key: "service.certificateArn",
      fix: "pulumi config rm --path service.certificateArn",
    },
  ];

  it.each(cases)("$title", ({ values, key, fix }) => {
    const problems = problemsOf(values);
    expect(problems.map((problem) => problem.key)).toEqual([key]);
    expect(problems[0]?.fix).toBe(fix);
    expect(showProblems(problems)).not.toContain('short"');
  });

  it.each([
    {
      title: "an image by tag on an idle slot without a share",
      values: { blue: { image: DIGEST }, green: { image: "digits:2" } },
    },
    {
      title: "an image by tag anywhere on the local cloud",
      values: { localCloud: "http://127.0.0.1:4566", blue: { image: "digits:2" } },
    },
    {
      title: "a test token over plain HTTP on the local cloud",
      values: { localCloud: "http://127.0.0.1:4566", testToken: TOKEN },
    },
    {
      title: "a test token behind HTTPS",
      values: { testToken: TOKEN, service: { certificateArn: "arn:aws:acm:eu-west-1:1:certificate/x" } },
    },
    {
      title: "an environment with a name that the containers of version 0.1 were not told",
      values: { ...running, service: { environment: { RELEASE: "x" } } },
    },
    {
      title: "everything shifted, while the active slot stays of record",
      values: { ...running, greenWeight: 100 },
    },
  ])("nothing against $title", ({ values }) => {
    expect(problemsOf(values)).toEqual([]);
  });
});
