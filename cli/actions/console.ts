import { spawn } from "node:child_process";
import { fullName } from "../../contract/names/names.ts";
import { localCredentials } from "../../packages/local-cloud/access/address.ts";
import type { Slot } from "../../contract/slot.ts";
import { taskLogs } from "../../validation/adapters/aws.ts";
import { localLogs } from "../../validation/adapters/logs/local.ts";
import { leadsOf } from "../../validation/adapters/way-in.ts";
import { openRunRecords, stateDirectory } from "../../validation/adapters/processes/records.ts";
import { UserError } from "../../validation/errors.ts";
import { consoleApi } from "../console/api.ts";
import { openReports } from "../console/http/reports.ts";
import { openPlayground } from "../console/steer/playground.ts";
import { requireDeployed } from "../../validation/stack/apply.ts";
import { trafficBeside } from "./local-traffic.ts";
import { Refused, serveConsole, type ConsoleServer } from "../console/http/server.ts";
import { openReader } from "../console/reader.ts";
import type { Subject } from "../console/state/read-state.ts";
import { verbRunner } from "../console/steer/run-verb.ts";
import { workOn } from "../at-work.ts";
import { releasesOf } from "../journal.ts";
import { openModel, sdkTarget, typedFor } from "../flow.ts";
import type { LocalPlace } from "../local/place.ts";
import { isRunningStill } from "../local/running-cloud.ts";
import { describeTarget, stackTarget } from "../stack-target.ts";

export interface ConsoleOptions {
  readonly stack?: string | undefined;
  readonly model?: string | undefined;
  readonly port: number;
  /** Where another process listens, and with which token. */
  readonly behind?: { readonly port: number; readonly token: string } | undefined;
}

/** Serves the page of one model of one stack until the server is closed. */
export async function startConsole(place: LocalPlace, options: ConsoleOptions): Promise<ConsoleServer> {
  const reader = openReader(() => subjectOf(place, options));
  const named = async () => {
    const { kind, stack, model } = (await reader.subject()).target;
    return [
      `--stack=${kind === "local" && stack === "local" ? stack : `${kind}:${stack}`}`,
      `--model=${model}`,
    ];
  };
  const environment = { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: place.directory };
  const runner = verbRunner({ cwd: place.root, environment, named }, reader.soon);
  const reports = openReports();
  const playground = openPlayground({
    send: (requestsPerMinute) => trafficBeside(place, requestsPerMinute),
    tasksOf: async (slot) => tasksOf(await reader.subject(), slot),
  });
  const api = consoleApi(reader, runner, reports, playground);
  const { port, behind } = options;
  const { pages } = reports;
  const where = behind === undefined ? { port, pages } : { shared: behind.port, token: behind.token, pages };
  const served = await serveConsole(api, where).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
      throw new UserError("BG430", `Port ${port} of 127.0.0.1 is taken.`);
    throw error;
  });
  const close = async () => {
    await Promise.all([served.close(), playground.close()]);
  };
  return { ...served, close };
}

/** The local cloud's `runtimeId` of a container is its process. */
async function tasksOf({ context, ecs }: Subject, slot: Slot) {
  const deployed = await requireDeployed(context);
  const serviceName = deployed.outputs.slots[slot].running?.serviceName;
  if (ecs === undefined || serviceName === undefined) throw new Refused(409, `${slot} runs nothing here.`);
  const { clusterName: cluster } = deployed.outputs;
  const { ECSClient, ListTasksCommand, DescribeTasksCommand } = await import("@aws-sdk/client-ecs");
  const client = new ECSClient(ecs);
  try {
    const { taskArns: tasks = [] } = await client.send(new ListTasksCommand({ cluster, serviceName }));
    if (tasks.length === 0) throw new Refused(409, `${slot} has no task.`);
    const { tasks: described = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks }));
    const pids = described.flatMap(({ containers = [] }) =>
      containers.flatMap(({ name, runtimeId }) => (name === "model" && runtimeId ? [Number(runtimeId)] : [])),
    );
    return { image: deployed.config.slots[slot].image ?? "", pids };
  } finally {
    client.destroy();
  }
}

async function subjectOf(place: LocalPlace, { stack, model }: ConsoleOptions): Promise<Subject> {
  const found = await stackTarget(stack, "reads", place, process.env);
  const { target, context } = await openModel(found, { model }, place, { report() {} }, "reads");
  const { fateOfRun } = openRunRecords(stateDirectory());
  const cloud = target.kind === "local" ? target.cloud : undefined;
  return {
    context,
    isStill: async () => cloud === undefined || (await isRunningStill(place, cloud)),
    target: {
      stack: target.stack,
      model: target.model,
      kind: target.kind,
      words: describeTarget(target, undefined),
      dashboard: cloud && `${cloud.url}/dashboard?token=${cloud.token}`,
    },
    ecs: cloud && { region: cloud.region, endpoint: cloud.url, credentials: localCredentials(cloud) },
    tools: { fateOfRun, leadsOf, works: () => workOn(target) },
    readLogs: cloud ? localLogs(cloud) : taskLogs(sdkTarget(target), () => context.clock.now()),
    speed: cloud?.speed ?? 1,
    releases: releasesOf(fullName(context), target, place),
    asTyped: typedFor(target, stack),
  };
}

/** With the person's own browser; where there is none the address is printed all the same. */
export function openBrowser(address: string): void {
  const command = { darwin: "open", win32: "explorer" }[process.platform as string] ?? "xdg-open";
  const child = spawn(command, [address], { stdio: "ignore", detached: true });
  child.once("error", () => {});
  child.unref();
}
