import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from "@aws-sdk/client-ecs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { localEngine, type LocalEngine } from "../../cli/local/engine.ts";
import { localPlace, type LocalPlace } from "../../cli/local/place.ts";
import { runningCloud } from "../../cli/local/running-cloud.ts";
import { writeEndpoint, type Endpoint } from "../../cli/local/endpoint.ts";
import { localCredentials } from "../../packages/local-cloud/access/address.ts";
import { identityOf } from "../../validation/adapters/processes/identity.ts";
import { openGate, type Call, type Gate } from "../scenario/support/gate.ts";
import { startVerb } from "../scenario/support/verb.ts";
import { freePort } from "../support/free-port.ts";
import { startCloud, type CloudProcess } from "./support/cloud-process.ts";
import { answered, clientOptions } from "../../packages/local-cloud/test/support/model-service.ts";

const LONG = 120_000;
const SPEED = 60;

let place: LocalPlace;
let port: number;
let cloud: CloudProcess;
let endpoint: Endpoint;
let engine: LocalEngine;
let url: string;
const api = () => `http://127.0.0.1:${port}`;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-restart-"));
  place = { root: localPlace().root, directory };
  const config = {
    rollout: { protect: false },
    blue: { image: "digits:1", modelVersion: "1", minTasks: 1 },
  };
  // JSON is YAML.
  await writeFile(join(directory, "Pulumi.local.yaml"), JSON.stringify({ config }));
  port = await freePort();
  cloud = await startCloud(place, port, SPEED);
  const running = await runningCloud(place);
  if (running === undefined) throw new Error("the local cloud has started and does not run");
  endpoint = running;
  engine = await localEngine(place, endpoint);
  await pulumi(UP);
  url = JSON.parse(await pulumi("stack output --json")).url;
  await answered(`${url}/health`);
}, LONG);
afterAll(async () => {
  await cloud.stop();
  await rm(place.directory, { recursive: true, force: true });
}, LONG);

/** A Pulumi command in this process, on the state that the verbs' processes have too; its standard output. */
async function pulumi(line: string): Promise<string> {
  const { code, stdout, stderr } = await engine.runPulumi(line.split(" "), { cwd: place.directory });
  if (code !== 0) throw new Error(`pulumi ${line}: ${stdout}${stderr}`);
  return stdout;
}

const UP = "up --yes --skip-preview";
const startUp = () => startVerb(place, ["pulumi", ...UP.split(" ")]);

