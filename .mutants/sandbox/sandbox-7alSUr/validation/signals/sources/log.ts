import { SIGNAL_DIMENSIONS, SIGNAL_NAMESPACE } from "../../../contract/signals/signal.ts";
import { defineSignalSource } from "./define.ts";

/** CloudWatch Logs makes the metrics of the container's own lines: the names are all that there is to know. */
export const definition = defineSignalSource({
  from: "log",
  metrics: ({ numerator, denominator }, { stack, slot }) => ({
    namespace: SIGNAL_NAMESPACE,
    numerator,
    denominator,
    dimensions: { [SIGNAL_DIMENSIONS.stack]: stack, [SIGNAL_DIMENSIONS.slot]: slot },
  }),
});
