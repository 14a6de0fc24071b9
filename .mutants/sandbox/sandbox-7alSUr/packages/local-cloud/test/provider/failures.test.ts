import { describe, expect, it } from "vitest";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";
import { PartialFailure, type Properties } from "../../../pulumi-engine/values/provider.ts";
import { createProvider } from "../../provider/provider.ts";
import { createRecordStore } from "../../provider/records.ts";
import { asProperties, members } from "../../provider/shape.ts";
import { recording, urnOf, type Call } from "./cloud.ts";

const SERVICE = "aws:ecs/service:Service";
const RULE = "aws:lb/listenerRule:ListenerRule";

/** The provider on operations that the test writes. */
function providerOn(operations: { elbv2?: Operations; ecs?: Operations }) {
  const calls: Call[] = [];
  const pauses: number[] = [];
  const provider = createProvider(
    {
      elbv2: recording(operations.elbv2 ?? {}, calls),
      ecs: recording(operations.ecs ?? {}, calls),
      autoScaling: {},
      cloudwatch: {},
      region: "eu-central-1",
      accountId: "000000000000",
      recorded: createRecordStore(),
    },
    {
      pause: (ms) => {
        pauses.push(ms);
        return Promise.resolve();
      },
    },
  );
  return { provider, calls, pauses };
}

/** A service that has these deployments, one description after the other; the last one stays. */
function serviceThatGoes(through: readonly { running: number; deployments: readonly string[] }[]) {
  let described = 0;
  const describe = () => {
    const now = through[Math.min(described++, through.length - 1)];
    const deployments = now?.deployments.map((rolloutState) => ({
      rolloutState,
      rolloutStateReason: "ECS deployment circuit breaker: tasks failed to start.",
    }));
    return {
      serviceArn: "arn:s",
      serviceName: "s",
      status: "ACTIVE",
      desiredCount: 2,
      runningCount: now?.running,
      deployments,
    };
  };
  return {
    CreateService: () => ({ service: describe() }),
    DescribeServices: () => ({ services: [describe()] }),
  };
}

const create = (ecs: Operations, waitForSteadyState: boolean) => {
  const { provider, pauses } = providerOn({ ecs });
  const inputs = { name: "s", cluster: "c", desiredCount: 2, waitForSteadyState };
  return { pauses, done: provider.create({ type: SERVICE, urn: urnOf(SERVICE, "s"), inputs }) };
};

describe("waitForSteadyState", () => {
  const STARTING = { running: 0, deployments: ["IN_PROGRESS"] };
  const ROLLING = { running: 2, deployments: ["IN_PROGRESS", "COMPLETED"] };
  const STEADY = { running: 2, deployments: ["COMPLETED"] };

  it("waits until one deployment is left with all its tasks", async () => {
    const { pauses, done } = create(serviceThatGoes([STARTING, STARTING, ROLLING, STEADY]), true);
    expect((await done).id).toBe("arn:s");
    expect(pauses).toHaveLength(2);
  });

  it("does not wait when it is not asked for", async () => {
    const { pauses, done } = create(serviceThatGoes([STARTING]), false);
    await done;
    expect(pauses).toEqual([]);
  });

  it("says why when the deployment failed for good, and keeps the service that there is", async () => {
    const failed = { running: 0, deployments: ["FAILED"] };
    const { done } = create(serviceThatGoes([STARTING, failed]), true);
    const error = await done.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PartialFailure);
    expect(error).toMatchObject({
      message:
        "the service did not reach a steady state: ECS deployment circuit breaker: tasks failed to start.",
      id: "arn:s",
      outputs: { name: "s", arn: "arn:s" },
    });
  });

  it("gives up after four minutes", async () => {
    const { pauses, done } = create(serviceThatGoes([STARTING]), true);
    await expect(done).rejects.toThrow("within 240 seconds");
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(240_000);
  });
});

