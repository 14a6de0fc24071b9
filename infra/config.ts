import * as pulumi from "@pulumi/pulumi";
import { showProblems } from "../contract/problem.ts";
import { parseConfig, type StackConfig } from "../contract/stack-config.ts";

/**
 * What stands whatever the traffic does: the configuration without the keys of routing. Everything except the
 * route and the outputs is made from this alone, so a change of weights or roles cannot touch anything else.
 */
export type LastingConfig = Omit<StackConfig, "activeSlot" | "weights" | "split" | "release" | "generation">;

/**
 * The stack's configuration, read and checked.
 * @throws pulumi.RunError with all problems at once; Pulumi shows its message without a stack trace.
 */
export function readConfig(): StackConfig {
  const parsed = parseConfig(pulumi.runtime.allConfig());
  if (!parsed.ok) throw new pulumi.RunError(showProblems(parsed.problems));
  return parsed.config;
}
