import type { Custom } from "./custom-parts.ts";
import type { StackParts } from "./outputs.ts";

/**
 * Yours: whatever this stack has beyond a model in two slots, such as a DNS record for the load balancer, a topic
 * that the slots' composite alarms page, or a bucket that the model reads. It is called last, with the parts of
 * the stack, and gives back outputs of its own and whom the alarms call (docs/aws.md has an example). Updates of the
 * template leave this file alone.
 *
 * Two rules. Nothing here may depend on the split or on which slot is active, or a change of weights is no longer
 * a change of the route alone. And whom the alarms call may not depend on the alarms, which wait for it.
 */
export function custom(_stack: StackParts): Custom | Promise<Custom> {
  return {};
}