/** A rule whose tags cannot be written while `broken`. */
function brokenRule() {
  const tags: Properties = { a: "1" };
  const state: { broken: boolean; weight: unknown } = { broken: true, weight: 100 };
  const actions = () => [
    { Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn: "g", Weight: state.weight }] } },
  ];
  const tagList = () => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const elbv2: Operations = {
    ModifyRule(input) {
      const forward = asProperties(asProperties(members(input["Actions"])[0])["ForwardConfig"]);
      state.weight = asProperties(members(forward["TargetGroups"])[0])["Weight"];
      return {};
    },
    DescribeRules: () => ({
      Rules: [{ RuleArn: "arn:r", Priority: "1", Conditions: [], Actions: actions() }],
    }),
    DescribeTags: () => ({ TagDescriptions: [{ ResourceArn: "arn:r", Tags: tagList() }] }),
    AddTags(input) {
      if (state.broken) throw new AwsError("TooManyTags", "no more tags");
      for (const tag of members(input["Tags"]).map(asProperties)) tags[String(tag["Key"])] = tag["Value"];
      return {};
    },
  };
  const inputs = (weight: number, tag: string): Properties => ({
    listenerArn: "l",
    priority: 1,
    actions: [{ type: "forward", forward: { targetGroups: [{ arn: "g", weight }] } }],
    conditions: [],
    tags: { a: tag },
  });
  return { state, elbv2, inputs };
}

describe("an update that fails half-way", () => {
  const resource = { type: RULE, urn: urnOf(RULE, "r"), id: "arn:r" };

  it("answers what the resource has become, and is finished by the next one", async () => {
    const { state, elbv2, inputs } = brokenRule();
    const { provider, calls } = providerOn({ elbv2 });
    const change = { ...resource, olds: inputs(100, "1"), news: inputs(50, "2"), outputs: { arn: "arn:r" } };
    const failed = await provider.update(change).catch((error: unknown) => error);
    if (!(failed instanceof PartialFailure)) throw failed;
    const { message, id, outputs } = failed;
    expect({ message, id }).toEqual({ message: "TooManyTags: no more tags", id: "arn:r" });
    expect(outputs).toMatchObject({
      actions: [{ forward: { targetGroups: [{ weight: 50 }] } }],
      tags: { a: "1" },
    });

    // The engine has recorded the new inputs with the error, and tries again.
    state.broken = false;
    calls.splice(0);
    const again = await provider.update({ ...resource, olds: change.news, news: change.news, outputs });
    expect(calls.filter(({ operation }) => !operation.startsWith("Describe"))).toEqual([
      { operation: "AddTags", input: { ResourceArns: ["arn:r"], Tags: [{ Key: "a", Value: "2" }] } },
    ]);
    expect(again.outputs["tags"]).toEqual({ a: "2" });
    expect(Object.keys(again.outputs)).not.toContain("__unfinished");
  });

  it("is a plain failure when nothing was changed yet", async () => {
    const { elbv2, inputs } = brokenRule();
    const { provider } = providerOn({ elbv2 });
    const change = { ...resource, olds: inputs(100, "1"), news: inputs(100, "2"), outputs: { arn: "arn:r" } };
    const failed = await provider.update(change).catch((error: unknown) => error);
    expect(failed).not.toBeInstanceOf(PartialFailure);
    expect(failed).toMatchObject({ message: "TooManyTags: no more tags" });
  });
});

describe("an update in general", () => {
  it("leaves what the program does not change alone, even where it has moved since", async () => {
    const updates: Properties[] = [];
    const { provider } = providerOn({
      ecs: {
        UpdateService: (input) => {
          updates.push(input);
          return {};
        },
        DescribeServices: () => ({ services: [{ serviceArn: "arn:s", desiredCount: 5, status: "ACTIVE" }] }),
      },
    });
    const olds = { name: "s", cluster: "c", desiredCount: 1, taskDefinition: "t:1" };
    await provider.update({
      type: SERVICE,
      urn: urnOf(SERVICE, "s"),
      id: "arn:s",
      olds,
      news: { ...olds, taskDefinition: "t:2" },
      // Scaling has moved the number; the program ignores it.
      outputs: { ...olds, arn: "arn:s", desiredCount: 5 },
    });
    expect(updates).toEqual([{ cluster: "c", service: "arn:s", taskDefinition: "t:2" }]);
  });

  it("says that the resource is gone when it is", async () => {
    const { provider } = providerOn({
      ecs: { UpdateService: () => ({}), DescribeServices: () => ({ services: [] }) },
    });
    const olds = { name: "s", cluster: "c" };
    const change = { olds, news: { ...olds, desiredCount: 1 }, outputs: {} };
    await expect(
      provider.update({ type: SERVICE, urn: urnOf(SERVICE, "s"), id: "arn:s", ...change }),
    ).rejects.toThrow("arn:s is gone");
  });

  it("refuses by name what the local cloud has no operation for", async () => {
    const { provider } = providerOn({});
    await expect(
      provider.create({ type: SERVICE, urn: urnOf(SERVICE, "s"), inputs: { name: "s" } }),
    ).rejects.toThrow("NotSimulated: the local cloud does not simulate ECS CreateService");
  });
});
