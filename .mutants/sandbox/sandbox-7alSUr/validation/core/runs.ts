import type { RunningSlot } from "../../contract/names/outputs.ts";
import { isOnEcs } from "../../contract/names/running.ts";
import type { Reading, ServiceReading } from "./observation.ts";

/** What a slot's service runs, beside the task definition that the last update has requested. */
export type Runs =
  /** Nothing was requested: the slot is empty. */
  | { readonly kind: "nothing" }
  /** Something else fills the slot, and nobody but the model itself can say what runs there. */
  | { readonly kind: "external" }
  | { readonly kind: "requested" }
  /** ECS is at it; what it ran before may still be there. */
  | { readonly kind: "starting" }
  /** ECS gave the requested one up, and there was nothing to go back to. */
  | { readonly kind: "failed"; readonly why: string }
  /** Another one: ECS's circuit breaker went back to the former, or somebody changed the service. */
  | { readonly kind: "other"; readonly taskDefinition: string }
  | { readonly kind: "unknown"; readonly why: string };

/** `services`: what ECS says of the stack's services, by name. */
export function runsOf(
  requested: RunningSlot | undefined,
  services: Reading<ReadonlyMap<string, ServiceReading>>,
): Runs {
  if (requested === undefined) return { kind: "nothing" };
  if (!isOnEcs(requested)) return { kind: "external" };
  if (!services.readable) return { kind: "unknown", why: services.why };
  const primary = services.value.get(requested.serviceName)?.primary;
  if (primary === undefined) return { kind: "unknown", why: "ECS does not know its service" };
  // Pulumi's update was done, so the service did have the requested one: what is another now came after.
  if (primary.taskDefinitionArn !== requested.taskDefinitionArn) {
    return { kind: "other", taskDefinition: familyOf(primary.taskDefinitionArn) };
  }
  if (primary.rolloutState === "FAILED") return { kind: "failed", why: primary.rolloutReason };
  return primary.rolloutState === "COMPLETED" ? { kind: "requested" } : { kind: "starting" };
}

/** `family:revision` of a task definition's ARN. */
export const familyOf = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

/** That the requested model does not run, and what does; undefined: it runs, may come to, or nobody knows. */
export function notRunning(runs: Runs): string | undefined {
  if (runs.kind === "failed") return `it does not run: its ECS deployment failed (${runs.why})`;
  if (runs.kind === "other")
    return `it does not run: ECS went back to ${runs.taskDefinition}, or somebody changed the service`;
  return undefined;
}
