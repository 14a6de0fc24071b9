import { describe, expect, test } from "vitest";
import { agentCommand } from "../../agent/bundle.ts";
import { AGENT_IMAGE, MOST_AGENT_BYTES } from "../../contract/agent/options.ts";
import { isRecord } from "../../contract/config/field.ts";
import { changesBetween, find, runProgram, type ProgramRun } from "../support/pulumi-mocks.ts";
import { readSetup } from "../../agent/config/setup.ts";
import { HTTPS, IMAGE, ONE_SLOT, TOKEN, TYPE } from "./configs.ts";

const DEPLOYED = { image: IMAGE, modelVersion: "7", release: "v7-g3", told: 2 };
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shadow-AbCdEf";
const LOG = { "awslogs-group": "/ecs/fraud-model_dev_k3f9ab-blue", "awslogs-region": "us-east-1" };
const SAID = { mode: "non-blocking", "max-buffer-size": "25m" };

/** With test rules. */
const TESTED = { service: HTTPS, testToken: TOKEN };

const withAgent = (agent: object, service: object = {}) => ({
  blue: { ...DEPLOYED, service: { port: 8000, cpu: 1024, memory: 2048, ...service, agent } },
});
const definition = (run: ProgramRun) => find(run, `${TYPE.taskDefinition}::blue`).inputs;
const containers = (run: ProgramRun) => {
  const found = definition(run)["containers"];
  if (!isRecord(found)) throw new Error("one container alone");
  return found;
};
const balanced = (run: ProgramRun) => find(run, `${TYPE.service}::blue`).inputs["loadBalancers"];
const variables = (container: unknown) => {
  const listed = isRecord(container) ? container["environment"] : undefined;
  const entries = Array.isArray(listed) ? listed.filter(isRecord) : [];
  return Object.fromEntries(entries.map(({ name, value }) => [String(name), String(value)]));
};

describe("A model's log", () => {
  test("of a deploy of this version is written without blocking, into a buffer that is said, and metrics are made of its lines", async () => {
    const run = await runProgram({ blue: DEPLOYED });
    const container = definition(run)["container"];
    expect(container).toMatchObject({
      logConfiguration: {
        logDriver: "awslogs",
        options: { ...LOG, "awslogs-stream-prefix": "model", ...SAID },
      },
    });
    expect(variables(container)).toMatchObject({ AWS_EMF_ENVIRONMENT: "Local", SLOT: "blue" });
    expect(find(run, `${TYPE.logGroup}::blue`).inputs).toMatchObject({ logGroupClass: "STANDARD" });
  });

  test("of a model that an earlier version deployed, or that a person has put there, stays as it is", async () => {
    for (const blue of [{ ...DEPLOYED, told: 1 }, ONE_SLOT["blue"]]) {
      const container = definition(await runProgram({ blue }))["container"];
      expect(container).not.toHaveProperty("logConfiguration");
      expect(variables(container)).not.toHaveProperty("AWS_EMF_ENVIRONMENT");
    }
  });

  test("goes where the model's own settings of Amazon's library send it", async () => {
    const environment = { AWS_EMF_ENVIRONMENT: "ECS" };
    const run = await runProgram({ blue: { ...DEPLOYED, service: { environment } } });
    expect(variables(definition(run)["container"])).toMatchObject(environment);
    const secrets = { AWS_EMF_ENVIRONMENT: SECRET };
    const hidden = await runProgram({ blue: { ...DEPLOYED, service: { secrets } } });
    expect(variables(definition(hidden)["container"])).not.toHaveProperty("AWS_EMF_ENVIRONMENT");
  });
});

