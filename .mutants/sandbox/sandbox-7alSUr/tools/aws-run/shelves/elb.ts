import {
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clients } from "../aws/clients.ts";
import { allPages } from "../aws/pages.ts";
import { RUN_TAG, type Kind, type Shelf, type Thing } from "../things.ts";

/** Load balancers (listeners and rules go with theirs) and target groups: their names are too short for a run's, so by tag. */
export function elbShelves({ elb }: Clients): Readonly<Record<"loadBalancer" | "targetGroup", Shelf>> {
  const tagged = async (kind: Kind, arns: readonly string[]): Promise<readonly Thing[]> => {
    const found: Thing[] = [];
    // ELB API, DescribeTags: at most twenty resources in one call.
    for (let from = 0; from < arns.length; from += 20) {
      const ResourceArns = arns.slice(from, from + 20);
      const { TagDescriptions = [] } = await elb.send(new DescribeTagsCommand({ ResourceArns }));
      for (const { ResourceArn: id = "", Tags = [] } of TagDescriptions) {
        const run = Tags.find(({ Key }) => Key === RUN_TAG)?.Value;
        if (run !== undefined) found.push({ kind, id, run });
      }
    }
    return found;
  };
  return {
    loadBalancer: {
      list: async () => {
        const arns = await allPages(async (Marker) => {
          const { LoadBalancers = [], NextMarker } = await elb.send(
            new DescribeLoadBalancersCommand({ Marker }),
          );
          return {
            items: LoadBalancers.map(({ LoadBalancerArn = "" }) => LoadBalancerArn),
            next: NextMarker,
          };
        });
        return tagged("loadBalancer", arns);
      },
      remove: async ({ id }) => void (await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: id }))),
    },
    targetGroup: {
      list: async () => {
        const arns = await allPages(async (Marker) => {
          const { TargetGroups = [], NextMarker } = await elb.send(
            new DescribeTargetGroupsCommand({ Marker }),
          );
          return { items: TargetGroups.map(({ TargetGroupArn = "" }) => TargetGroupArn), next: NextMarker };
        });
        return tagged("targetGroup", arns);
      },
      remove: async ({ id }) => void (await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: id }))),
    },
  };
}
