import { describe, expect, test } from "vitest";
import { ALARM_KEYS } from "../../contract/alarms/alarm-catalog.ts";
import { isRecord } from "../../contract/config/field.ts";
import { parseOutputs } from "../../contract/names/outputs.ts";
import { changesBetween, find, keysOf, runProgram } from "../support/pulumi-mocks.ts";
import { DIGEST, EMPTY, IMAGE, ONE_SLOT, OTHER_IMAGE, TOKEN, TWO_SLOTS, TYPE } from "./configs.ts";

const ALWAYS = [
  "pulumi:index:Stash::names",
  `${TYPE.vpc}::network`,
  `${TYPE.loadBalancer}::lb`,
  `${TYPE.securityGroup}::lb`,
  `${TYPE.securityGroup}::tasks`,
  `${TYPE.listener}::listener`,
  `${TYPE.rule}::route`,
  `${TYPE.cluster}::cluster`,
  `${TYPE.dashboard}::dashboard`,
  ...(["logGroup", "role", "function", "invokeConfig", "eventRule", "eventTarget"] as const).map(
    (kind) => `${TYPE[kind]}::watchdog`,
  ),
  ...["blue", "green", "schedule"].map((caller) => `${TYPE.permission}::watchdog-${caller}`),
  ...["blue", "green"].flatMap((slot) => [
    `${TYPE.slot}::${slot}`,
    `${TYPE.targetGroup}::${slot}-production`,
    `${TYPE.targetGroup}::${slot}-test`,
  ]),
];
const running = (slot: string) => [
  `${TYPE.taskDefinition}::${slot}`,
  `${TYPE.logGroup}::${slot}`,
  `${TYPE.service}::${slot}`,
  `${TYPE.scalableTarget}::${slot}`,
  `${TYPE.scalingPolicy}::${slot}-cpu`,
  ...ALARM_KEYS.map((key) => `${TYPE.alarm}::${slot}-${key}`),
  `${TYPE.composite}::${slot}`,
];

describe("What a stack consists of", () => {
  test.each([
    ["before its first model: target groups and the route, no service", EMPTY, []],
    ["with one model: one service beside an empty slot", ONE_SLOT, running("blue")],
    ["with two models", TWO_SLOTS, [...running("blue"), ...running("green")]],
  ])("%s", async (_name, config, services) => {
    const run = await runProgram(config);
    expect(keysOf(run)).toEqual([...ALWAYS, ...services].toSorted());
  });

  test("both slots are made alike: only names, model and slot tag tell them apart", async () => {
    const same = { image: IMAGE, modelVersion: "7" };
    const run = await runProgram({ blue: same, green: same });
    const inputsOf = (slot: string, word: RegExp) =>
      running(slot).map((key) =>
        JSON.stringify(find(run, key).inputs)
          .replaceAll(/-[0-9a-f]{8}\b/g, "-HASH")
          .replaceAll(word, "SLOT"),
      );
    // Not the colours in the project's own name.
    expect(inputsOf("blue", /\bblue\b(?!-green)/g)).toEqual(inputsOf("green", /(?<!blue-)\bgreen\b/g));
  });

  test("a new model on green touches nothing of blue and not the route", async () => {
    const before = await runProgram({ ...ONE_SLOT, green: { image: IMAGE, modelVersion: "7" } });
    const after = await runProgram(TWO_SLOTS);
    expect(Object.keys(changesBetween(before, after)).toSorted()).toEqual([
      `${TYPE.scalableTarget}::green`,
      `${TYPE.service}::green`,
      `${TYPE.targetGroup}::green-production`,
      `${TYPE.targetGroup}::green-test`,
      `${TYPE.taskDefinition}::green`,
    ]);
  });
});