async function tasks(): Promise<readonly Task[]> {
  const ecs = new ECSClient({ ...clientOptions(api()), credentials: localCredentials(endpoint) });
  const { clusterName: cluster } = JSON.parse(await pulumi("stack output --json"));
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
  const { tasks: found = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  ecs.destroy();
  return found;
}

/** The port on this machine of a task's model. */
const portOf = ({ containers }: Task) => containers?.[0]?.networkBindings?.[0]?.hostPort ?? 0;

/** Virtual epoch milliseconds. */
async function cloudTime(): Promise<number> {
  // The cloud's own answer.
  const origin = (await (await fetch(`${api()}/clock`)).json()) as Record<
    "virtualMs" | "realMs" | "speed",
    number
  >;
  return origin.virtualMs + (Date.now() - origin.realMs) * origin.speed;
}

/** Neither does the program ask for anything else than what is recorded, nor does anything else exist. */
async function expectNoChange(): Promise<void> {
  const preview = JSON.parse(await pulumi("preview --refresh --json"));
  expect(Object.keys(preview.changeSummary).toSorted()).toEqual(["same"]);
}

describe("a local cloud that is killed with SIGKILL while a stack runs on it", () => {
  let killedAtMs: number;
  const watch = () =>
    new CloudWatchClient({ ...clientOptions(api()), credentials: localCredentials(endpoint) });

  it("leaves no task behind", async () => {
    await watch().send(
      new PutMetricAlarmCommand({
        AlarmName: "kept",
        Namespace: "Own",
        MetricName: "none",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "ignore",
      }),
    );
    await watch().send(
      new SetAlarmStateCommand({ AlarmName: "kept", StateValue: "ALARM", StateReason: "drill" }),
    );
    const [task] = await tasks();
    const connection = connect(portOf(task ?? {}), "127.0.0.1");
    await once(connection, "connect");
    // A process that is killed resets its connections.
    connection.on("error", () => {});
    const gone = once(connection, "close");
    killedAtMs = await cloudTime();
    await cloud.kill9();
    await gone;
    expect(await runningCloud(place)).toBeUndefined();
    const refused = await startVerb(place, ["pulumi", "preview"]).ended;
    expect(refused).toMatchObject({ exitCode: 64, stderr: expect.stringContaining("BG152") });
  });

  it("comes back on the same ports, with its alarms, and time has gone on", async () => {
    cloud = await startCloud(place, port, SPEED);
    expect(await cloudTime()).toBeGreaterThanOrEqual(killedAtMs);
    const { MetricAlarms } = await watch().send(new DescribeAlarmsCommand({ AlarmNames: ["kept"] }));
    expect(MetricAlarms).toMatchObject([{ StateValue: "ALARM", StateReason: "drill" }]);
  });

  it("has users wait for the first tasks that are healthy again, instead of failing their requests", async () => {
    await cloud.kill9();
    cloud = await startCloud(place, port, SPEED);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  it("and Pulumi finds nothing changed", expectNoChange, LONG);
});

describe("an update that", () => {
  const asks = (method: "create" | "delete", type: string) => (call: Call) =>
    call.path === `/provider/${method}` && call.body.includes(`"type":"${type}"`);
  const SERVICE = "aws:ecs/service:Service";
  let gate: Gate;

  beforeEach(async () => {
    gate = await openGate({ ...endpoint, url: api() });
    // Verbs that start from now on go through it; the engine of this process does not.
    await writeEndpoint(place, { ...endpoint, url: gate.url, pid: cloud.pid });
  });
  afterEach(() => gate.close());

  it(
    "is killed with SIGKILL, and the cloud has done more than it could record, continues with the next one",
    async () => {
      await pulumi("config set --path --plaintext green.image digits:2");
      await pulumi("config set --path --plaintext green.modelVersion -- 2");
      const lost = gate.swallow("answer", asks("create", SERVICE));
      const update = startUp();
      await lost;
      await update.kill9();
      update.sweep();
      await expect(pulumi(UP)).rejects.toThrow("the stack is currently locked by");
      await pulumi("cancel --yes");
      expect(await pulumi(UP)).toContain("an update that began to create this resource");
      await expectNoChange();
    },
    LONG,
  );

  it(
    "is interrupted with Ctrl-C records what is in flight, starts nothing more, and frees the stack",
    async () => {
      await pulumi("config rm green");
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      // Nothing fails: it only watches what passes.
      gate.fail((call) => {
        if (asks("delete", SERVICE)(call)) resolve();
        return false;
      });
      const update = startUp();
      await begun;
      process.kill(update.pid, "SIGINT");
      const { exitCode, stdout, stderr } = await update.ended;
      expect(stdout).toContain("error: update canceled");
      expect(stdout).toContain("aws:ecs:Service green deleted");
      expect(stdout).not.toContain("aws:ecs:TaskDefinition green deleting");
      expect(stderr).toContain(
        "interrupted (SIGINT). What was in flight has come to its end and is recorded",
      );
      expect(stderr).toContain("All traffic back: npx bluegreen revert");
      expect(exitCode).toBe(130);
      const next = await pulumi(UP);
      expect(next).not.toContain("aws:ecs:Service green");
      expect(next).toContain("aws:ecs:TaskDefinition green deleted");
    },
    LONG,
  );
});

describe("a verb that", () => {
  // The gate of the stories above is gone.
  beforeEach(() => writeEndpoint(place, { ...endpoint, url: api(), pid: cloud.pid }));

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)(
    "is interrupted by %s says where users are and how to go on, and frees the stack",
    async (signal, code) => {
      const deploy = startVerb(place, ["deploy", "digits:2", "--model-version", "2"]);
      await deploy.saw("applying: ");
      process.kill(deploy.pid, signal);
      const { exitCode, stderr } = await deploy.ended;
      expect(stderr).toMatch(new RegExp(`interrupted \\(${signal}\\)\\. .*Go on|no release is under way`));
      expect(exitCode).toBe(code);
      expect(await engine.lockHolder("local")).toBeUndefined();
    },
    LONG,
  );
});

describe("a local cloud that runs", () => {
  beforeEach(async () => {
    const self = { pid: cloud.pid, process: identityOf(cloud.pid) };
    await writeEndpoint(place, { ...endpoint, ...self, url: api() });
  });

  it("keeps a second one off its state, whatever port that is to have", async () => {
    await expect(startCloud(place, await freePort(), SPEED)).rejects.toThrow(
      `BG150: A local cloud runs here already. It answers at ${api()} (process ${cloud.pid}).`,
    );
  });

  it("is waited for, and not taken for none, when it has no time to answer", async () => {
    process.kill(cloud.pid, "SIGSTOP");
    const status = startVerb(place, ["status", "--json"]);
    await status.saw(`waiting for the local cloud at ${api()} (process ${cloud.pid})`);
    await expect(startCloud(place, await freePort(), SPEED)).rejects.toThrow("BG150");
    process.kill(cloud.pid, "SIGCONT");
    expect(await status.ended).toMatchObject({ exitCode: 0 });
  });
});

describe("a local cloud that comes back on another port", () => {
  it(
    "is asked there before the route gives more users, though what is deployed has its former address",
    async () => {
      await cloud.stop();
      cloud = await startCloud(place, await freePort(), SPEED);
      const run = (...args: string[]) => startVerb(place, args).ended;
      const deployed = await run("deploy", "digits:2", "--model-version", "2");
      expect(deployed).toMatchObject({ exitCode: 0 });
      const raised = await run("rollout", "--skip-tests", "--one-step");
      expect(raised.stderr).toContain("live: blue 90 % · green 10 %");
      expect((await run("revert")).stderr).not.toContain("pending");
      await cloud.stop();
      cloud = await startCloud(place, port, SPEED);
    },
    LONG,
  );
});

describe("a local cloud whose state is cut off", () => {
  it(
    "does not start, says which file it is and what to do, and that builds the stack anew",
    async () => {
      await cloud.stop();
      const file = join(place.directory, "cloud", "cloud.json");
      const whole = await readFile(file, "utf8");
      await writeFile(file, whole.slice(0, whole.length / 2));
      await expect(startCloud(place, port, SPEED)).rejects.toThrow(`cannot be brought back from ${file}`);
      await rm(file);
      cloud = await startCloud(place, port, SPEED);
      await pulumi("refresh --yes");
      await pulumi("destroy --yes");
      await pulumi(UP);
      await answered(`${JSON.parse(await pulumi("stack output --json")).url}/health`);
    },
    LONG,
  );
});