describe("A model's agent", () => {
  test("in front is where the load balancer goes, essential, and starts after the model, which keeps its port", async () => {
    const run = await runProgram(
      withAgent({ front: { user: { cookie: "id" } }, capture: { sample: "2.5" } }),
    );
    const { model, agent } = containers(run);
    expect(agent).toMatchObject({
      name: "agent",
      image: AGENT_IMAGE,
      essential: true,
      command: agentCommand(),
      portMappings: [{ containerPort: 18_080, hostPort: 18_080 }],
      dependsOn: [{ containerName: "model", condition: "START" }],
      cpu: 128,
      memoryReservation: 64,
      logConfiguration: { options: { ...LOG, "awslogs-stream-prefix": "agent", ...SAID } },
    });
    expect(model).toMatchObject({ essential: true, cpu: 896, portMappings: [{ containerPort: 8000 }] });
    expect(variables(model)).toMatchObject({ PORT: "8000", SLOT: "blue" });
    expect(variables(agent)).toMatchObject({
      PORT: "18080",
      SLOT: "blue",
      STACK: "fraud-model/dev",
      MODEL_VERSION: "7",
      RELEASE: "v7-g3",
    });
    expect(JSON.parse(variables(agent)["AGENT"] ?? "")).toEqual({
      listen: 18_080,
      model: { port: 8000 },
      front: { user: { cookie: "id" } },
      capture: { sample: 2.5 },
    });
    const entry = { containerName: "agent", containerPort: 18_080 };
    expect(balanced(run)).toEqual([expect.objectContaining(entry)]);
    expect(find(run, `${TYPE.securityGroup}::tasks`).inputs["ingress"]).toContainEqual(
      expect.objectContaining({ fromPort: 18_080, toPort: 18_080 }),
    );
  });

  test("that only reads the model's page is not essential, and the load balancer goes to the model", async () => {
    const run = await runProgram(withAgent({ scrape: { preset: "mlserver" } }));
    expect(containers(run)["agent"]).toMatchObject({ essential: false });
    expect(balanced(run)).toEqual([expect.objectContaining({ containerName: "model", containerPort: 8000 })]);
  });

  test("has its own variables and secrets, and the role that starts the task may read these and pull its image", async () => {
    const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/mirror/node@sha256:${"d4".repeat(32)}`;
    const run = await runProgram(
      withAgent({ front: {}, image, environment: { WORD: "x" }, secrets: { TOKEN: SECRET } }),
    );
    const { agent } = containers(run);
    expect(agent).toMatchObject({ image, secrets: [{ name: "TOKEN", valueFrom: SECRET }] });
    expect(variables(agent)).toMatchObject({ WORD: "x" });
    const role = JSON.stringify(definition(run)["executionRole"]);
    for (const part of ["repository/mirror/node", SECRET]) expect(role).toContain(part);
  });

  test("that shadows is told where the other slot's test rule is, and the token as a secret, in no option of its own", async () => {
    const shadow = { paths: ["/predict"], sample: 5, restSeconds: 2, prediction: ["/label"] };
    const run = await runProgram({ ...withAgent({ front: {}, shadow }), ...TESTED });
    const { agent, model } = containers(run);
    expect(variables(agent)).toMatchObject({ SHADOW_SLOT: "green", SHADOW_TOKEN: TOKEN });
    const options: unknown = JSON.parse(variables(agent)["AGENT"] ?? "");
    expect(options).toMatchObject({
      shadow: {
        url: "https://model.example.com",
        headers: { "x-slot": "SHADOW_SLOT", "x-slot-token": "SHADOW_TOKEN" },
        sample: 5,
        restSeconds: 2,
        paths: ["/predict"],
        prediction: ["/label"],
      },
    });
    // What it is told is what its program takes.
    expect(readSetup(variables(agent)).shadow).toMatchObject({
      url: new URL("https://model.example.com"),
      headers: { "x-slot": "green", "x-slot-token": TOKEN },
      sample: 5,
      restMs: 2000,
      reading: { prediction: ["/label"] },
    });
    expect(JSON.stringify(model)).not.toContain(TOKEN);
    const told = run.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(TOKEN));
    expect(told.length).toBeGreaterThan(1);
    for (const { type, name, secretPaths } of told)
      expect([type, name, secretPaths.length > 0]).toEqual([type, name, true]);
    expect(JSON.stringify(run.outputs)).not.toContain(TOKEN);
  });

  test("that shadows may have the token from a secret, and an address of its own", async () => {
    const agent = { front: {}, shadow: { paths: ["/"], url: "https://inside.example.com" } };
    const run = await runProgram({
      ...withAgent({ ...agent, secrets: { SHADOW_TOKEN: SECRET } }),
      ...TESTED,
    });
    const told = containers(run)["agent"];
    expect(variables(told)).not.toHaveProperty("SHADOW_TOKEN");
    expect(told).toMatchObject({ secrets: [{ name: "SHADOW_TOKEN", valueFrom: SECRET }] });
    expect(variables(told)["AGENT"]).toContain("https://inside.example.com");
  });

  test("of the template is for the next deploy: it changes nothing of a slot that has none", async () => {
    const before = await runProgram({ blue: DEPLOYED });
    const after = await runProgram({ blue: DEPLOYED, service: { agent: { front: {} } } });
    expect(changesBetween(before, after)).toEqual({});
  });

  test("fits, with its program, into what is kept for it in a task definition", () => {
    expect(Buffer.byteLength(JSON.stringify(agentCommand()))).toBeLessThan(MOST_AGENT_BYTES - 4000);
  });
});

describe("What is said of an agent", () => {
  const refused = (agent: object, service: object = {}) =>
    runProgram({ service: { agent, ...service } }).then(
      () => "taken",
      (error: unknown) => String(error),
    );
  test.each([
    ["nothing that it does", {}],
    ["a capture without standing in front", { scrape: { preset: "vllm" }, capture: { sample: 1 } }],
    ["an image by its tag alone", { front: {}, image: "node:24-alpine" }],
    ["a part that it has not", { front: {}, rear: {} }],
    ["a page without what is read of it", { scrape: {} }],
    ["a comparison that its program does not know", { front: {}, shadow: { paths: ["/"], pointer: "/" } }],
    ["a segment of the whole input", { front: {}, capture: { sample: 1, segment: { plan: "" } } }],
    ["more than all requests", { front: {}, capture: { sample: 101 } }],
  ])("is refused: %s", async (_what, agent) => {
    expect(await refused(agent)).toContain("service.agent is");
  });

  test("is not repeated where it has variables", async () => {
    expect(await refused({ rear: {}, environment: { KEY: "hush-4711" } })).not.toContain("hush-4711");
  });

  test("is refused where it shadows and there is no token for the test rules", async () => {
    const said = await refused({ front: {}, shadow: { paths: ["/predict"] } });
    expect(said).toContain("service.agent.shadow");
    expect(said).toContain("pulumi config set --secret testToken");
  });

  test("is refused where the model and its agent would both have a port or a name", async () => {
    expect(await refused({ front: {}, port: 9000 }, { port: 9000 })).toContain("service.agent.port is 9000");
    for (const name of ["SLOT", "SHADOW_SLOT", "SHADOW_TOKEN"]) {
      const said = await refused({ front: {}, environment: { [name]: "hush-4711" } });
      expect(said).toContain(`service.agent.environment.${name}`);
      expect(said).not.toContain("hush-4711");
    }
  });
});
