import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { usedPorts } from "../../contract/checks/shared-by-slots.ts";
import type { LastingConfig } from "../config.ts";
import type { Place } from "../component/place.ts";
import { stackTags } from "../tags.ts";
import type { Network } from "./network.ts";

/**
 * The network of the tasks of both slots: reached by the load balancer and by nobody else, unless the program gives
 * security groups of its own.
 */
export function createTaskNetwork(
  place: Place,
  network: Network,
  loadBalancerSecurityGroupIds: pulumi.Input<pulumi.Input<string>[]>,
  config: LastingConfig,
  given: readonly pulumi.Input<string>[] | undefined,
) {
  return {
    subnets: network.taskSubnetIds,
    securityGroups:
      given === undefined
        ? [createGroup(place, network, loadBalancerSecurityGroupIds, config).id]
        : [...given],
    assignPublicIp: network.assignPublicIp,
  };
}

function createGroup(
  place: Place,
  network: Network,
  loadBalancerSecurityGroupIds: pulumi.Input<pulumi.Input<string>[]>,
  config: LastingConfig,
): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(
    place.name("tasks"),
    {
      description: "Model tasks: from the load balancer only",
      vpcId: network.vpcId,
      ingress: usedPorts(config).map((port) => ({
        description: "Requests and health checks from the load balancer",
        protocol: "tcp",
        fromPort: port,
        toPort: port,
        securityGroups: loadBalancerSecurityGroupIds,
      })),
      egress: [
        {
          description: "Images, logs, secrets",
          protocol: "-1",
          fromPort: 0,
          toPort: 0,
          cidrBlocks: ["0.0.0.0/0"],
        },
      ],
      tags: { ...stackTags(place) },
    },
    place.options("tasks"),
  );
}

export type TaskNetwork = ReturnType<typeof createTaskNetwork>;
