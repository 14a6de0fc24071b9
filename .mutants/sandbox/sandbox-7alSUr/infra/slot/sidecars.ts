import type * as aws from "@pulumi/aws";
import type * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { problem, showProblems } from "../../contract/checks/problem.ts";

export type Volume = aws.types.input.ecs.TaskDefinitionVolume;

/** A container beside the model, as ECS has it, without what the component says itself. */
export type Sidecar = Omit<
  awsx.types.input.ecs.TaskDefinitionContainerDefinitionArgs,
  "name" | "logConfiguration"
> & { readonly logConfiguration?: awsx.types.input.ecs.TaskDefinitionLogConfigurationArgs };

/** What every task of a slot has beside the model. */
export interface Beside {
  readonly sidecars: Readonly<Record<string, Sidecar>>;
  readonly volumes: readonly pulumi.Input<Volume>[];
}

/** @throws pulumi.RunError for a name that is the component's own. */
export function checkSidecars(sidecars: Readonly<Record<string, Sidecar>>, own: readonly string[]): void {
  const taken = Object.keys(sidecars).filter((name) => own.includes(name));
  if (taken.length === 0) return;
  const problems = taken.map((name) =>
    problem("sidecars", name, `other names than ${own.join(" and ")}`, "give it another name in the program"),
  );
  throw new pulumi.RunError(showProblems(problems));
}
