import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo, type Server } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LocalCloud } from "../cloud.ts";
import { withChecksum } from "../../pulumi-engine/state/checksum.ts";
import { isRunning } from "./support/is-running.ts";
import { fiveBytesFlipped } from "../../pulumi-engine/test/support/flipped.ts";
import { cloudDirectory, type CloudDirectory } from "./support/cloud-directory.ts";
import { answered, clientOptions, runService } from "./support/model-service.ts";

let place: CloudDirectory;
let servers: Server[];
beforeEach(async () => {
  place = await cloudDirectory();
  servers = [];
});
afterEach(async () => {
  for (const server of servers) server.close();
  await place.dispose();
});

/** The file with another content and the checksum of that. */
function resealed(text: string, change: (json: string) => string): string {
  const { sha256: _, ...content } = JSON.parse(text);
  return withChecksum(change(JSON.stringify(content)));
}

/** Another program that listens on this machine. */
async function occupy(port = 0): Promise<number> {
  const server = createServer().listen(port, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  // A listening TCP server has a socket address.
  return (server.address() as AddressInfo).port;
}

const portOf = (url: string) => Number(new URL(url).port);
const elbOf = (cloud: LocalCloud) => new ElasticLoadBalancingV2Client(clientOptions(cloud.url));
const createGroup = (name: string) =>
  new CreateTargetGroupCommand({ Name: name, Protocol: "HTTP", Port: 80, VpcId: "vpc-1", TargetType: "ip" });

describe("a local cloud that is stopped and started again", () => {
  it("has its services, ports, alarms and metrics as before, and answers again", async () => {
    const first = await place.start();
    const service = await runService(first.url);
    const watch = new CloudWatchClient(clientOptions(first.url));
    const at = new Date(Math.floor(first.clock.now() / 60_000 - 2) * 60_000);
    await watch.send(
      new PutMetricDataCommand({
        Namespace: "Own",
        MetricData: [{ MetricName: "score", Value: 7, Timestamp: at }],
      }),
    );
    await watch.send(
      new PutMetricAlarmCommand({
        AlarmName: "score",
        Namespace: "Own",
        MetricName: "score",
        Statistic: "Maximum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: "GreaterThanThreshold",
      }),
    );
    await first.close();
    expect(isRunning(service.pid)).toBe(false);
    await expect(fetch(service.url)).rejects.toThrow("fetch failed");

    const second = await place.start({ port: portOf(first.url) });
    expect(second.url).toBe(first.url);
    await answered(service.url);
    const { MetricAlarms } = await watch.send(new DescribeAlarmsCommand({ AlarmNames: ["score"] }));
    expect(MetricAlarms).toMatchObject([{ AlarmName: "score", Threshold: 5 }]);
    const { Datapoints } = await watch.send(
      new GetMetricStatisticsCommand({
        Namespace: "Own",
        MetricName: "score",
        StartTime: at,
        EndTime: new Date(at.getTime() + 60_000),
        Period: 60,
        Statistics: ["Maximum"],
      }),
    );
    expect(Datapoints).toMatchObject([{ Maximum: 7, Timestamp: at }]);
    watch.destroy();
  });

  it("answers no change before it is on disk", async () => {
    const cloud = await place.start();
    const elb = elbOf(cloud);
    for (const name of ["one", "two", "three"]) {
      await elb.send(createGroup(name));
      expect(await readFile(place.state("cloud.json"), "utf8")).toContain(`"name":"${name}"`);
    }
  });

  it("keeps nothing of what was deleted", async () => {
    const elb = elbOf(await place.start());
    const cycle = async () => {
      const { TargetGroups } = await elb.send(createGroup("short-lived"));
      await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: TargetGroups?.[0]?.TargetGroupArn }));
    };
    await cycle();
    const size = (await readFile(place.state("cloud.json"), "utf8")).length;
    for (let again = 0; again < 5; again += 1) await cycle();
    expect(await readFile(place.state("cloud.json"), "utf8")).toHaveLength(size);
  });

  it("removes what a killed one had not finished to write", async () => {
    await (await place.start()).close();
    const unfinished = place.state("cloud.json.4711.1.tmp");
    await writeFile(unfinished, '{"elb":');
    await place.start();
    await expect(readFile(unfinished)).rejects.toThrow("ENOENT");
  });
});

