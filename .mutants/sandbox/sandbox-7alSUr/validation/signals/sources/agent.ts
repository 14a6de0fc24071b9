import { AGENT_COUNTS } from "../../../contract/signals/agent-counts.ts";
import { isAgentCount } from "../../../contract/signals/paid-metrics.ts";
import { SIGNAL_DIMENSIONS, SIGNAL_NAMESPACE } from "../../../contract/signals/signal.ts";
import { defineSignalSource } from "./define.ts";

export const definition = defineSignalSource({
  from: "agent",
  metrics({ count }, { stack, slot }) {
    // The configuration is refused with any other (contract/signals/problems.ts).
    if (!isAgentCount(count)) throw new Error(`the agent does not count ${count}`);
    return {
      namespace: SIGNAL_NAMESPACE,
      ...AGENT_COUNTS[count],
      dimensions: { [SIGNAL_DIMENSIONS.stack]: stack, [SIGNAL_DIMENSIONS.slot]: slot },
    };
  },
});
