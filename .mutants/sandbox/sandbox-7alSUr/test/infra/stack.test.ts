import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ALARM_KEYS } from "../../contract/alarms/alarm-catalog.ts";
import { isRecord } from "../../contract/config/field.ts";
import { parseOutputs } from "../../contract/names/outputs.ts";
import { changesBetween, find, runProgram, type WrittenConfig } from "../support/pulumi-mocks.ts";
import { EMPTY, IMAGE, ONE_SLOT, OTHER_IMAGE, SHARED, TOKEN, TWO_SLOTS, TYPE } from "./configs.ts";

const root = join(import.meta.dirname, "../..");
function yamlFile(name: string): Readonly<Record<string, unknown>> {
  const content: unknown = parse(readFileSync(join(root, name), "utf8"));
  if (!isRecord(content)) throw new Error(`${name} is not an object`);
  return content;
}

const refused = async (config: WrittenConfig): Promise<unknown> =>
  runProgram(config).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("Outputs", () => {
  test.each<readonly [string, WrittenConfig, readonly string[]]>([
    ["of a stack before its first model", EMPTY, []],
    ["of one running slot", ONE_SLOT, ["blue"]],
    ["of two running slots", TWO_SLOTS, ["blue", "green"]],
    ["of a stack on a shared listener", { ...TWO_SLOTS, network: SHARED }, ["blue", "green"]],
  ])("%s are what the contract reads, and nothing more", async (_name, config, running) => {
    const { outputs } = await runProgram(config);
    const read = parseOutputs(outputs);
    // For the program itself, and of no use to anybody else.
    const { variables, ...others } = isRecord(outputs) ? outputs : {};
    expect(Object.keys(isRecord(variables) ? variables : {})).toEqual(["blue", "green"]);
    expect(read).toEqual(others);
    const slots = Object.entries(read?.slots ?? {});
    expect(slots.filter(([, slot]) => slot.running !== undefined).map(([slot]) => slot)).toEqual(running);
  });

  test("find everything of a running slot", async () => {
    const run = await runProgram({ ...TWO_SLOTS, generation: 12 }, "prod");
    const outputs = parseOutputs(run.outputs);
    expect(outputs).toMatchObject({
      region: "us-east-1",
      generation: 12,
      clusterName: "fraud-model_prod_k3f9ab",
      slots: {
        green: {
          running: {
            image: OTHER_IMAGE,
            modelVersion: "8",
            serviceName: "fraud-model_prod_k3f9ab-green",
            slotAlarm: "fraud-model_prod_k3f9ab-green",
          },
        },
      },
    });
    expect(outputs?.slots.green.running?.alarms).toMatchObject({
      "error-rate": "fraud-model_prod_k3f9ab-green-error-rate",
      cpu: "fraud-model_prod_k3f9ab-green-cpu",
    });
    expect(Object.keys(outputs?.slots.green.running?.alarms ?? {}).toSorted()).toEqual(ALARM_KEYS.toSorted());
  });
});

