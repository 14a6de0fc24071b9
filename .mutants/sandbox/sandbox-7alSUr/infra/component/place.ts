import * as pulumi from "@pulumi/pulumi";
import type { Names } from "../../contract/names/names.ts";
import type { ChildTransform } from "./transform.ts";

/** Where the resources of one model belong in the program: what they are called, and what they hang under. */
export interface Home {
  /** The model: its component's name, and the namespace of its configuration. */
  readonly model: string;
  readonly transform: ChildTransform;
  /** `fraud-route` of `route`. */
  name(short: string): string;
  /** Of the resource `short`, under `parent`, else under the component. */
  options(short: string, parent?: pulumi.Resource): Pick<pulumi.ResourceOptions, "parent" | "aliases">;
  /** Of a question to AWS: asked of the provider of the component. */
  readonly asking: { readonly parent: pulumi.Resource };
}

/** The same, once it is known what the model is called on AWS. */
export interface Place extends Home {
  readonly names: Names;
}

export function createHome(
  component: pulumi.ComponentResource,
  model: string,
  transform: ChildTransform,
): Home {
  // Before there was a component, each stack held one model, whose resources had the short names and no parent.
  const isFirst = model === pulumi.getProject();
  return {
    model,
    transform,
    name: (short) => `${model}-${short}`,
    options: (short, parent) => ({
      parent: parent ?? component,
      aliases: isFirst ? [formerly(short, parent)] : [],
    }),
    asking: { parent: component },
  };
}

/** An alias's parts are as the resource's own unless they are said; a parent has its own aliases. */
const formerly = (name: string, parent: pulumi.Resource | undefined): pulumi.Alias =>
  parent === undefined ? { name, parent: pulumi.rootStackResource } : { name };

/** As the component itself is protected, where this does not ask for it. */
export const protectedIf = (protect: boolean): Pick<pulumi.ResourceOptions, "protect"> =>
  protect ? { protect } : {};
