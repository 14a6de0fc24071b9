import { describe, expect, test } from "vitest";
import { isRecord } from "../../contract/config/field.ts";
import {
  changesBetween,
  find,
  NEVER_DEPLOYED,
  runProgram,
  type WrittenConfig,
} from "../support/pulumi-mocks.ts";
import { IMAGE, ONE_SLOT, OTHER_IMAGE, TWO_SLOTS, TYPE } from "./configs.ts";

/** What version 0.1 remembered of a task definition. */
const OLD_PARTS = [
  "image",
  "capacity",
  "capacityProvider",
  "gpus",
  "cpu",
  "memory",
  "architecture",
  "port",
  "environment",
  "secrets",
];

/** The outputs of a stack as version 0.1 left them. */
async function outputsOf01(config: WrittenConfig): Promise<unknown> {
  const { outputs } = await runProgram(config);
  return JSON.parse(
    JSON.stringify(outputs, (key, value: unknown) => {
      if (key === "targetGroupPort") return undefined;
      if (key !== "definition" || !isRecord(value)) return value;
      return Object.fromEntries(Object.entries(value).filter(([part]) => OLD_PARTS.includes(part)));
    }),
  );
}

/** A whole copy, other than the template in all that is said here. */
const COPY = {
  port: 9000,
  healthPath: "/v2/health/ready",
  healthMatcher: "200-299",
  healthIntervalSeconds: 30,
  healthTimeoutSeconds: 20,
  healthyThreshold: 3,
  unhealthyThreshold: 5,
  command: ["mlserver", "start"],
  cpu: 1024,
  memory: 2048,
  environment: { A: "1" },
  taskPolicyArns: ["arn:aws:iam::aws:policy/P"],
  startupSeconds: 120,
  requestTimeoutSeconds: 300,
  drainSeconds: 300,
  algorithm: "round_robin",
  slowStartSeconds: 120,
  requestsPerTask: 100,
  cpuTarget: 0,
};
/** Green as a candidate. */
const release = { id: "r-2", slot: "green", digest: OTHER_IMAGE, state: "deployed" };
const frozen = { ...TWO_SLOTS, green: { image: OTHER_IMAGE, modelVersion: "8", service: COPY }, release };

describe("A slot without a copy, as version 0.1 left it", () => {
  test("gets by the first update of this version what it had", async () => {
    const old = await outputsOf01(TWO_SLOTS);
    const run = await runProgram(TWO_SLOTS, "dev", old);
    const { inputs } = find(run, `${TYPE.taskDefinition}::blue`);
    expect(inputs["container"]).toEqual({
      name: "model",
      image: IMAGE,
      essential: true,
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }],
      environment: [{ name: "PORT", value: "8080" }],
      secrets: [],
    });
    const again = await runProgram(TWO_SLOTS, "dev", run.outputs);
    expect(changesBetween(run, again)).toEqual({});
  });

  test("is protected in the very first update already, by what its target group says", async () => {
    const old = await outputsOf01(TWO_SLOTS);
    await expect(runProgram({ ...TWO_SLOTS, service: { healthPath: "/ready" } }, "dev", old)).rejects.toThrow(
      "service.healthPath is /ready; allowed: /health as deployed while blue has users",
    );
    const { calls } = await runProgram(TWO_SLOTS, "dev", old);
    expect(calls).toContain("aws:lb/getTargetGroup:getTargetGroup");
    // From then on it is remembered.
    const first = await runProgram(TWO_SLOTS, "dev", old);
    const second = await runProgram(TWO_SLOTS, "dev", first.outputs);
    expect(second.calls).not.toContain("aws:lb/getTargetGroup:getTargetGroup");
  });

  test("keeps its way to spread requests, of which an earlier version remembered nothing", async () => {
    const old = await outputsOf01(TWO_SLOTS);
    const asked = { ...TWO_SLOTS, service: { algorithm: "least_outstanding_requests" } };
    await expect(runProgram(asked, "dev", old)).rejects.toThrow(
      "service.algorithm is least_outstanding_requests; allowed: round_robin as deployed while blue has users",
    );
  });

  test("keeps its target groups when its next model listens on another port", async () => {
    const old = await outputsOf01(TWO_SLOTS);
    const before = await runProgram({ ...TWO_SLOTS, release }, "dev", old);
    const after = await runProgram(frozen, "dev", before.outputs);
    const group = find(after, `${TYPE.targetGroup}::green-production`).inputs;
    expect(group).toMatchObject({
      port: 8080,
      name: find(before, `${TYPE.targetGroup}::green-production`).inputs["name"],
    });
    const service = find(after, `${TYPE.service}::green`).inputs;
    expect(service["loadBalancers"]).toMatchObject([{ containerPort: 9000 }]);
  });
});

