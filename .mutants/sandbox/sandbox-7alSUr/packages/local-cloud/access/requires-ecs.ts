import { arnOf, nameIn } from "../arn.ts";
import { onMember, text, type ArnOf } from "./requires.ts";

export const ECS_TAG = "ecs:TagResource";

export const clusterArn: ArnOf = ({ region }, cluster) => arnOf("ecs", region, `cluster/${nameIn(cluster)}`);

/** In the cluster that the input names; without one the cluster `default`, as on AWS. */
export const serviceArn: ArnOf = ({ region, input }, service) => {
  const cluster = nameIn(text(input["cluster"]) || "default");
  return arnOf("ecs", region, `service/${cluster}/${nameIn(service)}`);
};

export const onCluster = onMember("cluster", clusterArn);
export const onService = onMember("service", serviceArn);
