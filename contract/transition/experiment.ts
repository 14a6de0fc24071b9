import { problem, type Problem } from "../checks/problem.ts";
import type { StackConfig } from "../config/stack-config.ts";
import { runningExperiment } from "../release/experiment-policy.ts";

/** Users of an experiment stay on their slot until it has ended; an update that takes its candidate's users away is let through. */
export function experimentProblems({ release, service, split }: StackConfig): readonly Problem[] {
  const experiment = runningExperiment(release);
  if (release === undefined || experiment === undefined || service.stickinessSeconds > 0) return [];
  const isTakenBack = release.weight > 0 && split[release.slot] === 0;
  if (isTakenBack) return [];
  const allowed = `1 or more until the experiment on ${experiment.signal} has ended (npx bluegreen experiment stop): without it each request of a user may meet the other model`;
  return [
    problem(
      "service.stickinessSeconds",
      0,
      allowed,
      "pulumi config set --path service.stickinessSeconds 604800",
    ),
  ];
}
