import { saidBy, serviceOf, type ModelService } from "../config/model-service.ts";
import { problem, type Problem } from "./problem.ts";
import { SLOTS } from "../slot.ts";
import type { StackConfig } from "../config/stack-config.ts";

type Spread = Pick<ModelService, "algorithm" | "slowStartSeconds">;
type SaidBy = (key: keyof Spread) => string;

/** Of the template, and of each slot: what does not go with the way in which requests are spread over its tasks. */
export function algorithmProblems(config: StackConfig): readonly Problem[] {
  const isLocal = config.localCloud !== undefined;
  const found = [
    ...problemsOf(config.service, (key) => `service.${key}`, isLocal),
    ...SLOTS.flatMap((slot) =>
      problemsOf(serviceOf(config, slot), (key) => saidBy(config, slot, key), isLocal),
    ),
  ];
  return found.filter(({ key }, index) => found.findIndex((other) => other.key === key) === index);
}

function problemsOf(
  { algorithm, slowStartSeconds }: Spread,
  by: SaidBy,
  isLocal: boolean,
): readonly Problem[] {
  const slow = by("slowStartSeconds");
  const how = by("algorithm");
  // ELB: slow start goes with round robin alone
  // (docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html).
  if (slowStartSeconds > 0 && algorithm !== "round_robin") {
    const allowed = `0 with ${how} ${algorithm}: ELB has slow start with round_robin alone`;
    return [problem(slow, slowStartSeconds, allowed, `pulumi config set --path ${slow} 0`)];
  }
  if (!isLocal || algorithm !== "weighted_random") return [];
  const allowed = "round_robin or least_outstanding_requests: the local cloud has no weighted_random";
  return [problem(how, algorithm, allowed, `pulumi config set --path ${how} round_robin`)];
}
