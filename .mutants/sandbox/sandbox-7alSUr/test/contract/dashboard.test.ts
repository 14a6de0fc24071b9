import { describe, expect, test } from "vitest";
import { JUDGING_ALARM_KEYS, alarmSpec } from "../../contract/alarms/alarm-catalog.ts";
import { renderDashboard, type DashboardPlace } from "../../contract/alarms/dashboard.ts";
import { isRecord } from "../../contract/config/field.ts";
import { perSlot, SLOTS, type Slot } from "../../contract/slot.ts";
import { readBody, type Body, type MetricWidget } from "../../packages/local-cloud/dashboards/body.ts";

const alarm = (name: string) => `arn:aws:cloudwatch:eu-west-1:000000000000:alarm:${name}`;
const place: DashboardPlace = {
  stack: "prod",
  region: "eu-west-1",
  loadBalancerSuffix: "app/lb/1",
  clusterName: "cluster",
  hasLabels: true,
  thresholds: {
    maxErrorRate: 0.02,
    maxSlowRate: 0.2,
    slowSeconds: 2.5,
    maxCpuUtilization: 70,
    maxMemoryUtilization: 80,
    minRequestsPerMinute: 20,
  },
  slots: perSlot((slot) => ({
    targetGroupSuffix: `targetgroup/${slot}/1`,
    serviceName: `service-${slot}`,
    alarmArns: [alarm(slot), alarm(`${slot}-cpu`)],
  })),
};

/** As the local cloud's PutDashboard reads it, by the structure that CloudWatch documents. */
function drawn(changed: Partial<DashboardPlace> = {}): Body {
  const read = readBody(JSON.stringify(renderDashboard({ ...place, ...changed })));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.body;
}