describe("A slot with a copy of its own", () => {
  test("is made of it alone, and the other slot of nothing of it", async () => {
    const before = await runProgram({ ...TWO_SLOTS, release });
    const after = await runProgram(frozen, "dev", before.outputs);
    const changed = Object.keys(changesBetween(before, after)).filter((key) => !/::green/.test(key));
    // What both share: ports and the idle timeout, enough for both.
    expect(changed).toEqual([`${TYPE.securityGroup}::tasks`, `${TYPE.loadBalancer}::lb`].toSorted());
    expect(find(after, `${TYPE.loadBalancer}::lb`).inputs["idleTimeout"]).toBe(300);
    expect(find(after, `${TYPE.securityGroup}::tasks`).inputs["ingress"]).toMatchObject([
      { fromPort: 8080, toPort: 8080 },
      { fromPort: 9000, toPort: 9000 },
    ]);
    expect(find(after, `${TYPE.targetGroup}::green-production`).inputs).toMatchObject({
      deregistrationDelay: 300,
      loadBalancingAlgorithmType: "round_robin",
      slowStart: 120,
      healthCheck: {
        path: "/v2/health/ready",
        matcher: "200-299",
        interval: 30,
        timeout: 20,
        healthyThreshold: 3,
        unhealthyThreshold: 5,
      },
    });
    expect(find(after, `${TYPE.service}::green`).inputs["healthCheckGracePeriodSeconds"]).toBe(120);
    expect(find(after, `${TYPE.taskDefinition}::green`).inputs).toMatchObject({
      cpu: "1024",
      memory: "2048",
      container: {
        command: ["mlserver", "start"],
        environment: [
          { name: "A", value: "1" },
          { name: "PORT", value: "9000" },
        ],
      },
      taskRole: { args: { policyArns: ["arn:aws:iam::aws:policy/P"] } },
    });
    expect(find(after, `${TYPE.scalingPolicy}::green-requests`).inputs).toMatchObject({
      targetTrackingScalingPolicyConfiguration: { targetValue: 100 },
    });
  });

  test("is left alone by every edit of the template", async () => {
    const both = { ...frozen, blue: { ...Object(ONE_SLOT["blue"]), service: { ...COPY, port: 8080 } } };
    const before = await runProgram(both);
    const after = await runProgram(
      { ...both, service: { ...COPY, port: 7000, requestTimeoutSeconds: 900, drainSeconds: 900 } },
      "dev",
      before.outputs,
    );
    expect(changesBetween(before, after)).toEqual({});
  });
});

describe("A slot whose tasks rotate has renewed", () => {
  const AT = "2026-01-01T00:00:00.000Z";
  const own = Object(TWO_SLOTS["blue"]);

  test("has another revision for it, which says nothing to the model, and nothing else changes", async () => {
    const before = await runProgram(TWO_SLOTS);
    const config = { ...TWO_SLOTS, blue: { ...own, rotated: AT }, generation: 1 };
    const after = await runProgram(config);
    expect(Object.keys(changesBetween(before, after))).toEqual([`${TYPE.taskDefinition}::blue`]);
    const { container: was } = find(before, `${TYPE.taskDefinition}::blue`).inputs;
    const { container } = find(after, `${TYPE.taskDefinition}::blue`).inputs;
    expect(container).toEqual({ ...Object(was), dockerLabels: { rotated: AT } });
    expect(changesBetween(after, await runProgram(config, "dev", after.outputs))).toEqual({});
  });
});

describe("What an update asks ECS to run on a slot", () => {
  const own = Object(TWO_SLOTS["blue"]);
  const keptIn = async (config: WrittenConfig, last: unknown) => {
    const run = await runProgram(config, "dev", last);
    return ["blue", "green"].filter((slot) =>
      find(run, `${TYPE.service}::${slot}`).options.ignoreChanges.includes("taskDefinition"),
    );
  };

  test("stays what runs there, whatever a refresh has found, while it is in use and nothing of it changes", async () => {
    const { outputs } = await runProgram(TWO_SLOTS);
    expect(await keptIn(TWO_SLOTS, outputs)).toEqual(["blue", "green"]);
    // Minimum, tags and the other slot are no reason to touch it.
    expect(await keptIn({ ...TWO_SLOTS, blue: { ...own, minTasks: 2 } }, outputs)).toEqual(["blue", "green"]);
  });

  test("is its new model where it is a candidate, and the same model again when that did not start", async () => {
    const { outputs } = await runProgram(TWO_SLOTS);
    const candidate = { ...TWO_SLOTS, green: { image: IMAGE, modelVersion: "9" } };
    expect(await keptIn(candidate, outputs)).toEqual(["blue"]);
    expect(await keptIn({ ...TWO_SLOTS, release }, outputs)).toEqual(["blue"]);
  });

  test("is what a first update says", async () => {
    expect(await keptIn(TWO_SLOTS, NEVER_DEPLOYED)).toEqual([]);
  });
});
