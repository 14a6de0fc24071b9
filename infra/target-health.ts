import * as pulumi from "@pulumi/pulumi";
import { localRole } from "../contract/local-role.ts";
import { providerCredentials, type ClientSettings } from "./provider-credentials.ts";

/** Each try; the SDK makes three before it gives up. */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 5_000 };

/**
 * Asks ELB itself, as whoever the AWS provider is by the stack's configuration, else by the environment.
 * The SDK is loaded at the first question: most updates ask none.
 */
export function targetStates(
  localCloud: string | undefined,
): (targetGroupArn: string) => Promise<readonly string[]> {
  return async (targetGroupArn) => {
    const { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } =
      await import("@aws-sdk/client-elastic-load-balancing-v2");
    const client = new ElasticLoadBalancingV2Client({
      ...(await askerSettings(localCloud)),
    });
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
    const { TargetHealthDescriptions = [] } = await client.send(command).finally(() => client.destroy());
    return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? "unknown");
  };
}

/** Of every client that the program asks AWS with. */
export async function askerSettings(
  localCloud: string | undefined,
): Promise<ClientSettings & { endpoint?: string; requestHandler: typeof TIMEOUTS }> {
  return { ...(await whoAsks(localCloud)), requestHandler: TIMEOUTS };
}

async function whoAsks(localCloud: string | undefined): Promise<ClientSettings & { endpoint?: string }> {
  const config = new pulumi.Config("aws");
  if (localCloud === undefined) return providerCredentials(config);
  const region = config.get("region");
  return {
    ...(region !== undefined && { region }),
    endpoint: localCloud,
    credentials: { accessKeyId: localRole(process.env), secretAccessKey: "local" },
  };
}
