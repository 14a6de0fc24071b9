import * as pulumi from "@pulumi/pulumi";
import { problem, showProblems } from "../../contract/checks/problem.ts";

/** Models of this program: each is a namespace of the configuration. */
const claimed = new Set<string>();

/** What Pulumi takes for the namespace of a key, less what it or the AWS provider reads itself. */
const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const OTHERS = ["aws", "awsx", "pulumi", "docker"];

/** @throws pulumi.RunError for a name that no model can have, or has already. */
export function claimModel(name: string): void {
  const isOwn = name === pulumi.getProject();
  const allowed =
    "a lower-case letter, then at most 39 lower-case letters, digits and -, which is no provider's name and no other model's of the program";
  if ((!isOwn && (!NAME.test(name) || OTHERS.includes(name))) || claimed.has(name)) {
    const fix = "give it another name: new BlueGreenService(<name>)";
    throw new pulumi.RunError(showProblems([problem("model", name, allowed, fix)]));
  }
  claimed.add(name);
}

/** The namespaces of the other models. */
export const otherModels = (model: string): readonly string[] =>
  [...claimed].filter((name) => name !== model);
