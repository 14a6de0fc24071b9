import type { TargetAddress } from "../gateway/target.ts";

/** The load balancer's side of a task, as ECS uses it. The gateway implements it. */
export interface TargetRegistry {
  /** Throws AwsError for a target group that does not exist. */
  registerTarget(targetGroupArn: string, target: TargetAddress): void;
  /** Resolves when the target has drained: no request is open, or the deregistration delay has passed. */
  deregisterTarget(targetGroupArn: string, target: TargetAddress): Promise<void>;
  /** "unused": not registered, or no listener rule forwards to the group. Throws AwsError for an unknown group. */
  targetHealth(
    targetGroupArn: string,
    target: TargetAddress,
  ): "initial" | "healthy" | "unhealthy" | "draining" | "unused";
  /** Whether a listener or a rule forwards to the group. Throws AwsError for an unknown group. */
  isInUse(targetGroupArn: string): boolean;
  /** What the newest health check of an unhealthy target found, as DescribeTargetHealth describes it. */
  whyUnhealthy(targetGroupArn: string, target: TargetAddress): string;
  /** Calls back when the health of any target may have changed; the returned function ends that. */
  onHealthChange(listener: () => void): () => void;
}