describe("close", () => {
  it("can be called again and again", async () => {
    const cloud = await place.start();
    await Promise.all([cloud.close(), cloud.close()]);
    await expect(cloud.close()).resolves.toBeUndefined();
  });

  it("leaves nothing that keeps the process alive, no task and no port", async () => {
    const script = join(import.meta.dirname, "fixtures/short-cloud.ts");
    const child = spawn(process.execPath, [script, place.directory, place.imagesPath], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    // What the script prints at its end.
    const { url, api, pid, status } = (await json(child.stdout)) as {
      url: string;
      api: string;
      pid: number;
      status: number;
    };
    expect(await exited).toEqual([0, null]);
    expect(status).toBe(200);
    expect(isRunning(pid)).toBe(false);
    await occupy(portOf(url));
    await occupy(portOf(api));
  });
});

describe("a start that fails leaves no port, no task and the state as it was:", () => {
  /** The state of a cloud with a service, and where that answered. */
  async function aStoppedCloud() {
    const cloud = await place.start();
    const { url } = await runService(cloud.url);
    await cloud.close();
    return { api: cloud.url, url, state: await readFile(place.state("cloud.json"), "utf8") };
  }

  it("the port of the APIs is taken", async () => {
    const { url, state } = await aStoppedCloud();
    await expect(place.start({ port: await occupy() })).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect(await readFile(place.state("cloud.json"), "utf8")).toBe(state);
    await occupy(portOf(url));
  });

  it("the port of a load balancer is taken", async () => {
    const { api, url } = await aStoppedCloud();
    await occupy(portOf(url));
    const error: unknown = await place.start({ port: portOf(api) }).catch((reason: unknown) => reason);
    expect(String(error)).toContain(
      `the local cloud cannot come back: port ${portOf(url)} on 127.0.0.1 is in use by another process: stop that process.\n`,
    );
    // The port stands in the outputs of the stack, so it cannot be another one.
    expect(String(error)).toContain(`Or move ${place.state("cloud.json")} away: the cloud then starts empty`);
    await occupy(portOf(api));
  });

  it.each([
    ["cloud.json", "cut off", (text: string) => text.slice(0, text.length / 2)],
    ["cloud.json", "five bytes another", fiveBytesFlipped],
    [
      "cloud.json",
      "of another version",
      (text: string) => resealed(text, (json) => json.replaceAll('"version":1', '"version":99')),
    ],
    ["cloud.json", "no object", () => "[]"],
    ["clock.json", "cut off", (text: string) => text.slice(0, text.length / 2)],
    ["clock.json", "five bytes another", fiveBytesFlipped],
  ])("%s is %s", async (file, _, broken) => {
    const { url } = await aStoppedCloud();
    const text = broken(await readFile(place.state(file), "utf8"));
    await writeFile(place.state(file), text);
    const error: unknown = await place.start().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ problem: "broken" });
    expect(String(error)).toContain(`cannot be brought back from ${place.state(file)}: `);
    expect(String(error)).toContain("move it away");
    expect(await readFile(place.state(file), "utf8")).toBe(text);
    await occupy(portOf(url));
  });
});

describe("metrics.json, without which the cloud is whole,", () => {
  it.each([
    ["cut off", (text: string) => text.slice(0, text.length / 2)],
    ["empty", () => ""],
    ["without what belongs in it", () => withChecksum('{"metrics":{"version":1}}')],
    ["five bytes another", fiveBytesFlipped],
  ])("is put aside when it is %s, and everything else comes back", async (_, damage) => {
    const first = await place.start();
    const { url } = await runService(first.url);
    await first.close();
    const file = place.state("metrics.json");
    const broken = damage(await readFile(file, "utf8"));
    await writeFile(file, broken);
    await place.start();
    await answered(`${url}/health`);
    expect(place.told).toEqual([expect.stringContaining(`cannot be brought back from ${file}: `)]);
    const [, copy = ""] = / It is put aside as (\S+);/.exec(place.told[0] ?? "") ?? [];
    expect(await readFile(copy, "utf8")).toBe(broken);
  });
});

describe("a second cloud on the same state", () => {
  it("does not start, and changes nothing; when the first one has stopped it does", async () => {
    const first = await place.start();
    const { url } = await runService(first.url);
    const state = await readFile(place.state("cloud.json"), "utf8");
    await expect(place.start()).rejects.toThrow(
      `another local cloud works on ${place.state("")}`.slice(0, -1),
    );
    expect(await readFile(place.state("cloud.json"), "utf8")).toBe(state);
    await answered(`${url}/health`);
    await first.close();
    await place.start();
    await answered(`${url}/health`);
  });

  it("does start after a start that failed", async () => {
    await expect(place.start({ port: await occupy() })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await place.start();
  });
});

describe("a state that cannot be written", () => {
  /** No file can take the place of a directory that has something in it. */
  const obstruct = async (file: string) => {
    await rm(place.state(file), { force: true });
    await mkdir(place.state(`${file}/in-the-way`), { recursive: true });
  };
  const clear = (file: string) => rm(place.state(file), { recursive: true });

  it("is told once and takes down no request; later changes are saved when it can be written again", async () => {
    const elb = elbOf(await place.start());
    await elb.send(createGroup("zero"));
    await obstruct("cloud.json");
    for (const name of ["one", "two"]) await elb.send(createGroup(name));
    expect(place.told).toHaveLength(1);
    expect(place.told[0]).toContain(`the local cloud cannot save ${place.state("cloud.json")}: `);
    await clear("cloud.json");
    await elb.send(createGroup("three"));
    expect(place.told.slice(1)).toEqual([`the local cloud can save ${place.state("cloud.json")} again`]);
    const saved = await readFile(place.state("cloud.json"), "utf8");
    for (const name of ["zero", "one", "two", "three"]) expect(saved).toContain(`"name":"${name}"`);
  });

  it.each(["cloud.json", "metrics.json"])("%s: close stops everything and then rejects", async (file) => {
    const first = await place.start();
    const service = await runService(first.url);
    await obstruct(file);
    await expect(first.close()).rejects.toThrow(`cannot save ${place.state(file)}: `);
    expect(isRunning(service.pid)).toBe(false);
    await occupy(portOf(service.url));
    await occupy(portOf(first.url));
  });
});
