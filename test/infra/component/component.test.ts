import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { isRecord } from "../../../contract/config/field.ts";
import names from "./names-of-0.1.json" with { type: "json" };
import type { BlueGreenServiceArgs } from "../../../infra/component/blue-green-service.ts";
import { find, NEVER_DEPLOYED, runProgram } from "../../support/pulumi-mocks.ts";
import { HOME } from "../../support/pulumi-mock-calls.ts";
import { IMAGE, ONE_SLOT, TWO_SLOTS, TYPE } from "../configs.ts";
import { LOCAL, ofModel, run } from "./models.ts";

describe("The model that is called as its project", () => {
  test("takes over every resource of a stack of 0.1, none of it twice", async () => {
    const { resources } = await runProgram({ ...TWO_SLOTS, ...LOCAL }, "dev", NEVER_DEPLOYED);
    const former = resources.flatMap(({ type, name, options: { parent, aliases } }) =>
      aliases.map((alias) => {
        expect({ type, name: alias.name, ofStack: alias.isOfStack }).toEqual({
          type,
          name,
          ofStack: parent === undefined,
        });
        return JSON.stringify([parent === undefined ? "" : parent.split("::")[0], type, alias.name]);
      }),
    );
    const recorded = names.map((row) => JSON.stringify(row));
    expect(recorded.filter((row) => former.filter((one) => one === row).length !== 1)).toEqual([]);
  });
});

describe("A name that AWS would refuse", () => {
  const TOO_LONG = "a".repeat(41);
  const allowed =
    "a lower-case letter, then at most 39 lower-case letters, digits and -, which is no provider's name and does not begin with sg- (BG305)";
  const ofProject = "at most 40 letters, digits, - and _, no provider's name, and not sg- at its begin";
  const asProject = (project: string, last: unknown) =>
    runProgram(ONE_SLOT, "dev", last, undefined, [], { ...HOME, project });

  test.each([TOO_LONG, "fraud.model", "sg-fraud", "aws"])(
    "is none for the project of a new stack: %s",
    async (name) => {
      await expect(asProject(name, NEVER_DEPLOYED)).rejects.toThrow(
        `name (in Pulumi.yaml) is ${name}; allowed: ${ofProject}. Fix it: write another name into Pulumi.yaml`,
      );
    },
  );

  test.each(["Fraud_Model", "7-of-9", "a".repeat(40)])(
    "is not every one that only a model could not have, for Pulumi takes it for a project: %s",
    async (name) => {
      expect((await asProject(name, NEVER_DEPLOYED)).outputs).toMatchObject({ model: name });
    },
  );

  test.each([TOO_LONG, "fraud.model", "sg-fraud"])(
    "stays that of a stack that is deployed: %s",
    async (name) => {
      const { outputs } = await runProgram(ONE_SLOT);
      const deployed = isRecord(outputs) ? { ...outputs, model: name } : outputs;
      expect((await asProject(name, deployed)).outputs).toMatchObject({ model: name });
    },
  );

  test("is none for a new model either", async () => {
    await expect(run(ofModel("sg-fraud", ONE_SLOT), ["sg-fraud"])).rejects.toThrow(
      `model is sg-fraud; allowed: ${allowed}. Fix it: give it another name: new BlueGreenService(<name>)`,
    );
  });
});