describe("A slot's target groups", () => {
  test("are health-checked, drain, and never pin anyone", async () => {
    const run = await runProgram({
      ...EMPTY,
      service: { port: 9000, healthPath: "/ready", drainSeconds: 90 },
    });
    const production = find(run, `${TYPE.targetGroup}::green-production`);
    expect(production.inputs).toMatchObject({
      vpcId: "vpc-own",
      targetType: "ip",
      port: 9000,
      protocol: "HTTP",
      protocolVersion: "HTTP1",
      deregistrationDelay: 90,
      stickiness: { enabled: false },
      healthCheck: {
        enabled: true,
        path: "/ready",
        port: "traffic-port",
        protocol: "HTTP",
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      tags: { "deploy:stack": "dev", "deploy:project": "fraud-model", "deploy:slot": "green" },
    });
    const { name: _production, ...others } = production.inputs;
    const { name: _test, ...same } = find(run, `${TYPE.targetGroup}::green-test`).inputs;
    expect(same).toEqual(others);
  });

  test.each([
    ["the port", { service: { port: 9000 } }],
    [
      "the VPC",
      {
        network: {
          vpcId: "vpc-1",
          publicSubnetIds: ["subnet-1", "subnet-2"],
          taskSubnetIds: ["subnet-1", "subnet-2"],
        },
      },
    ],
    ["the range of the stack's own VPC", { network: { cidr: "10.1.0.0/16" } }],
  ])("have another name when %s forces another group", async (_name, config) => {
    const name = async (written: object) =>
      find(await runProgram({ ...written }), `${TYPE.targetGroup}::blue-production`).inputs["name"];
    expect(await name(config)).not.toBe(await name(EMPTY));
  });

  test("keep their name when only the drain time changes", async () => {
    const before = await runProgram(EMPTY);
    const after = await runProgram({ service: { drainSeconds: 95 } });
    expect(changesBetween(before, after)).toEqual({
      [`${TYPE.targetGroup}::blue-production`]: ["deregistrationDelay"],
      [`${TYPE.targetGroup}::blue-test`]: ["deregistrationDelay"],
      [`${TYPE.targetGroup}::green-production`]: ["deregistrationDelay"],
      [`${TYPE.targetGroup}::green-test`]: ["deregistrationDelay"],
    });
  });
});

describe("A slot's service", () => {
  test("rolls over with a circuit breaker, leaves the count to scaling, and waits for listener and rules", async () => {
    const run = await runProgram({ ...ONE_SLOT, service: { testCidrs: ["192.0.2.1/32"] }, testToken: TOKEN });
    const { inputs, options } = find(run, `${TYPE.service}::blue`);
    const slot = parseOutputs(run.outputs)?.slots.blue;
    expect(inputs).toMatchObject({
      name: "fraud-model_dev_k3f9ab-blue",
      taskDefinition: slot?.running?.taskDefinitionArn,
      desiredCount: 1,
      launchType: "FARGATE",
      healthCheckGracePeriodSeconds: 60,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      enableExecuteCommand: false,
      propagateTags: "TASK_DEFINITION",
      waitForSteadyState: false,
      loadBalancers: [
        { targetGroupArn: slot?.targetGroupArn, containerName: "model", containerPort: 8080 },
        { targetGroupArn: slot?.testTargetGroupArn, containerName: "model", containerPort: 8080 },
      ],
    });
    expect(options).toMatchObject({ ignoreChanges: ["desiredCount", "taskDefinition"], protect: false });
    expect(options.dependsOn).toEqual(
      expect.arrayContaining([
        `${TYPE.listener}::listener`,
        `${TYPE.rule}::route`,
        `${TYPE.rule}::blue-test`,
        `${TYPE.rule}::green-test`,
      ]),
    );
  });

  test("is not in the test group while no test rule names it, because ECS would refuse that", async () => {
    const run = await runProgram(ONE_SLOT);
    expect(find(run, `${TYPE.service}::blue`).inputs["loadBalancers"]).toEqual([
      {
        targetGroupArn: parseOutputs(run.outputs)?.slots.blue.targetGroupArn,
        containerName: "model",
        containerPort: 8080,
      },
    ]);
  });

  test("and its groups say which model they hold; what outlives the model does not", async () => {
    const run = await runProgram(ONE_SLOT);
    const model = { "model:name": "vision/digits", "model:version": "7", "model:digest": DIGEST };
    const slot = { "deploy:stack": "dev", "deploy:project": "fraud-model", "deploy:slot": "blue" };
    for (const type of [TYPE.service, TYPE.taskDefinition, TYPE.scalableTarget]) {
      expect(find(run, `${type}::blue`).inputs["tags"]).toEqual({ ...slot, ...model });
    }
    expect(find(run, `${TYPE.targetGroup}::blue-production`).inputs["tags"]).toEqual({ ...slot, ...model });
    expect(find(run, `${TYPE.alarm}::blue-cpu`).inputs["tags"]).toEqual(slot);
  });

  test("and says where a registry has the model, by the name that it has there", async () => {
    const from = { registry: "models:/fraud detection/7", revision: "0123abcd" };
    const run = await runProgram({ blue: { image: IMAGE, modelVersion: "7", ...from } });
    for (const type of [TYPE.service, TYPE.taskDefinition, TYPE.scalableTarget]) {
      expect(find(run, `${type}::blue`).inputs["tags"]).toMatchObject({
        "model:name": "fraud detection",
        "model:version": "7",
        "model:digest": DIGEST,
        "model:registry": "models:/fraud detection/7",
        "model:revision": "0123abcd",
      });
    }
    expect(find(run, `${TYPE.targetGroup}::blue-production`).inputs["tags"]).toMatchObject({
      "model:registry": "models:/fraud detection/7",
    });
  });

  test.each([
    ["digits:v7", { "model:name": "digits" }],
    ["localhost:5000/vision/digits:v7", { "model:name": "vision/digits" }],
    ["ghcr.io/team/digits", { "model:name": "team/digits" }],
  ])("tagged images (%s) have a name and no digest", async (image, expected) => {
    const run = await runProgram({ blue: { image }, localCloud: "http://127.0.0.1:4566" });
    const slot = { "deploy:stack": "dev", "deploy:project": "fraud-model", "deploy:slot": "blue" };
    expect(find(run, `${TYPE.service}::blue`).inputs["tags"]).toEqual({ ...slot, ...expected });
  });
});

describe("A slot's task definition", () => {
  test("has one family per slot, keeps its revisions, and gives the model its port and version", async () => {
    const run = await runProgram({
      ...ONE_SLOT,
      service: { environment: { ZEBRA: "z", ALPHA: 1 }, architecture: "ARM64", logDays: 7 },
    });
    const { inputs } = find(run, `${TYPE.taskDefinition}::blue`);
    expect(inputs).toMatchObject({
      family: "fraud-model_dev_k3f9ab-blue",
      skipDestroy: true,
      cpu: "512",
      memory: "1024",
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      logGroup: { existing: { name: "/ecs/fraud-model_dev_k3f9ab-blue", region: "us-east-1" } },
      taskRole: { args: { policyArns: [] } },
      container: {
        name: "model",
        image: IMAGE,
        essential: true,
        portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }],
        environment: [
          { name: "ALPHA", value: "1" },
          { name: "PORT", value: "8080" },
          { name: "ZEBRA", value: "z" },
        ],
        secrets: [],
      },
    });
    expect(find(run, `${TYPE.logGroup}::blue`).inputs).toMatchObject({
      name: "/ecs/fraud-model_dev_k3f9ab-blue",
      retentionInDays: 7,
    });
  });

  test("tells a model that `deploy` has put there its slot, stack, version and release, and any other one nothing", async () => {
    const run = await runProgram({
      ...ONE_SLOT,
      green: { image: OTHER_IMAGE, modelVersion: "1.0", release: "v1-0-d0ff00-g7" },
    });
    const environmentOf = (slot: string) => {
      const { container } = find(run, `${TYPE.taskDefinition}::${slot}`).inputs;
      return isRecord(container) ? container["environment"] : undefined;
    };
    // Of a slot that version 0.1 has filled the task definition stays as it was.
    expect(environmentOf("blue")).toEqual([{ name: "PORT", value: "8080" }]);
    expect(environmentOf("green")).toEqual([
      { name: "MODEL_VERSION", value: "1.0" },
      { name: "PORT", value: "8080" },
      { name: "RELEASE", value: "v1-0-d0ff00-g7" },
      { name: "SLOT", value: "green" },
      { name: "STACK", value: "dev" },
    ]);
  });

  test("takes the overrides of its own slot only", async () => {
    const run = await runProgram({
      ...ONE_SLOT,
      service: { environment: { MODE: "fast", LEVEL: "info" } },
      green: { image: OTHER_IMAGE, overrides: { cpu: 1024, memory: 4096, environment: { MODE: "exact" } } },
    });
    expect(find(run, `${TYPE.taskDefinition}::green`).inputs).toMatchObject({
      cpu: "1024",
      memory: "4096",
      container: {
        environment: [
          { name: "LEVEL", value: "info" },
          { name: "MODE", value: "exact" },
          { name: "PORT", value: "8080" },
        ],
      },
    });
    expect(find(run, `${TYPE.taskDefinition}::blue`).inputs).toMatchObject({ cpu: "512", memory: "1024" });
    expect(parseOutputs(run.outputs)?.slots.green.running?.modelVersion).toBe("unversioned");
  });
});
