import * as v from "valibot";
import { transactionsPerSecond } from "../../../access/rate.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { notSimulated } from "../../../aws-api/errors.ts";
import { list, page, parseInput, text } from "../../../metrics/input.ts";
import { metricName, namespace, writeDimensions } from "../../../metrics/queries.ts";

// SDK documentation of ListMetrics: metrics in one answer.
const METRICS_PER_PAGE = 500;
const Input = v.strictObject({
  Namespace: v.optional(namespace),
  MetricName: v.optional(metricName),
  Dimensions: v.optional(list(v.strictObject({ Name: text(1, 255), Value: v.optional(text(1, 1024)) }), 10)),
  NextToken: v.optional(v.string()),
  RecentlyActive: v.optional(v.string()),
});

export default defineOperation({
  service: "cloudwatch",
  name: "ListMetrics",
  rate: transactionsPerSecond(25),
  run({ store }, raw) {
    const input = parseInput("ListMetrics", Input, raw);
    if (input.RecentlyActive !== undefined) throw notSimulated("CloudWatch", "RecentlyActive of ListMetrics");
    const matching = store.list().filter(
      (metric) =>
        (input.Namespace ?? metric.namespace) === metric.namespace &&
        (input.MetricName ?? metric.metricName) === metric.metricName &&
        (input.Dimensions ?? []).every((filter) => {
          const value = metric.dimensions[filter.Name];
          return value !== undefined && (filter.Value ?? value) === value;
        }),
    );
    const { items, next } = page(matching, METRICS_PER_PAGE, input.NextToken);
    return {
      Metrics: items.map((metric) => ({
        Namespace: metric.namespace,
        MetricName: metric.metricName,
        Dimensions: writeDimensions(metric.dimensions),
      })),
      NextToken: next,
    };
  },
});