describe("Two models of one program", () => {
  const config = {
    ...ofModel("fraud", { ...ONE_SLOT, ...LOCAL, network: { priority: 200 } }),
    ...ofModel("credit", { ...TWO_SLOTS, ...LOCAL, activeSlot: "green" }),
  };

  test("read each its own namespace, and share no resource, no hook and no tag", async () => {
    const both = await run(config, ["fraud"], ["credit"]);
    expect(find(both, `${TYPE.rule}::fraud-route`).inputs["priority"]).toBe(200);
    expect(both.resources.filter(({ name }) => name.startsWith("fraud-green"))).not.toContainEqual(
      expect.objectContaining({ type: TYPE.service }),
    );
    expect(find(both, `${TYPE.service}::credit-green`).inputs["desiredCount"]).toBeDefined();
    expect(find(both, `${TYPE.rule}::fraud-route`).options.beforeUpdate).toEqual(["fraud-healthy-first"]);
    expect(find(both, `${TYPE.rule}::credit-route`).options.beforeUpdate).toEqual(["credit-healthy-first"]);
    expect(find(both, `${TYPE.rule}::credit-route`).inputs["tags"]).toMatchObject({
      "deploy:model": "credit",
    });
    const called = both.resources.flatMap(({ inputs, type }) =>
      typeof inputs["name"] === "string" && type !== "aws:appautoscaling/policy:Policy"
        ? [`${type} ${inputs["name"]}`]
        : [],
    );
    expect(called.length).toBe(new Set(called).size);
    expect(both.outputs).toMatchObject({
      fraud: { model: "fraud", activeSlot: "blue" },
      credit: { activeSlot: "green" },
    });
  });

  test("take over nothing that another model may have had", async () => {
    const { resources } = await run(config, ["fraud"], ["credit"]);
    expect(resources.flatMap(({ options }) => options.aliases)).toEqual([]);
  });

  test("are told what is wrong with the key and the verb of the one that it is wrong with", async () => {
    const wrong = { ...config, "credit:greenWeight": "150" };
    await expect(run(wrong, ["fraud"], ["credit"])).rejects.toThrow("config set credit:greenWeight <value>");
  });

  test.each([
    ["fraud", "fraud"],
    ["Fraud", "x"],
    ["aws", "x"],
    ["a:b", "x"],
  ])("may not be called %s and %s", async (one, two) => {
    await expect(run(ofModel(one, { ...ONE_SLOT, ...LOCAL }), [one], [two])).rejects.toThrow(
      "give it another name: new BlueGreenService(<name>)",
    );
  });
});

