import {
  JUDGING_ALARM_KEYS,
  alarmSpec,
  type AlarmKey,
  type AlarmQuery,
  type MetricScope,
} from "./alarm-catalog.ts";
import { trimmedCount } from "./queries.ts";
import {
  RELEASE_DIMENSIONS,
  RELEASE_METRICS,
  RELEASE_NAMESPACE,
  VERDICT_CODES,
} from "../release/release-metrics.ts";
import { onFullName } from "../names/local-cloud.ts";
import { LABEL_METRICS } from "../signals/label-metrics.ts";
import type { Thresholds } from "../config/sections.ts";
import { SLOTS, type PerSlot, type Slot } from "../slot.ts";

/** What the dashboard of a stack is drawn from. Nothing here changes with the split or with roles. */
export interface DashboardPlace {
  readonly stack: string;
  readonly region: string;
  readonly loadBalancerSuffix: string;
  readonly clusterName: string;
  readonly thresholds: Thresholds;
  /** Whether the stack compares labels. */
  readonly hasLabels: boolean;
  readonly slots: PerSlot<{
    readonly targetGroupSuffix: string;
    readonly serviceName: string;
    /** The slot's alarms, the composite first; none while the slot is empty. */
    readonly alarmArns: readonly string[];
  }>;
}

/** CloudWatch's own form: "Dashboard body structure and syntax" of its API reference. */
export interface DashboardBody {
  readonly start: string;
  readonly periodOverride: "inherit";
  readonly widgets: readonly Widget[];
}

export interface Widget {
  readonly type: "metric" | "alarm" | "text";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: Readonly<Record<string, unknown>>;
}

type Metric = readonly (string | Readonly<Record<string, unknown>>)[];
type GraphLine = Readonly<{ label: string; value: number; color: string }>;
type Block = Pick<Widget, "type" | "properties">;

const GRID = 24;
const PERIOD_SECONDS = 60;
const COLORS = {
  blue: "#1f77b4",
  green: "#2ca02c",
  good: "#2ca02c",
  bad: "#d62728",
  late: "#ff7f0e",
  calm: "#7f7f7f",
} as const;

/** The release on top, then the two slots side by side, each graph on the scale of its neighbour's kind. */
export function renderDashboard(place: DashboardPlace): DashboardBody {
  const rows: readonly { readonly height: number; readonly blocks: readonly Block[] }[] = [
    { height: 3, blocks: [legend(place)] },
    { height: 6, blocks: [shares(place), verdicts(place)] },
    { height: 3, blocks: SLOTS.map((slot) => alarms(place, slot)) },
    ...[requests, answers, throughput, latency, ...(place.hasLabels ? [labels] : [])].map((draw) => ({
      height: 5,
      blocks: SLOTS.map((slot) => draw(place, slot)),
    })),
    ...JUDGING_ALARM_KEYS.map((key) => ({
      height: 5,
      blocks: SLOTS.map((slot) => watched(place, slot, key)),
    })),
  ];
  let y = 0;
  const widgets = rows.flatMap(({ height, blocks }) => {
    const width = GRID / blocks.length;
    const row = blocks.map((block, index): Widget => ({ ...block, x: index * width, y, width, height }));
    y += height;
    return row;
  });
  return { start: "-PT3H", periodOverride: "inherit", widgets };
}

function legend({ stack }: DashboardPlace): Block {
  const verdicts = Object.entries(VERDICT_CODES).map(([name, code]) => `${code} ${name}`);
  const markdown = [
    `# ${stack}`,
    `The release as \`npx bluegreen step\` saw it: shares, step of the schedule (0: no candidate has users), verdict (${verdicts.join(", ")}). Below, blue on the left, green on the right; red lines are the thresholds that roll a candidate back.`,
    `Where it stands, and why: \`${onFullName("npx bluegreen status", stack)}\`. Way back: \`${onFullName("npx bluegreen revert", stack)}\`. Logs: \`${onFullName("npx bluegreen logs <slot>", stack)}\`.`,
  ].join("\n\n");
  return { type: "text", properties: { markdown } };
}

