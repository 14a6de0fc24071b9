import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { isRecord } from "../../contract/config/field.ts";
import { qualified } from "../../contract/config/own-keys.ts";
import { perSlot, type Slot } from "../../contract/slot.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { previousOf } from "../../contract/transition/previous.ts";
import {
  ACCOUNT,
  answerCall,
  HOME,
  splitOfOutputs,
  type LiveWeights,
  type MockPlace,
} from "./pulumi-mock-calls.ts";
import {
  recordRegistrations,
  shortName,
  STANDS_FOR_ALL,
  type Registered,
} from "./pulumi-mock-registrations.ts";
import { hostNameStates } from "./pulumi-mock-host-name.ts";
import { ID, PROJECT } from "./project.ts";
import { rawConfig, type WrittenConfig } from "./written-config.ts";

export type { Registered } from "./pulumi-mock-registrations.ts";
export { rawConfig, type WrittenConfig } from "./written-config.ts";

export interface ProgramRun {
  readonly resources: readonly Registered[];
  /** Tokens of the data sources that the program asked. */
  readonly calls: readonly string[];
  readonly outputs: unknown;
}

/** A stack that was never deployed has no outputs. */
export const NEVER_DEPLOYED: Readonly<Record<string, unknown>> = {};

/**
 * Runs the real Pulumi program against mocks. `last`: the outputs of the stack's last update; when they are not
 * given, the stack was deployed with this very configuration. `live`: the route as it is now. `secretKeys`: keys with a
 * secret in them. `program`: what it exports; undefined: that of the repository.
 * @throws what the program throws, such as the RunError of a refused configuration.
 */
export async function runProgram(
  written: WrittenConfig,
  stack = "dev",
  last: unknown = asDeployed(written, stack),
  live: LiveWeights = splitOfOutputs(last),
  secretKeys: readonly string[] = [],
  place: MockPlace = HOME,
  program = ownProgram,
): Promise<ProgramRun> {
  // Pulumi's SDK takes a stack trace for every promise; mapping their frames is four fifths of a run's time.
  const { stackTraceLimit, prepareStackTrace } = Error;
  Error.stackTraceLimit = 1;
  Object.assign(Error, { prepareStackTrace: undefined });
  try {
    return await run(written, stack, last, live, secretKeys, place, program);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Object.assign(Error, { prepareStackTrace });
  }
}

const ownProgram = async (): Promise<unknown> => (await import("../../infra/index.ts")).default;

function asDeployed(written: WrittenConfig, stack: string): unknown {
  const parsed = parseConfig(rawConfig(written));
  if (!parsed.ok) return NEVER_DEPLOYED;
  const { slots, ...routing } = previousOf(parsed.config);
  const outputsOf = (slot: Slot) => {
    const { minTasks, definition } = slots[slot] ?? {};
    return { running: definition && { image: definition.image, minTasks, definition } };
  };
  const variables = perSlot((slot) => slots[slot]?.variables);
  const { rolePath } = parsed.config.iam;
  const names = { project: PROJECT, stack, id: ID, ...(rolePath === "/" ? {} : { rolePath }) };
  return { ...routing, names, variables, slots: perSlot(outputsOf) };
}

async function run(
  written: WrittenConfig,
  stack: string,
  last: unknown,
  live: LiveWeights,
  secretKeys: readonly string[],
  place: MockPlace,
  program: () => Promise<unknown>,
): Promise<ProgramRun> {
  const calls: string[] = [];
  const { project = PROJECT } = place;
  const own = `${ORGANIZATION}/${project}/${stack}`;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => ({
        id: `${shortName(name)}-id`,
        state: {
          ...inputs,
          ...stateOf(type, shortName(name), isRecord(inputs) ? inputs : {}),
          ...(type === "pulumi:index:Stash" && place.forgotten && { output: place.forgotten.names }),
        },
      }),
      call: ({ token, inputs }) => {
        if (token === READ_STACK_OUTPUTS) {
          if (inputs["name"] !== own) throw new Error(`unknown stack "${String(inputs["name"])}"`);
          return { name: own, outputs: last, secretOutputNames: [] };
        }
        calls.push(token);
        return answerCall(token, isRecord(inputs) ? inputs : {}, last, live, place);
      },
    },
    project,
    stack,
    false,
    ORGANIZATION,
  );
  const resources = recordRegistrations();
  const raw = Object.entries(rawConfig(written)).map(([key, value]) => [qualified(key, project), value]);
  const secrets = secretKeys.map((key) => qualified(key, project));
  pulumi.runtime.setAllConfig(Object.fromEntries(raw), secrets);
  vi.resetModules();
  let refusal: unknown;
  const exported = await pulumi.runtime.runInPulumiStack(async () => {
    try {
      return await program();
    } catch (error) {
      // Thrown through here, it would also reject promises inside the SDK that nobody can await.
      refusal = error;
      return undefined;
    }
  });
  if (refusal !== undefined) throw refusal;
  const outputs = await new Promise((resolve) => {
    pulumi.output(exported).apply(resolve);
  });
  await pulumi.runtime.disconnect();
  return { resources: resources.filter(({ type }) => !STANDS_FOR_ALL.includes(type)), calls, outputs };
}