describe("What a program gives", () => {
  test("is a default, under the stack's configuration, field by field", async () => {
    const args: BlueGreenServiceArgs = { service: { port: 9000, healthPath: "/alive" } };
    const both = await run(ofModel("fraud", { ...ONE_SLOT, ...LOCAL, service: { port: 7000 } }), [
      "fraud",
      args,
    ]);
    expect(find(both, `${TYPE.targetGroup}::fraud-blue-production`).inputs).toMatchObject({
      port: 7000,
      healthCheck: { path: "/alive" },
    });
  });

  test("may be a network of the same program, that only the update will make", async () => {
    const unknown = pulumi.output(
      new Promise<string>((resolve) => setImmediate(() => resolve("vpc-0a1b2c3d"))),
    );
    const network = {
      vpcId: unknown,
      publicSubnetIds: ["subnet-1a", "subnet-2b"],
      taskSubnetIds: ["subnet-1a", "subnet-2b"],
    };
    const made = await run(ofModel("fraud", { ...ONE_SLOT, ...LOCAL }), ["fraud", { network }]);
    expect(find(made, `${TYPE.targetGroup}::fraud-blue-test`).inputs["vpcId"]).toBe("vpc-0a1b2c3d");
    expect(made.resources.some(({ type }) => type === TYPE.vpc)).toBe(false);
  });

  test("has a cluster, security groups and containers of its own", async () => {
    const args: BlueGreenServiceArgs = {
      cluster: { name: "shared", arn: "arn:aws:ecs:us-east-1:123456789012:cluster/shared" },
      taskSecurityGroupIds: ["sg-own"],
      sidecars: { proxy: { image: "proxy:1", essential: false } },
      volumes: [{ name: "models" }],
    };
    const made = await run(ofModel("fraud", { ...ONE_SLOT, ...LOCAL }), ["fraud", args]);
    expect(made.resources.some(({ type }) => type === TYPE.cluster)).toBe(false);
    expect(find(made, `${TYPE.service}::fraud-blue`).inputs).toMatchObject({
      cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/shared",
      networkConfiguration: { securityGroups: ["sg-own"] },
    });
    expect(find(made, `${TYPE.taskDefinition}::fraud-blue`).inputs).toMatchObject({
      containers: { model: { image: IMAGE }, proxy: { image: "proxy:1", name: "proxy" } },
      volumes: [{ name: "models" }],
    });
  });

  test("leaves the model what its sidecars do not take of the task's CPU, and them no more than that", async () => {
    const beside = (cpu: number): BlueGreenServiceArgs => ({
      sidecars: { proxy: { image: "proxy:1", cpu }, logs: { image: "logs:1" } },
    });
    const service = { cpu: 1024, memory: 2048 };
    const made = await run(ofModel("fraud", { ...ONE_SLOT, ...LOCAL, service }), ["fraud", beside(256)]);
    const { containers } = find(made, `${TYPE.taskDefinition}::fraud-blue`).inputs;
    expect(containers).toMatchObject({ model: { cpu: 768 }, proxy: { cpu: 256 } });
    await expect(
      run(ofModel("fraud", { ...ONE_SLOT, ...LOCAL, service }), ["fraud", beside(1024)]),
    ).rejects.toThrow(
      "cpu of sidecars is 1024; allowed: together less than 1024, for the model has the rest of the task's 1024",
    );
  });

  test("gets rights for the images and the secrets of its containers, and those that a transform adds", async () => {
    const secret = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdEf`;
    const args: BlueGreenServiceArgs = {
      sidecars: {
        proxy: {
          image: "123456789012.dkr.ecr.us-east-1.amazonaws.com/proxy:1",
          secrets: [
            { name: "TLS", valueFrom: pulumi.output(secret("tls")) },
            { name: "MODE", valueFrom: "/proxy/mode" },
          ],
        },
        logs: { image: "example.com/logs:1", repositoryCredentials: { credentialsParameter: secret("hub") } },
      },
      transform: {
        container: (given) => ({
          ...given,
          secrets: [{ name: "KEY", valueFrom: `${secret("key")}:json::` }],
        }),
      },
    };
    const made = await run(ofModel("fraud", { ...ONE_SLOT, ...LOCAL }), ["fraud", args]);
    const { executionRole } = find(made, `${TYPE.taskDefinition}::fraud-blue`).inputs;
    const policy = JSON.stringify(executionRole).replaceAll("\\", "");
    expect(policy).toContain("arn:aws:ecr:us-east-1:123456789012:repository/proxy");
    expect(policy).toContain(JSON.stringify([secret("hub"), secret("key"), secret("tls")]));
    expect(policy).toContain(`"Resource":["arn:aws:ssm:*:*:parameter/proxy/mode"]`);
  });

  test("calls no more than an alarm takes, whichever of its two ways says them", async () => {
    const alarmActions = [1, 2, 3, 4, 5, 6].map((n) => `arn:aws:sns:us-east-1:000000000000:t${n}`);
    await expect(
      run(ofModel("fraud", { ...ONE_SLOT, ...LOCAL }), ["fraud", { alarmActions }]),
    ).rejects.toThrow("alarmActions is 6 (6 of alarmActions, 0 of what custom gives back); allowed: at most");
  });

  test("names no container as the component does", async () => {
    const args = { sidecars: { model: { image: "x:1" } } };
    await expect(run(ofModel("fraud", { ...ONE_SLOT, ...LOCAL }), ["fraud", args])).rejects.toThrow(
      "sidecars is model; allowed: other names than model and agent",
    );
  });
});

describe("Options of the component", () => {
  test("are those of all that it makes: protection and provider", async () => {
    const made = await run(ofModel("fraud", { ...ONE_SLOT, ...LOCAL }), ["fraud", {}, { protect: true }]);
    expect(made.resources.filter(({ options }) => !options.protect).map(({ name }) => name)).toEqual([]);
  });
});