function shares({ stack, region }: DashboardPlace): Block {
  const share = (slot: Slot): Metric => [
    RELEASE_NAMESPACE,
    RELEASE_METRICS.share,
    RELEASE_DIMENSIONS.stack,
    stack,
    RELEASE_DIMENSIONS.slot,
    slot,
    { label: slot, color: COLORS[slot], stat: "Average" },
  ];
  return graph(region, "Share of users, %", SLOTS.map(share), { stacked: true, max: 100 });
}

function verdicts({ stack, region }: DashboardPlace): Block {
  const of = (name: string, color: string): Metric => [
    RELEASE_NAMESPACE,
    name,
    RELEASE_DIMENSIONS.stack,
    stack,
    { label: name.toLowerCase(), color, stat: "Maximum" },
  ];
  const metrics = [of(RELEASE_METRICS.verdict, COLORS.bad), of(RELEASE_METRICS.step, COLORS.calm)];
  const lines = Object.entries(VERDICT_CODES).map(([label, value]) => ({ label, value, color: COLORS.calm }));
  return graph(region, "Verdict and step", metrics, { lines });
}

function alarms({ slots }: DashboardPlace, slot: Slot): Block {
  const { alarmArns } = slots[slot];
  return alarmArns.length === 0
    ? { type: "text", properties: { markdown: `**${slot}** is empty: no model, no alarms.` } }
    : { type: "alarm", properties: { title: `${slot}: alarms`, alarms: alarmArns } };
}

function requests(place: DashboardPlace, slot: Slot): Block {
  const { thresholds, region } = place;
  // What both alarms on failures count: 5xx answers, and requests that got no answer at all.
  const counted = drawn(place, slot, "unanswered-rate").map((metric) =>
    isHidden(metric) ? metric : undefined,
  );
  const metrics: readonly Metric[] = [
    ...counted.filter((metric) => metric !== undefined),
    expression("all", "FILL(requests, 0)", "requests", COLORS[slot]),
    expression("failed", "FILL(errors, 0)", "answered 5xx", COLORS.bad),
    expression(
      "unanswered",
      "FILL(requests, 0) - FILL(ok, 0) - FILL(redirects, 0) - FILL(refusals, 0) - FILL(errors, 0)",
      "unanswered",
      COLORS.calm,
    ),
    onGroup(place, slot, "TargetResponseTime", {
      id: "slow",
      stat: trimmedCount(thresholds.slowSeconds),
      label: `slower than ${thresholds.slowSeconds} s`,
      color: COLORS.late,
    }),
  ];
  return graph(region, `${slot}: requests a minute`, metrics);
}

const ANSWER_COLORS = {
  "2XX": COLORS.good,
  "3XX": COLORS.calm,
  "4XX": COLORS.late,
  "5XX": COLORS.bad,
} as const;

/** Each class of its own: a model that refuses what the other takes shows in no graph of failures. */
function answers(place: DashboardPlace, slot: Slot): Block {
  const metrics = Object.entries(ANSWER_COLORS).map(([name, color]) =>
    onGroup(place, slot, `HTTPCode_Target_${name}_Count`, { stat: "Sum", label: name.toLowerCase(), color }),
  );
  return graph(place.region, `${slot}: answers a minute by status`, metrics);
}

function throughput(place: DashboardPlace, slot: Slot): Block {
  const metrics = [
    onGroup(place, slot, "RequestCount", { id: "requests", stat: "Sum", visible: false }),
    expression("rate", `FILL(requests, 0) / ${PERIOD_SECONDS}`, "requests a second", COLORS[slot]),
  ];
  return graph(place.region, `${slot}: throughput, requests a second`, metrics);
}

function latency(place: DashboardPlace, slot: Slot): Block {
  const { slowSeconds } = place.thresholds;
  const shades = { p50: COLORS.calm, p95: COLORS[slot], p99: COLORS.late } as const;
  const metrics = Object.entries(shades).map(([stat, color]) =>
    onGroup(place, slot, "TargetResponseTime", { stat, label: stat, color }),
  );
  const lines = [{ label: "slow", value: slowSeconds, color: COLORS.bad }];
  return graph(place.region, `${slot}: seconds until the answer begins`, metrics, { lines });
}