const graphs = (body: Body) => body.widgets.filter((widget) => widget.type === "metric");
const titleOf = (widget: MetricWidget) => widget.properties.title ?? "";
function graph(body: Body, title: string): MetricWidget {
  const found = graphs(body).filter((widget) => titleOf(widget).startsWith(title));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} graphs of ${title}`);
  return only;
}
const linesOf = ({ properties }: MetricWidget) =>
  (properties.annotations?.horizontal ?? []).flat().map(({ value }) => value);

describe("The dashboard", () => {
  test("shows labels by the greatest value of a minute, where the stack compares some", () => {
    const { metrics } = graph(drawn(), "green: labels a minute").properties;
    expect(metrics).toEqual([
      [
        "MlBlueGreen",
        "Labels",
        "Stack",
        "prod",
        "Slot",
        "green",
        expect.objectContaining({ stat: "Maximum" }),
      ],
      [
        "MlBlueGreen",
        "WrongLabels",
        "Stack",
        "prod",
        "Slot",
        "green",
        expect.objectContaining({ stat: "Maximum" }),
      ],
    ]);
    expect(
      graphs(drawn({ hasLabels: false }))
        .map(titleOf)
        .join(),
    ).not.toContain("labels");
  });

  test("shows both slots side by side, with the same graphs", () => {
    const body = drawn();
    const [blue = [], green = []] = SLOTS.map((slot) =>
      graphs(body)
        .filter((widget) => titleOf(widget).startsWith(`${slot}: `))
        .map((widget) => ({ ...widget, title: titleOf(widget).slice(slot.length) })),
    );
    const placed = (column: typeof blue) => column.map(({ title, y, height }) => ({ title, y, height }));
    expect(placed(blue)).toEqual(placed(green));
    expect(blue.map(({ x, width }) => [x, width])).toEqual(blue.map(() => [0, 12]));
    expect(green.map(({ x, width }) => [x, width])).toEqual(green.map(() => [12, 12]));
    const titles = blue.map(({ title }) => title).join("\n");
    for (const words of [
      "requests a minute",
      "answers a minute by status",
      "throughput",
      "seconds until the answer",
    ])
      expect(titles).toContain(words);
    for (const key of JUDGING_ALARM_KEYS) expect(titles).toContain(alarmSpec(key).title);
  });

  test("lets no two widgets lie on each other, and none stand out of the grid", () => {
    const taken = new Set<string>();
    for (const { x = 0, y = 0, width = 6, height = 6 } of drawn().widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      for (let column = x; column < x + width; column += 1) {
        for (let row = y; row < y + height; row += 1) {
          expect(taken.has(`${column}/${row}`)).toBe(false);
          taken.add(`${column}/${row}`);
        }
      }
    }
  });

  test("counts the answers of each slot by class of status", () => {
    const body = drawn();
    const counted = SLOTS.map((slot) => graph(body, `${slot}: answers`).properties.metrics ?? []);
    for (const [index, slot] of SLOTS.entries()) {
      expect(counted[index]?.map(([, name, , , , group]) => [name, group])).toEqual(
        ["2XX", "3XX", "4XX", "5XX"].map((name) => [
          `HTTPCode_Target_${name}_Count`,
          `targetgroup/${slot}/1`,
        ]),
      );
    }
  });

  test("draws the threshold of every alarm that judges where the alarm looks", () => {
    const body = drawn();
    const thresholds = JUDGING_ALARM_KEYS.map((key) =>
      linesOf(graph(body, `green: ${alarmSpec(key).title}`)),
    );
    expect(thresholds).toEqual(JUDGING_ALARM_KEYS.map((key) => [alarmSpec(key).threshold(place.thresholds)]));
    const latency = graph(body, "green: seconds until");
    expect(linesOf(latency)).toEqual([2.5]);
    const stats = latency.properties.metrics?.map((metric) => metric.at(-1));
    expect(stats).toMatchObject([{ stat: "p50" }, { stat: "p95" }, { stat: "p99" }]);
    expect(JSON.stringify(graph(body, "blue: requests a minute").properties.metrics)).toContain("TC(2.5:)");
  });

  test("measures each slot on its own target group and service", () => {
    const body = drawn();
    const dimensions = (slot: Slot, title: string) =>
      graph(body, `${slot}: ${title}`).properties.metrics?.[0]?.slice(0, -1);
    for (const slot of SLOTS) {
      const group = ["LoadBalancer", "app/lb/1", "TargetGroup", `targetgroup/${slot}/1`];
      expect(dimensions(slot, "seconds until")).toEqual([
        "AWS/ApplicationELB",
        "TargetResponseTime",
        ...group,
      ]);
      const service = ["ClusterName", "cluster", "ServiceName", `service-${slot}`];
      expect(dimensions(slot, "average CPU")).toEqual(["AWS/ECS", "CPUUtilization", ...service]);
    }
  });

  test("shows the release as the steps published it", () => {
    const body = drawn();
    const names = (title: string) =>
      graph(body, title).properties.metrics?.map((metric) => metric.slice(0, -1).join(" "));
    expect(names("Share of users")).toEqual([
      "MlBlueGreen Share Stack prod Slot blue",
      "MlBlueGreen Share Stack prod Slot green",
    ]);
    expect(names("Verdict and step")).toEqual([
      "MlBlueGreen Verdict Stack prod",
      "MlBlueGreen Step Stack prod",
    ]);
    expect(linesOf(graph(body, "Verdict and step"))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test("shows the alarms of a running slot, and says of an empty one that it is", () => {
    const slots = { ...place.slots, green: { ...place.slots.green, alarmArns: [] } };
    const { widgets } = drawn({ slots });
    const alarms = widgets.filter((widget) => widget.type === "alarm");
    expect(alarms.map(({ properties }) => properties.alarms)).toEqual([[alarm("blue"), alarm("blue-cpu")]]);
    const texts = widgets.filter((widget) => widget.type === "text");
    expect(texts.map(({ properties }) => properties.markdown).join("\n")).toContain("**green** is empty");
  });

  test("gives each metric of a graph an id of its own, and every expression finds what it names", () => {
    for (const { properties } of graphs(drawn())) {
      const renderings = (properties.metrics ?? []).map((metric) => metric.at(-1)).filter(isRecord);
      const ids = renderings.map(({ id }) => id).filter((id) => id !== undefined);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { expression } of renderings) {
        const names = String(expression ?? "").match(/\b[a-z][a-zA-Z0-9_]*\b/g) ?? [];
        for (const name of names) expect(ids).toContain(name);
      }
    }
  });
});
