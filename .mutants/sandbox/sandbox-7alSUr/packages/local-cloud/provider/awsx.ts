import type { ComponentProvider, Properties, RegisterChild } from "../../pulumi-engine/values/provider.ts";
import { constructLoadBalancer } from "./awsx/load-balancer.ts";
import { constructTaskDefinition } from "./awsx/task-definition.ts";
import { constructVpc } from "./awsx/vpc.ts";

type Construct = (name: string, inputs: Properties, register: RegisterChild) => Promise<Properties>;

const COMPONENTS: Readonly<Record<string, Construct>> = {
  "awsx:ec2:Vpc": constructVpc,
  "awsx:lb:ApplicationLoadBalancer": constructLoadBalancer,
  "awsx:ecs:FargateTaskDefinition": constructTaskDefinition,
};

/**
 * Stand-ins for the awsx components: the same child types under the same names as awsx registers them, the same
 * outputs. awsx's own provider is a plugin of the Pulumi CLI and not on npm.
 */
export const awsxComponents: ComponentProvider = {
  constructs: (type) => Object.hasOwn(COMPONENTS, type),
  async construct({ type, name, inputs }, register) {
    const construct = Object.hasOwn(COMPONENTS, type) ? COMPONENTS[type] : undefined;
    if (construct === undefined) throw new Error(`the local cloud has no component ${type}`);
    const given = Object.entries(inputs).filter(([, value]) => value !== undefined && value !== null);
    return { outputs: await construct(name, Object.fromEntries(given), register) };
  },
};