/** `type::name`, by which the helpers name a registration. */
export function keyOfResource({ type, name }: Registered): string {
  return `${type}::${name}`;
}

/** The one registration of that key. */
export function find(run: ProgramRun, key: string): Registered {
  const found = run.resources.filter((resource) => keyOfResource(resource) === key);
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} registrations of ${key}`);
  return only;
}

export function keysOf(run: ProgramRun): readonly string[] {
  return run.resources.map(keyOfResource).toSorted();
}

/** Which registrations two runs do not have in common, and in which of their inputs or options they differ. */
export function changesBetween(
  before: ProgramRun,
  after: ProgramRun,
): Readonly<Record<string, readonly string[]>> {
  const changes: Record<string, readonly string[]> = {};
  for (const key of new Set([...keysOf(before), ...keysOf(after)])) {
    const differing = differencesOf(partsOf(before, key), partsOf(after, key));
    if (differing.length > 0) changes[key] = differing;
  }
  return changes;
}

/** The top-level keys in which two objects differ. */
export function differencesOf(before: unknown, after: unknown): readonly string[] {
  const [a, b] = [isRecord(before) ? before : {}, isRecord(after) ? after : {}];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
    .filter((key) => !isDeepStrictEqual(a[key], b[key]))
    .toSorted();
}

function partsOf(run: ProgramRun, key: string): unknown {
  if (!keysOf(run).includes(key)) return undefined;
  const { inputs, options, secretPaths } = find(run, key);
  // To leave something as it is in the next update is no change.
  const { ignoreChanges: _left, ...others } = options;
  return { ...inputs, "(options)": others, "(secrets)": secretPaths };
}

const READ_STACK_OUTPUTS = "pulumi:pulumi:readStackOutputs";
const ORGANIZATION = "organization";

/** What a provider would add to the inputs, for the types whose outputs the program reads. */
function stateOf(type: string, name: string, inputs: Readonly<Record<string, unknown>>): object {
  const called = typeof inputs["name"] === "string" ? inputs["name"] : name;
  const elb = `arn:aws:elasticloadbalancing:${ACCOUNT}`;
  const states: Readonly<Record<string, object>> = {
    // Its output is its first input (pulumi, pkg/resource/deploy/builtins.go).
    "pulumi:index:Stash": { output: inputs["input"] },
    "aws:lb/targetGroup:TargetGroup": {
      arn: `${elb}:targetgroup/${called}/0123456789abcdef`,
      arnSuffix: `targetgroup/${called}/0123456789abcdef`,
    },
    ...hostNameStates(name, inputs),
    "aws:lb/listener:Listener": { arn: `${elb}:listener/app/mock/1/${name}` },
    "aws:lb/listenerRule:ListenerRule": { arn: `${elb}:listener-rule/app/mock/1/listener/${name}` },
    "aws:sns/topic:Topic": { arn: `arn:aws:sns:${ACCOUNT}:${called}` },
    "aws:lambda/function:Function": { arn: `arn:aws:lambda:${ACCOUNT}:function:${called}` },
    "aws:iam/role:Role": { arn: `arn:aws:iam::${ACCOUNT.split(":")[1]}:role/${called}` },
    "aws:ecs/cluster:Cluster": { arn: `arn:aws:ecs:${ACCOUNT}:cluster/${called}` },
    "aws:cloudwatch/metricAlarm:MetricAlarm": { arn: `arn:aws:cloudwatch:${ACCOUNT}:alarm:${called}` },
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
      arn: `arn:aws:cloudwatch:${ACCOUNT}:alarm:${String(inputs["alarmName"])}`,
    },
    "awsx:ec2:Vpc": {
      vpcId: "vpc-own",
      publicSubnetIds: ["subnet-public1", "subnet-public2"],
      privateSubnetIds: ["subnet-private1", "subnet-private2"],
    },
    "awsx:lb:ApplicationLoadBalancer": {
      loadBalancer: {
        arn: `${elb}:loadbalancer/app/${called}/1`,
        arnSuffix: `app/${called}/1`,
        dnsName: "lb.example.com",
        zoneId: "ZLOADBALANCER",
      },
    },
    "awsx:ecs:EC2TaskDefinition": {
      taskDefinition: { arn: `arn:aws:ecs:${ACCOUNT}:task-definition/${String(inputs["family"])}:1` },
    },
    "awsx:ecs:FargateTaskDefinition": {
      taskDefinition: { arn: `arn:aws:ecs:${ACCOUNT}:task-definition/${String(inputs["family"])}:1` },
    },
  };
  return states[type] ?? {};
}