/** What `feedback` was told, at the minutes of the predictions. */
function labels({ stack, region }: DashboardPlace, slot: Slot): Block {
  const of = (name: string, label: string, color: string): Metric => [
    RELEASE_NAMESPACE,
    name,
    RELEASE_DIMENSIONS.stack,
    stack,
    RELEASE_DIMENSIONS.slot,
    slot,
    { label, color, stat: "Maximum" },
  ];
  const { labels: known, wrong } = LABEL_METRICS;
  return graph(region, `${slot}: labels a minute of predictions`, [
    of(known, "labels", COLORS[slot]),
    of(wrong, "wrong", COLORS.bad),
  ]);
}

/** What an alarm of the catalogue looks at, with its threshold. */
function watched(place: DashboardPlace, slot: Slot, key: AlarmKey): Block {
  const spec = alarmSpec(key);
  const value = spec.threshold(place.thresholds);
  const sign = spec.comparison === "LessThanThreshold" ? "less than" : "more than";
  const lines = [{ label: `ALARM at ${sign} ${value}`, value, color: COLORS.bad }];
  return graph(place.region, `${slot}: ${spec.title}`, drawn(place, slot, key), { lines });
}

/** The queries of an alarm as metrics of a graph: only the last one, its measure, is visible. */
function drawn(place: DashboardPlace, slot: Slot, key: AlarmKey): readonly Metric[] {
  const queries = alarmSpec(key).queries(place.thresholds);
  return queries.map((query: AlarmQuery, index): Metric => {
    const isMeasure = index === queries.length - 1;
    if ("expression" in query) return expression(query.id, query.expression, key, COLORS[slot]);
    const shown = isMeasure ? { label: key, color: COLORS[slot] } : { visible: false };
    const { id, metricName, stat, scope } = query;
    return metric(place, slot, scope, metricName, { id, stat, ...shown });
  });
}

function isHidden(metric: Metric): boolean {
  const last = metric.at(-1);
  return typeof last === "object" && last["visible"] === false;
}

const onGroup = (
  place: DashboardPlace,
  slot: Slot,
  name: string,
  rendering: Readonly<Record<string, unknown>>,
) => metric(place, slot, "targetGroup", name, rendering);

function metric(
  { loadBalancerSuffix, clusterName, slots }: DashboardPlace,
  slot: Slot,
  scope: MetricScope,
  name: string,
  rendering: Readonly<Record<string, unknown>>,
): Metric {
  const { targetGroupSuffix, serviceName } = slots[slot];
  const places = {
    targetGroup: ["AWS/ApplicationELB", "LoadBalancer", loadBalancerSuffix, "TargetGroup", targetGroupSuffix],
    service: ["AWS/ECS", "ClusterName", clusterName, "ServiceName", serviceName],
  } as const;
  const [namespace, ...dimensions] = places[scope];
  return [namespace, name, ...dimensions, rendering];
}

function expression(id: string, text: string, label: string, color: string): Metric {
  return [{ id, expression: text, label, color }];
}

function graph(
  region: string,
  title: string,
  metrics: readonly Metric[],
  look: { readonly stacked?: boolean; readonly max?: number; readonly lines?: readonly GraphLine[] } = {},
): Block {
  const { stacked = false, max, lines = [] } = look;
  return {
    type: "metric",
    properties: {
      title,
      region,
      view: "timeSeries",
      stacked,
      period: PERIOD_SECONDS,
      stat: "Average",
      metrics,
      yAxis: { left: { min: 0, ...(max === undefined ? {} : { max }), showUnits: false } },
      ...(lines.length === 0 ? {} : { annotations: { horizontal: lines } }),
    },
  };
}

/** Where a person opens it in a browser. */
export function dashboardUrl(region: string, name: string): string {
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
}
