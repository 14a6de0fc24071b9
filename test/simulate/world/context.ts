import { ALARM_KEYS, alarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import { SLOT_TAG } from "../../../contract/route/route.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import { fileMemo } from "../../../validation/adapters/route-memo.ts";
import type { AlarmReading } from "../../../validation/core/observation.ts";
import type { Context, Reporter } from "../../../validation/ports.ts";
import { PROJECT } from "../../support/project.ts";
import { memoryLabels } from "../../validation/support/label-world.ts";
import { ROUTE_ARN, STACK } from "../../validation/support/world.ts";
import type { Reach } from "../engine/incidents.ts";
import type { ProcessOnMachine } from "../engine/machine.ts";
import { onDiskOf } from "../disk/of-process.ts";
import type { CloudOfOne } from "./cloud-of-one.ts";
import { slotOfGroup } from "./figures.ts";
import { CANDIDATE } from "../watch/slots.ts";
import { slotOfArn } from "./rule-on-elb.ts";
import { storeOf } from "./store.ts";

export interface ContextOptions {
  readonly force: boolean;
  readonly reporter: Reporter;
}

/** What a flow of a process works with. On AWS the cloud's clock is the machine's own. */
export function contextOf(
  cloud: CloudOfOne,
  by: ProcessOnMachine,
  { force, reporter }: ContextOptions,
): Context {
  const { wire, timeline } = cloud;
  const call = <T>(reach: Reach, what: string, effect: (staleMs: number) => T) =>
    noticing(by, what, wire.call({ by, reach, what, effect }));
  let forces = force;
  return {
    project: PROJECT,
    stack: STACK,
    owner: by.owner,
    takeForce: () => {
      const answer = forces;
      forces = false;
      return answer;
    },
    logsOf: async () => "nowhere",
    lastLines: async () => [],
    clock: {
      now: () => by.clockMs(),
      wall: () => by.clockMs(),
      fromWall: (wallMs) => wallMs,
      async sleep(ms) {
        await timeline.wait(Math.max(200, ms));
        if (!by.lives) await new Promise<never>(() => {});
      },
    },
    store: storeOf(cloud, by),
    ...elbPorts(cloud, by, call),
    alarms: {
      async read(names) {
        const at = (staleMs: number) => alarmsAt(cloud, names, cloud.nowMs() - 6 * staleMs);
        return (by.shown.alarms = await call("alarms", "DescribeAlarms", at));
      },
    },
    metrics: {
      read: (requests, fromMs, toMs) =>
        call(
          "metrics",
          "GetMetricData",
          (staleMs) =>
            new Map(
              requests.map(({ id, queries, periodSeconds, place }) => {
                const range = { fromMs, toMs, periodMs: periodSeconds * 1000 };
                const slot = slotOfGroup(place.targetGroupSuffix);
                return [id, cloud.figures.points(slot, queries, range, cloud.nowMs() - staleMs)];
              }),
            ),
        ),
    },
    services: {
      async read(_cluster, names) {
        const slot = (name: string): Slot => (name === "service-blue" ? "blue" : "green");
        const at = (staleMs: number) =>
          new Map(names.map((name) => [name, cloud.serviceOf(slot(name), staleMs)]));
        const read = await call("services", "DescribeServices", at);
        by.shown.service = read.get(`service-${CANDIDATE}`);
        return read;
      },
    },
    customGates: { ask: async () => ({ readable: false, why: "nobody is there" }) },
    signalRows: { read: async () => ({ readable: false, why: "nobody is there" }) },
    memo: fileMemo(onDiskOf(by, "route")),
    publisher: {
      publish: () => call("metrics", "PutMetricData", () => {}),
      publishLabels: async () => {},
    },
    predictions: { find: async () => new Map() },
    labels: () => memoryLabels(new Map()),
    reporter,
  };
}

type Call = <T>(reach: Reach, what: string, effect: (staleMs: number) => T) => Promise<T>;

function elbPorts(
  { rule, tasks, nowMs }: CloudOfOne,
  by: ProcessOnMachine,
  call: Call,
): Pick<Context, "route" | "health"> {
  const slotOf = (arn: string): Slot => slotOfArn(arn) ?? "blue";
  return {
    route: {
      read: (routeArn) =>
        call("route", "DescribeRules", (staleMs) => ({ routeArn, groups: rule.forward(staleMs).groups })),
      tags: (arns) => call("tags", "DescribeTags", (staleMs) => tagsOf(arns, rule.tags(staleMs))),
      write: (_arn, forward) =>
        call("route", "ModifyRule", () =>
          rule.modify(forward, { by: by.name, how: "emergency", beganMs: nowMs() }),
        ),
      tag: (_arn, key, value) => call("tags", "AddTags", () => rule.tag({ [key]: value })),
      untag: (_arn, key) => call("tags", "RemoveTags", () => rule.untag([key])),
      find: () => call("tags", "looking for the route by its tags", () => [ROUTE_ARN]),
      models: async () => [PROJECT],
    },
    health: {
      async targets(arn) {
        const at = (staleMs: number) => tasks.targets(slotOf(arn), nowMs() - staleMs);
        const read = await call("health", "DescribeTargetHealth", at);
        if (slotOf(arn) === CANDIDATE) by.shown.targets = read;
        return read;
      },
      zones: (arn) => call("health", "DescribeTargetHealth", () => (slotOf(arn), [])),
      failedChecks: async () => ["Health checks failed with these codes: [500]"],
    },
  };
}

/** What a look looks at, beside the route and the state, without which it does not begin. */
const LOOKED_AT: ReadonlySet<string> = new Set([
  "DescribeAlarms",
  "GetMetricData",
  "DescribeServices",
  "DescribeTargetHealth",
]);

function noticing<T>(by: ProcessOnMachine, what: string, answer: Promise<T>): Promise<T> {
  // Each look begins with the route.
  if (what === "DescribeRules") {
    by.blindTo.clear();
    by.shown.forget();
  }
  return answer.catch((error: unknown) => {
    if (LOOKED_AT.has(what)) by.blindTo.add(what);
    if (what === "AddTags") by.couldNotTag = true;
    throw error;
  });
}

/** Target groups say whose they are; the rule has the copy of the release. */
export const tagsOf = (arns: readonly string[], ofRule: Readonly<Record<string, string>>) =>
  new Map(
    arns.map((arn) => {
      const slot = slotOfArn(arn);
      return [arn, slot === undefined ? ofRule : { [SLOT_TAG]: slot }] as const;
    }),
  );

/** Names that do not exist are absent from the answer. */
function alarmsAt(cloud: CloudOfOne, names: readonly string[], atMs: number): readonly AlarmReading[] {
  const all = cloud.alarms.at(atMs);
  return names.flatMap((name): AlarmReading[] => {
    const slot = SLOTS.find((one) => name.startsWith(`${one}-`));
    const key = ALARM_KEYS.find((one) => slot !== undefined && name === `${slot}-${one}`);
    const alarm = all.get(name);
    if (alarm === undefined || key === undefined) return [];
    const { periodSeconds, datapointsToAlarm } = alarmSpec(key);
    return [
      {
        name,
        state: alarm.state,
        evaluationState: cloud.arePartial() ? "PARTIAL_DATA" : undefined,
        transitionedMs: alarm.transitionedMs,
        configuredMs: undefined,
        firesAfterMs: (datapointsToAlarm + 1) * periodSeconds * 1000,
        reason: alarm.reason,
      },
    ];
  });
}
