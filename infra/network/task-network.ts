import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { usedPorts } from "../../contract/checks/shared-by-slots.ts";
import type { LastingConfig } from "../config.ts";
import type { Names } from "../../contract/names/names.ts";
import { stackTags } from "../tags.ts";
import type { Network } from "./network.ts";

/** The network of the tasks of both slots: reached by the load balancer and by nobody else. */
export function createTaskNetwork(
  names: Names,
  network: Network,
  loadBalancerSecurityGroupIds: pulumi.Input<pulumi.Input<string>[]>,
  config: LastingConfig,
) {
  const group = new aws.ec2.SecurityGroup("tasks", {
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
    tags: { ...stackTags(names) },
  });
  return {
    subnets: network.taskSubnetIds,
    securityGroups: [group.id],
    assignPublicIp: network.assignPublicIp,
  };
}

export type TaskNetwork = ReturnType<typeof createTaskNetwork>;
