import { problem, type Problem } from "../checks/problem.ts";
import type { Origin } from "./names.ts";

/** What Pulumi takes for the namespace of a key, and AWS for the beginning of every name that Pulumi makes of it. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;
/** Namespaces that Pulumi or a provider of it reads itself. */
const OTHERS = ["aws", "awsx", "pulumi", "docker"];

/**
 * Of a project that its model is called after: what AWS takes for the names that the provider makes of it. A role has 64
 * characters, of which the longest ending takes 24 (IAM), and the id of a Lambda permission no dot (Lambda, AddPermission).
 */
const PROJECT_NAME = /^[\w-]{1,40}$/;
const PROJECT_ALLOWED = "at most 40 letters, digits, - and _, no provider's name, and not sg- at its begin";

const ALLOWED =
  "a lower-case letter, then at most 39 lower-case letters, digits and -, which is no provider's name and does not begin with sg- (BG305)";

/** Whether a model can be called so: it is the namespace of its configuration, and its resources are called after it. */
export const isModelName = (name: string): boolean => NAME.test(name) && !OTHERS.includes(name);

/** Whether a new one can, on AWS. EC2, CreateSecurityGroup: no name of a security group begins with `sg-`. */
export const isNewModelName = (name: string): boolean => isModelName(name) && !isOfSecurityGroup(name);

const isOfSecurityGroup = (name: string) => name.startsWith("sg-");

/**
 * What is wrong with the name of a model that is not deployed yet: AWS would refuse it late, for a resource that nobody
 * has named. One that is deployed goes on as it is called. `origin`: what its names on AWS were made of; undefined: it is new.
 */
export function newNameProblems(
  model: string,
  project: string,
  origin: Origin | undefined,
): readonly Problem[] {
  if (origin !== undefined) return [];
  if (model !== project) {
    const fix = "give it another name: new BlueGreenService(<name>)";
    return isNewModelName(model) ? [] : [problem("model", model, ALLOWED, fix)];
  }
  if (PROJECT_NAME.test(model) && !OTHERS.includes(model) && !isOfSecurityGroup(model)) return [];
  const fix = "write another name into Pulumi.yaml, before the first update";
  return [problem("name (in Pulumi.yaml)", model, PROJECT_ALLOWED, fix)];
}
