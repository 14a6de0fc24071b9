import type { Rule } from "./rule.ts";
import { bag, list, text } from "./values.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

export const alarmRules: readonly Rule[] = [
  {
    name: "missing-data-decided",
    description:
      "An alarm on the load balancer's metrics says what silence means: ELB publishes nothing for a slot without users. No alarm ignores missing data: it would stay OK for ever.",
    // What is left out arrives as the provider's default, `missing`: the two cannot be told apart here.
    each: ({ type, props }) => {
      if (type !== ALARM) return [];
      const treatment = text(props["treatMissingData"]) || "missing";
      if (treatment === "ignore") return ["ignores missing data"];
      return treatment === "missing" && namespacesOf(props).includes("AWS/ApplicationELB")
        ? ["does not say whether silence of the load balancer is good or bad (treatMissingData)"]
        : [];
    },
  },
];

function namespacesOf(props: Readonly<Record<string, unknown>>): readonly string[] {
  const queried = list(props["metricQueries"]).map((query) => bag(bag(query)["metric"])["namespace"]);
  return [props["namespace"], ...queried].map(text);
}
