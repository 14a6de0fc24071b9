import { saidBy, serviceOf, type ModelService } from "../config/model-service.ts";
import { problem, type Problem } from "./problem.ts";
import { SLOTS } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";

type HealthCheckTimes = Pick<ModelService, "healthIntervalSeconds" | "healthTimeoutSeconds">;

/** Of the template, and of each slot: an answer to a health check has less time than there is until the next one (ELB). */
export function healthCheckProblems(config: StackConfig): readonly Problem[] {
  const found = [
    ...timeoutProblem(config.service, "service.healthTimeoutSeconds"),
    ...SLOTS.flatMap((slot) =>
      timeoutProblem(serviceOf(config, slot), saidBy(config, slot, "healthTimeoutSeconds")),
    ),
  ];
  return found.filter(({ key }, index) => found.findIndex((other) => other.key === key) === index);
}

function timeoutProblem(
  { healthIntervalSeconds: interval, healthTimeoutSeconds: timeout }: HealthCheckTimes,
  key: string,
): readonly Problem[] {
  if (timeout < interval) return [];
  const allowed = `less than ${key.replace("Timeout", "Interval")}, ${interval}`;
  const fix = `pulumi config set --path ${key} ${Math.max(interval - 1, 2)}`;
  return [problem(key, timeout, allowed, fix)];
}
