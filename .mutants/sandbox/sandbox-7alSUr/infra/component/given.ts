import * as pulumi from "@pulumi/pulumi";
import type { RememberedSections } from "../../contract/names/given-sections.ts";
import { firstValue } from "../names.ts";
import type { NetworkConfig } from "../../contract/config/sections.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { NotYet } from "../network/not-yet.ts";

const SECTIONS = ["service", "network", "thresholds", "rollout", "iam", "suite", "labels"] as const;

/** Stand in for what is not known before the first update of a program that makes it itself. */
const NOT_YET: Readonly<Record<string, unknown>> = {
  vpcId: "vpc-00000000000000000",
  publicSubnetIds: ["subnet-00000000000000000", "subnet-00000000000000001"],
  taskSubnetIds: ["subnet-00000000000000000", "subnet-00000000000000001"],
  listenerArn:
    "arn:aws-not-yet:elasticloadbalancing:not-yet-1:000000000000:listener/app/not-yet/0000000000000000/0000000000000000",
};

/** Sections of the configuration that a program may give defaults for; the stack's configuration goes before. */
type Settings = Partial<{
  readonly [K in "service" | "thresholds" | "rollout" | "iam" | "suite" | "labels"]: Partial<StackConfig[K]>;
}>;

/** What a network's settings may be made of in the same program. */
type GivenNetwork = {
  readonly [K in keyof NetworkConfig]?: NetworkConfig[K] extends string | undefined
    ? pulumi.Input<string>
    : NetworkConfig[K] extends readonly string[]
      ? readonly pulumi.Input<string>[]
      : NetworkConfig[K];
};

export interface ProgramSections extends Settings {
  /** `vpcId`, subnets and `listenerArn` may be outputs of resources of the same program. */
  readonly network?: GivenNetwork;
}

/** What the program gives, as far as it is known. */
export interface Given {
  readonly sections: RememberedSections;
  readonly notYet: NotYet;
}

/** Waits for what the program's own network is called. */
export async function readGiven(args: ProgramSections): Promise<Given> {
  const network: Record<string, unknown> = {};
  const missing: [string, unknown][] = [];
  for (const [key, value] of Object.entries(args.network ?? {})) {
    const known = await firstValue(pulumi.output(value as pulumi.Input<unknown>));
    network[key] = known ?? NOT_YET[key];
    if (known === undefined) missing.push([key, value]);
  }
  const given = SECTIONS.flatMap((key) => {
    const section = key === "network" ? network : args[key];
    return section === undefined || Object.keys(section).length === 0 ? [] : [[key, section] as const];
  });
  return { sections: Object.fromEntries(given), notYet: Object.fromEntries(missing) };
}
