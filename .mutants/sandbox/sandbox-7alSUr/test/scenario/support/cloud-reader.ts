import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Endpoint } from "../../../cli/local/endpoint.ts";
import type { LocalPlace } from "../../../cli/local/place.ts";
import { localCredentials } from "../../../packages/local-cloud/access/address.ts";
import { parseOutputs, type StackOutputs } from "../../../contract/names/outputs.ts";
import { perSlot, type PerSlot, type Slot } from "../../../contract/slot.ts";
import type { LocalEngine } from "../../../cli/local/engine.ts";
import { LOCAL_STACK } from "../../../cli/local/project.ts";

/** One update in the history. */
export interface HistoryEntry {
  readonly message: string;
  readonly result: string;
  readonly resourceChanges: Readonly<Record<string, number>>;
  readonly config: Readonly<Record<string, { readonly value?: string; readonly objectValue?: unknown }>>;
}

/** How a stack stands: what is deployed, and what users really have. */
export interface Standing {
  readonly activeSlot: string;
  /** Percent configured as shifted. */
  readonly shifted: PerSlot<number>;
  readonly live: PerSlot<number>;
  readonly releaseState: string | undefined;
  /** Without their digests. */
  readonly images: PerSlot<string | undefined>;
}

interface SdkSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** The cloud and the stack through the real SDK clients and the engine's own commands: nothing of the product. */
export interface CloudReader {
  /** Settings of an SDK client of this cloud. */
  readonly sdk: SdkSettings;
  /** URL of the model, for users. */
  url(): string;
  outputs(): Promise<StackOutputs>;
  /** Weights of the route. */
  live(): Promise<PerSlot<number>>;
  standing(): Promise<Standing>;
  /** Newest first. */
  history(): Promise<readonly HistoryEntry[]>;
  /** Process ids of the tasks that run, of one slot or of all. */
  taskPids(slot?: Slot): Promise<readonly number[]>;
  healthyTargets(slot: Slot): Promise<number>;
  /** What the task definition of a running slot puts into its container's environment. */
  environment(slot: Slot): Promise<Readonly<Record<string, string>>>;
  close(): void;
}

export function openCloudReader(
  { directory }: LocalPlace,
  endpoint: Endpoint,
  engine: LocalEngine,
  stack = LOCAL_STACK,
): CloudReader {
  const { url, region } = endpoint;
  const sdk = { endpoint: url, region, credentials: localCredentials(endpoint) };
  const elb = new ElasticLoadBalancingV2Client(sdk);
  const ecs = new ECSClient(sdk);
  let last: StackOutputs | undefined;

  const pulumi = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await engine.runPulumi([...args, "--stack", stack], {
      cwd: directory,
    });
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")}: ${stderr}`);
    return JSON.parse(stdout);
  };
  const outputs = async () => {
    last = parseOutputs(await pulumi("stack", "output", "--json"));
    if (last === undefined) throw new Error("the stack has no outputs");
    return last;
  };
  // The engine's own JSON, in the shape of Pulumi's.
  const history = async () => (await pulumi("stack", "history", "--json")) as readonly HistoryEntry[];
  const live = async () => {
    const { routeArn, slots } = await outputs();
    const { Rules = [] } = await elb.send(new DescribeRulesCommand({ RuleArns: [routeArn] }));
    const groups = Rules[0]?.Actions?.[0]?.ForwardConfig?.TargetGroups ?? [];
    return perSlot(
      (slot) =>
        groups.find(({ TargetGroupArn }) => TargetGroupArn === slots[slot].targetGroupArn)?.Weight ?? 0,
    );
  };

  return {
    sdk,
    outputs,
    live,
    history,
    url() {
      if (last === undefined) throw new Error("the stack is not up yet");
      return last.url;
    },
    async standing() {
      const [deployed] = (await history()).filter(({ result }) => result === "succeeded");
      const config = Object.entries(deployed?.config ?? {});
      const value = (key: string) => config.find(([name]) => name.endsWith(`:${key}`))?.[1].value;
      const field = (key: string, name: string): string | undefined => JSON.parse(value(key) ?? "{}")[name];
      return {
        activeSlot: value("activeSlot") ?? "blue",
        shifted: perSlot((slot) => Number(value(`${slot}Weight`) ?? 0)),
        live: await live(),
        releaseState: field("release", "state"),
        images: perSlot((slot) => field(slot, "image")?.replace(/@.*/, "")),
      };
    },
    async taskPids(slot) {
      const { clusterName: cluster, slots } = await outputs();
      const services = slot === undefined ? [undefined] : [slots[slot].running?.serviceName];
      const listed = await Promise.all(
        services.map((serviceName) => ecs.send(new ListTasksCommand({ cluster, serviceName }))),
      );
      const tasks = listed.flatMap(({ taskArns = [] }) => taskArns);
      if (tasks.length === 0) return [];
      const described = await ecs.send(new DescribeTasksCommand({ cluster, tasks }));
      return (described.tasks ?? []).flatMap(({ containers = [] }) =>
        containers.flatMap(({ runtimeId }) => (runtimeId === undefined ? [] : [Number(runtimeId)])),
      );
    },
    async healthyTargets(slot) {
      const { slots } = await outputs();
      const command = new DescribeTargetHealthCommand({ TargetGroupArn: slots[slot].targetGroupArn });
      const { TargetHealthDescriptions = [] } = await elb.send(command);
      return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === "healthy").length;
    },
    async environment(slot) {
      const { slots } = await outputs();
      const taskDefinition = slots[slot].running?.taskDefinitionArn;
      const described = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
      const { containerDefinitions = [] } = described.taskDefinition ?? {};
      const container = containerDefinitions.find(({ name }) => name === "model");
      return Object.fromEntries(
        (container?.environment ?? []).map(({ name = "", value = "" }) => [name, value]),
      );
    },
    close() {
      elb.destroy();
      ecs.destroy();
    },
  };
}
