import fc from "fast-check";
import { expect, it } from "vitest";
import { isRecord } from "../../is-record.ts";
import { Stopped } from "../../../pulumi-engine/deployment/control.ts";
import { NoAnswer, type Properties, type Provider } from "../../../pulumi-engine/values/provider.ts";
import type { ResourceState } from "../../../pulumi-engine/state/state.ts";
import { bench } from "../../../pulumi-engine/test/support/bench.ts";
import { fakeCloud } from "../../../pulumi-engine/test/support/fake-provider.ts";
import { createTestCloud, type TestCloud } from "./cloud.ts";
import { registerStack, stacks, type StackModel } from "./model-stack.ts";

type CarryOut = () => Promise<unknown>;

/** What can become of a call that changes something, and of what the engine hears about it. */
const MISHAPS = {
  "is refused": () => Promise.reject(new Error("quota")),
  "is carried out, and the answer is lost": async (carryOut: CarryOut) => {
    await carryOut();
    throw new NoAnswer("connection reset");
  },
  "never reaches the cloud, and no answer comes": () => Promise.reject(new NoAnswer("connection reset")),
  "is the last one, because of Ctrl-C": (carryOut: CarryOut, stop: () => void) => {
    stop();
    return carryOut();
  },
};
interface Mishap {
  readonly kind: keyof typeof MISHAPS;
  readonly verb: "create" | "update" | "delete";
  /** Which of the update's calls of this verb, from 1. */
  readonly nth: number;
}

const mishaps: fc.Arbitrary<Mishap> = fc.record({
  kind: fc.constantFrom(
    "is refused",
    "is carried out, and the answer is lost",
    "never reaches the cloud, and no answer comes",
    "is the last one, because of Ctrl-C",
  ),
  verb: fc.constantFrom("create", "update", "delete"),
  nth: fc.integer({ min: 1, max: 6 }),
});
interface Update {
  readonly model: StackModel;
  readonly mishap: Mishap | undefined;
}
const updates: fc.Arbitrary<Update> = fc.record({
  model: stacks,
  mishap: fc.option(mishaps, { nil: undefined, freq: 4 }),
});

it("whatever stacks of the types that we use are deployed, and whatever becomes of a call, the cloud ends as the last one says", async () => {
  const happened = new Set<string>();
  const missing = () => {
    const seen = [...happened].join();
    return ["create", "update", "delete", ...Object.keys(MISHAPS)].filter((part) => !seen.includes(part));
  };
  const draw = () =>
    fc.assert(
      fc.asyncProperty(fc.array(updates, { minLength: 1, maxLength: 4 }), async (history) => {
        const cloud = createTestCloud();
        try {
          await live(cloud, history, happened);
        } finally {
          await cloud.close();
        }
      }),
      { numRuns: 30 },
    );
  await draw();
  // Not in vain: now and then chance leaves out something of all that can become of a call.
  for (let more = 0; more < 3 && missing().length > 0; more += 1) await draw();
  expect(missing()).toEqual([]);
});

async function live(cloud: TestCloud, history: readonly Update[], happened: Set<string>): Promise<void> {
  const seat = { ...fakeCloud(), provider: cloud.provider as Provider };
  const stack = bench(seat);
  const deploy = (model: StackModel) =>
    stack.deploy([], {
      async program(deployment) {
        await registerStack(deployment, model).catch(unlessStopped);
        // As the engine does once the program has ended, however it did.
        await stack.control.idle();
      },
    });
  for (const { model, mishap } of history) {
    if (mishap !== undefined) {
      seat.provider = withMishap(cloud.provider, mishap, () => stack.control.stop(), happened);
      await deploy(model);
      seat.provider = cloud.provider;
      expectNothingLost(await existing(cloud), stack.saved);
    }
    // As a person does after a failure: the same once more.
    expect(await deploy(model)).toMatchObject({ succeeded: true, errors: [] });
    expect(stack.saved.pending).toEqual([]);
    expect(await existing(cloud)).toEqual(byType(stack.saved.resources));
    expect(await differing(cloud.provider, stack.saved.resources)).toEqual([]);
    cloud.writes();
    expect(await deploy(model)).toMatchObject({ succeeded: true });
    expect(cloud.writes()).toEqual([]);
  }
}

function unlessStopped(error: unknown): void {
  if (!(error instanceof Stopped)) throw error;
}

function withMishap(
  provider: Provider,
  { kind, verb, nth }: Mishap,
  stop: () => void,
  happened: Set<string>,
): Provider {
  let calls = 0;
  const act = async <T>(called: Mishap["verb"], carryOut: () => Promise<T>): Promise<T> => {
    if (called !== verb) return carryOut();
    calls += 1;
    if (calls !== nth) return carryOut();
    happened.add(`${verb} ${kind}`);
    // A mishap rejects, or answers what carrying it out answers.
    return (await MISHAPS[kind](carryOut, stop)) as T;
  };
  return {
    ...provider,
    create: (request) => act("create", () => provider.create(request)),
    update: (request) => act("update", () => provider.update(request)),
    delete: (request) => act("delete", () => provider.delete(request)),
  };
}

