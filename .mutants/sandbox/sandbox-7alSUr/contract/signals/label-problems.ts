import { problem, type Problem } from "../checks/problem.ts";
import type { StackConfig } from "../config/stack-config.ts";

/** Labels that a signal reads have to be kept somewhere. */
export function labelProblems({ signals, labels, localCloud }: StackConfig): readonly Problem[] {
  const readsLabels = signals.find(({ source }) => source.from === "labels");
  if (readsLabels === undefined || labels.bucket !== undefined || localCloud !== undefined) return [];
  const allowed = `the bucket in which labels are kept, because the signal ${readsLabels.name} reads them; that of Pulumi's state will do`;
  return [problem("labels.bucket", "nothing", allowed, "pulumi config set --path labels.bucket <bucket>")];
}
