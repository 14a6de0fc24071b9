import * as v from "valibot";
import { transactionsPerSecond } from "../../../access/rate.ts";
import { text, type Requires } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { datum, prepare } from "../../../metrics/datum.ts";
import { invalidValue, list, missingParameter, parseInput } from "../../../metrics/input.ts";
import { namespace } from "../../../metrics/queries.ts";

// SDK documentation of PutMetricData: at most 1000 metrics in one request.
const Input = v.strictObject({
  Namespace: namespace,
  MetricData: v.optional(list(datum, 1000)),
});

const inNamespace: Requires = ({ action, input }) => [
  { action, resource: "*", context: { "cloudwatch:namespace": text(input["Namespace"]) } },
];

/** Takes all data of a request or none. */
export default defineOperation({
  service: "cloudwatch",
  name: "PutMetricData",
  requires: inNamespace,
  rate: transactionsPerSecond(500),
  run({ store, clock }, raw) {
    const input = parseInput("PutMetricData", Input, raw);
    // CloudWatch: "You cannot specify a namespace that begins with AWS/", which AWS services alone publish to.
    if (input.Namespace.startsWith("AWS/"))
      throw invalidValue("The value AWS/ for parameter Namespace is invalid.");
    if (input.MetricData === undefined) throw missingParameter("The parameter MetricData is required.");
    const writes = input.MetricData.map((one, i) => prepare(one, `MetricData.member.${i + 1}`, clock.now()));
    for (const write of writes) write(input.Namespace, store);
    return {};
  },
});
