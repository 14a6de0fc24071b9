import { describe, expect, test } from "vitest";
import { agentCommand } from "../../agent/bundle.ts";
import { AGENT_IMAGE, MOST_AGENT_BYTES } from "../../contract/agent/options.ts";
import { isRecord } from "../../contract/config/field.ts";
import { changesBetween, find, runProgram, type ProgramRun } from "../support/pulumi-mocks.ts";
import { IMAGE, ONE_SLOT, TYPE } from "./configs.ts";

const DEPLOYED = { image: IMAGE, modelVersion: "7", release: "v7-g3", told: 2 };
const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shadow-AbCdEf";
const LOG = { "awslogs-group": "/ecs/fraud-model_dev_k3f9ab-blue", "awslogs-region": "us-east-1" };
const SAID = { mode: "non-blocking", "max-buffer-size": "25m" };

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

  test("that shadows asks the other slot, by the headers of the test rules", async () => {
    const shadow = { url: "https://model.example.com", sample: 20, paths: ["/predict"] };
    const run = await runProgram(withAgent({ front: {}, shadow, secrets: { SHADOW_TOKEN: SECRET } }));
    const { AGENT = "", SHADOW_SLOT } = variables(containers(run)["agent"]);
    expect(SHADOW_SLOT).toBe("green");
    expect(JSON.parse(AGENT)).toMatchObject({
      shadow: { ...shadow, headers: { "x-slot": "SHADOW_SLOT", "x-slot-token": "SHADOW_TOKEN" } },
    });
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
    ["more than all requests", { front: {}, capture: { sample: 101 } }],
  ])("is refused: %s", async (_what, agent) => {
    expect(await refused(agent)).toContain("service.agent is");
  });

  test("is refused when it shadows requests and nobody gives it the token of the test rules", async () => {
    const shadow = { url: "https://model.example.com", sample: 20, paths: ["/predict"] };
    expect(await refused({ front: {}, shadow })).toContain("service.agent.secrets.SHADOW_TOKEN is nothing");
  });

  test("is not repeated where it has variables", async () => {
    expect(await refused({ rear: {}, environment: { KEY: "hush-4711" } })).not.toContain("hush-4711");
  });

  test("is refused where the model and its agent would both have a port or a name", async () => {
    expect(await refused({ front: {}, port: 9000 }, { port: 9000 })).toContain("service.agent.port is 9000");
    expect(await refused({ front: {}, environment: { SLOT: "x" } })).toContain(
      "service.agent.environment.SLOT",
    );
  });
});