type Counts = Readonly<Record<string, number>>;

const LISTED: Readonly<Record<string, (cloud: TestCloud) => Promise<readonly unknown[]>>> = {
  "aws:lb/loadBalancer:LoadBalancer": ({ elbv2 }) => listed(elbv2, "DescribeLoadBalancers", "LoadBalancers"),
  "aws:lb/targetGroup:TargetGroup": ({ elbv2 }) => listed(elbv2, "DescribeTargetGroups", "TargetGroups"),
  "aws:lb/listener:Listener": (cloud) => listeners(cloud),
  "aws:lb/listenerRule:ListenerRule": async (cloud) => {
    const rules = (await listeners(cloud)).map(({ ListenerArn }) =>
      listed(cloud.elbv2, "DescribeRules", "Rules", { ListenerArn }),
    );
    return (await Promise.all(rules)).flat().filter(({ IsDefault }) => IsDefault !== true);
  },
  "aws:ecs/cluster:Cluster": ({ ecs }) => clusters(ecs),
  "aws:ecs/service:Service": async ({ ecs }) =>
    (await clusters(ecs)).length === 0
      ? []
      : listed(ecs, "ListServices", "serviceArns", { cluster: "models" }),
  "aws:appautoscaling/target:Target": ({ autoScaling }) =>
    listed(autoScaling, "DescribeScalableTargets", "ScalableTargets", { ServiceNamespace: "ecs" }),
  "aws:appautoscaling/policy:Policy": ({ autoScaling }) =>
    listed(autoScaling, "DescribeScalingPolicies", "ScalingPolicies", { ServiceNamespace: "ecs" }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": ({ cloudwatch }) =>
    listed(cloudwatch, "DescribeAlarms", "MetricAlarms", { AlarmTypes: ["MetricAlarm"] }),
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": ({ cloudwatch }) =>
    listed(cloudwatch, "DescribeAlarms", "CompositeAlarms", { AlarmTypes: ["CompositeAlarm"] }),
};

async function listed(
  operations: TestCloud["elbv2"],
  operation: string,
  member: string,
  input: Properties = {},
): Promise<readonly Properties[]> {
  const answer: unknown = await operations[operation]?.(input);
  const members = isRecord(answer) ? answer[member] : undefined;
  if (!Array.isArray(members)) throw new Error(`${operation} answers no ${member}`);
  return members;
}

async function listeners({ elbv2 }: TestCloud): Promise<readonly Properties[]> {
  const balancers = await listed(elbv2, "DescribeLoadBalancers", "LoadBalancers");
  const found = balancers.map(({ LoadBalancerArn }) =>
    listed(elbv2, "DescribeListeners", "Listeners", { LoadBalancerArn }),
  );
  return (await Promise.all(found)).flat();
}

async function clusters(ecs: TestCloud["ecs"]): Promise<readonly Properties[]> {
  const found = await listed(ecs, "DescribeClusters", "clusters", { clusters: ["models"] });
  return found.filter(({ status }) => status === "ACTIVE");
}

/** How many of each type really exist. Task definitions stay on AWS, whoever deregisters them. */
async function existing(cloud: TestCloud): Promise<Counts> {
  const counts = Object.entries(LISTED).map(
    async ([type, list]) => [type, (await list(cloud)).length] as const,
  );
  return Object.fromEntries(await Promise.all(counts));
}

function byType(resources: readonly Pick<ResourceState, "type">[]): Counts {
  const count = (wanted: string) => resources.filter(({ type }) => type === wanted).length;
  return Object.fromEntries(Object.keys(LISTED).map((type) => [type, count(type)]));
}

/** Whatever exists is in the state, or named there as a creation that was begun. */
function expectNothingLost(
  real: Counts,
  { resources, pending }: { resources: readonly ResourceState[]; pending: readonly { urn: string }[] },
): void {
  const begun = pending.map(({ urn }) => ({ type: urn.split("::").at(-2) ?? "" }));
  const known = byType([...resources, ...begun]);
  const lost = Object.entries(real).filter(([type, count]) => count > (known[type] ?? 0));
  expect(lost).toEqual([]);
}

/** Resources that are not what the program declares; a refresh would show them. */
async function differing(
  provider: Provider,
  resources: readonly ResourceState[],
): Promise<readonly string[]> {
  const found = await Promise.all(
    resources.map(async ({ type, urn, id = "", inputs, outputs }) => {
      const live = await provider.read({ type, urn, id, inputs, outputs });
      if (live === undefined) return [`${urn} is gone`];
      const { changes } = await provider.diff({ type, urn, id, olds: live.inputs, news: inputs, outputs });
      return changes.map((path) => `${urn} ${path}`);
    }),
  );
  return found.flat();
}
