import * as pulumi from "@pulumi/pulumi";
import { problem, showProblems } from "../../contract/checks/problem.ts";
import { isModelName } from "../../contract/names/model-name.ts";

/** Models of this program: each is a namespace of the configuration. */
const claimed = new Set<string>();

/**
 * Whether the name will do on AWS, and that of the project where the model is called so, is asked of new models alone
 * (contract/names/model-name.ts). @throws pulumi.RunError for a name that no model can have, or has already.
 */
export function claimModel(name: string): void {
  const isOwn = name === pulumi.getProject();
  const allowed =
    "a lower-case letter, then at most 39 lower-case letters, digits and -, which is no provider's name and no other model's of the program";
  if ((!isOwn && !isModelName(name)) || claimed.has(name)) {
    const fix = "give it another name: new BlueGreenService(<name>)";
    throw new pulumi.RunError(showProblems([problem("model", name, allowed, fix)]));
  }
  claimed.add(name);
}

/** The namespaces of the other models. */
export const otherModels = (model: string): readonly string[] =>
  [...claimed].filter((name) => name !== model);
