import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Try } from "../observations.ts";
import { runName } from "../things.ts";
import { tagsOf, type Context } from "./context.ts";
import { networkOf } from "./network.ts";
import { attempt } from "./attempt.ts";

/** An internal load balancer with IPv6: ELB should refuse it. */
export async function internal(context: Context): Promise<Try> {
  const { elb } = context.clients;
  const { subnets } = await networkOf(context);
  return attempt(async () => {
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({
        Name: `${runName(context.run)}-in`,
        Scheme: "internal",
        IpAddressType: "dualstack",
        Subnets: subnets.slice(0, 2).map(({ id }) => id),
        Tags: tagsOf(context.run),
      }),
    );
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
    if (LoadBalancerArn !== undefined) await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    return "an internal load balancer with dualstack was made";
  });
}