describe("A configuration that is refused", () => {
  test("ends the program before any resource, without a stack trace, with all problems at once", async () => {
    const error = await refused({
      ...ONE_SLOT,
      greenWeight: 10,
      grenWeight: 20,
      service: { port: 70_000, cpu: 300 },
    });
    // Pulumi shows a RunError's message alone (@pulumi/pulumi/cmd/run), any other error with its stack.
    expect(error).toMatchObject({ __pulumiRunError: true });
    const message = String(error);
    expect(message).toContain("service.port is 70000; allowed: a whole number from 1 to 65535");
    expect(message).toContain("grenWeight");
    expect(message).toContain("Fix it: pulumi config rm 'grenWeight'");
  });

  test.each<readonly [string, WrittenConfig, string]>([
    ["a share for an empty slot", { ...ONE_SLOT, greenWeight: 10 }, "green is empty"],
    ["a leftover weight", { ...TWO_SLOTS, blueWeight: 5 }, "set-all --plaintext activeSlot=blue"],
    ["a tag on a slot with users", { blue: { image: "digits:v1" } }, "pinned by digest"],
    ["a token over plain HTTP", { ...ONE_SLOT, testToken: TOKEN }, "service.testCidrs"],
    [
      "a secret that no store of AWS holds",
      { ...ONE_SLOT, service: { secrets: { KEY: "arn:aws:s3:::bucket/key" } } },
      "Parameter Store",
    ],
    [
      "a variable that is also a secret",
      {
        ...ONE_SLOT,
        service: {
          environment: { KEY: "x" },
          secrets: { KEY: "arn:aws:ssm:us-east-1:123456789012:parameter/key" },
        },
      },
      "pulumi config rm --path service.environment.KEY",
    ],
    [
      "a variable that the program gives",
      { blue: { image: IMAGE, overrides: { environment: { PORT: "1" } } } },
      "pulumi config rm --path blue.overrides.environment.PORT",
    ],
    ["a range too small for the subnets", { ...EMPTY, network: { cidr: "10.0.0.0/24" } }, "from /16 to /23"],
  ])("%s", async (_name, config, words) => {
    const error = await refused(config);
    expect(error).toMatchObject({ __pulumiRunError: true });
    expect(String(error)).toContain(words);
  });

  test("does not repeat the token", async () => {
    expect(String(await refused({ ...ONE_SLOT, testToken: "Correct-Horse" }))).not.toContain("Correct-Horse");
  });
});

describe("The local cloud", () => {
  test("gets the same program: only images by tag and a token over plain HTTP are allowed on top", async () => {
    const config = { ...TWO_SLOTS, greenWeight: 10 };
    const aws = await runProgram(config);
    const local = await runProgram({ ...config, localCloud: "http://127.0.0.1:4566" });
    expect(changesBetween(aws, local)).toEqual({});
    expect(local.outputs).toEqual(aws.outputs);
    const more = await runProgram({
      blue: { image: "digits:v1" },
      testToken: TOKEN,
      localCloud: "http://127.0.0.1:4566",
    });
    expect(find(more, `${TYPE.rule}::blue-test`).inputs["priority"]).toBe(98);
  });
});

describe("What fixes a refused configuration", () => {
  const wrong = { ...TWO_SLOTS, greenWeight: 150 };
  test("is typed as Pulumi's own command on AWS", async () => {
    expect(String(await refused(wrong))).toMatch(/: pulumi config set greenWeight/);
  });

  test("is typed with the project in front on the local cloud, whose stack stands elsewhere", async () => {
    const told = String(await refused({ ...wrong, localCloud: "http://127.0.0.1:4566" }));
    expect(told).toMatch(/: npx bluegreen pulumi config set greenWeight/);
  });
});

describe("The project's files", () => {
  test("Pulumi.yaml starts the program, as Node's own TypeScript, by a file that every Node reads", () => {
    const { main, runtime } = yamlFile("Pulumi.yaml");
    expect({ main, runtime }).toEqual({
      main: "infra/start.js",
      runtime: { name: "nodejs", options: { typescript: false } },
    });
  });

  test("Pulumi.dev.yaml is a whole stack that the program takes", async () => {
    const { config } = yamlFile("Pulumi.dev.yaml");
    const run = await runProgram(isRecord(config) ? config : {});
    expect(parseOutputs(run.outputs)?.slots.blue.running).toMatchObject({ modelVersion: "1", minTasks: 1 });
    expect(find(run, `${TYPE.rule}::route`).options.protect).toBe(false);
  });

  test("two stacks of one account share no name", async () => {
    const named = async (stack: string) => {
      const run = await runProgram(TWO_SLOTS, stack);
      return run.resources.flatMap(({ type, inputs }) =>
        // A scaling policy's name is unique within its service.
        type === TYPE.scalingPolicy ? [] : [inputs["name"] ?? inputs["alarmName"] ?? inputs["family"] ?? []],
      );
    };
    const dev = (await named("dev")).flat();
    const production = (await named("production")).flat();
    expect(dev.length).toBeGreaterThan(20);
    expect(dev.filter((name) => production.includes(name))).toEqual([]);
  });
});
