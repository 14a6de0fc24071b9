import type { StackParts } from "./outputs.ts";

/**
 * Yours: whatever this stack has beyond a model in two slots, such as a DNS record for the load balancer, a topic
 * that the slots' composite alarms page, or a bucket that the model reads. It is called last, with the parts of
 * the stack. Updates of the template leave this file alone.
 *
 * One rule: nothing here may depend on the split or on which slot is active, or a change of weights is no longer
 * a change of the route alone.
 */
export function custom(_stack: StackParts): void {}
