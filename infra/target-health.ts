import * as pulumi from "@pulumi/pulumi";
import { localRole } from "../contract/local-role.ts";
import type { TargetStates } from "./healthy-first.ts";
import { providerCredentials, type ClientSettings } from "./provider-credentials.ts";

/** Each try; the SDK makes three before it gives up. */
const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 5_000 };

/**
 * Asks ELB itself, as whoever the AWS provider is by the stack's configuration, else by the environment.
 * The SDK is loaded at the first question: most updates ask none.
 */
export function targetStates(localCloud: string | undefined): TargetStates {
  return async (targetGroupArn) => {
    const { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } =
      await import("@aws-sdk/client-elastic-load-balancing-v2");
    const client = new ElasticLoadBalancingV2Client({
      ...(await settingsOf(localCloud)),
      requestHandler: TIMEOUTS,
    });
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
    const { TargetHealthDescriptions = [] } = await client.send(command).finally(() => client.destroy());
    return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? "unknown");
  };
}

async function settingsOf(localCloud: string | undefined): Promise<ClientSettings & { endpoint?: string }> {
  const config = new pulumi.Config("aws");
  if (localCloud === undefined) return providerCredentials(config);
  const region = config.get("region");
  return {
    ...(region !== undefined && { region }),
    endpoint: localCloud,
    credentials: { accessKeyId: localRole(process.env), secretAccessKey: "local" },
  };
}
