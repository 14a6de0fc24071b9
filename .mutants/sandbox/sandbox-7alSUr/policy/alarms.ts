import type { PolicyRule } from "./rule.ts";
import { bag, list, text } from "./values.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

export const alarmRules: readonly PolicyRule[] = [
  {
    name: "missing-data-decided",
    description:
      "An alarm on the load balancer's metrics says what silence means: ELB publishes nothing for a slot without users. It may take minutes for missing where HealthyHostCount tells which of them are published. No alarm ignores missing data: it would stay OK for ever.",
    // What is left out arrives as the provider's default, `missing`: the two cannot be told apart here.
    each: ({ type, props }) => {
      if (type !== ALARM) return [];
      const treatment = text(props["treatMissingData"]) || "missing";
      if (treatment === "ignore") return ["ignores missing data"];
      const asked = metricsOf(props);
      const isOpen = !asked.some(({ name }) => name === "HealthyHostCount");
      return treatment === "missing" && isOpen && asked.some(({ space }) => space === "AWS/ApplicationELB")
        ? ["does not say whether silence of the load balancer is good or bad (treatMissingData)"]
        : [];
    },
  },
];

function metricsOf(props: Readonly<Record<string, unknown>>) {
  const queried = list(props["metricQueries"]).map((query) => bag(bag(query)["metric"]));
  return [props, ...queried].map(({ namespace, metricName }) => ({
    space: text(namespace),
    name: text(metricName),
  }));
}
