import * as pulumi from "@pulumi/pulumi";
import { localRole } from "../contract/local-role.ts";
import type { TargetStates } from "./healthy-first.ts";

/** Each try; the SDK makes three before it gives up. */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 5_000 };

/**
 * Asks ELB itself, with the region and the profile of the stack's configuration, else with those of the environment.
 * The SDK is loaded at the first question: most updates ask none.
 */
export function targetStates(localCloud: string | undefined): TargetStates {
  return async (targetGroupArn) => {
    const { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } =
      await import("@aws-sdk/client-elastic-load-balancing-v2");
    const client = new ElasticLoadBalancingV2Client({ ...place(localCloud), requestHandler: TIMEOUTS });
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
    const { TargetHealthDescriptions = [] } = await client.send(command).finally(() => client.destroy());
    return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? "unknown");
  };
}

function place(localCloud: string | undefined) {
  const config = new pulumi.Config("aws");
  const [region, profile] = [config.get("region"), config.get("profile")];
  const where = { ...(region !== undefined && { region }) };
  if (localCloud !== undefined)
    return {
      ...where,
      endpoint: localCloud,
      credentials: { accessKeyId: localRole(process.env), secretAccessKey: "local" },
    };
  return { ...where, ...(profile !== undefined && { profile }) };
}
