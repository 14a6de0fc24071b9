import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { localRole } from "../../contract/names/local-role.ts";
import {
  ENDPOINT_FILE,
  localCredentials,
  readLocalAddress,
  type LocalAddress,
} from "../../packages/local-cloud/access/address.ts";
import { providerCredentials, TIMEOUTS, type ClientSettings } from "./provider-credentials.ts";

/**
 * Asks ELB itself, as whoever the AWS provider is by the stack's configuration, else by the environment.
 * The SDK is loaded at the first question: most updates ask none.
 */
export function targetStates(
  localCloud: string | undefined,
  /** Where Pulumi.yaml stands. */
  projectDirectory: () => string = pulumi.getRootDirectory,
): (targetGroupArn: string) => Promise<readonly string[]> {
  return async (targetGroupArn) => {
    const { DescribeTargetHealthCommand, ElasticLoadBalancingV2Client } =
      await import("@aws-sdk/client-elastic-load-balancing-v2");
    const client = new ElasticLoadBalancingV2Client({
      ...(await askerSettings(localCloud, projectDirectory)),
    });
    const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
    const { TargetHealthDescriptions = [] } = await client.send(command).finally(() => client.destroy());
    return TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State ?? "unknown");
  };
}

/** Of every client that the program asks AWS with. `projectDirectory`: where Pulumi.yaml stands. */
export async function askerSettings(
  localCloud: string | undefined,
  projectDirectory: () => string = pulumi.getRootDirectory,
): Promise<ClientSettings & { endpoint?: string; requestHandler: typeof TIMEOUTS }> {
  return { ...(await whoAsks(localCloud, projectDirectory)), requestHandler: TIMEOUTS };
}

async function whoAsks(
  localCloud: string | undefined,
  projectDirectory: () => string,
): Promise<ClientSettings & { endpoint?: string }> {
  const config = new pulumi.Config("aws");
  if (localCloud === undefined) return providerCredentials(config);
  const region = config.get("region");
  const cloud = await localCloudOf(projectDirectory());
  return {
    ...(region !== undefined && { region }),
    endpoint: cloud.url,
    credentials: localCredentials(cloud, localRole(process.env)),
  };
}

/**
 * The local project stands in the directory of its cloud, so the file is beside its Pulumi.yaml. The configuration says
 * only that there is one: its address is of the last start, and an update of the tools has the one that was deployed.
 */
async function localCloudOf(directory: string): Promise<Extract<LocalAddress, { readonly url: string }>> {
  const own = await addressIn(directory);
  // One that has joined another is not followed further: two could join each other.
  const found = own !== undefined && "joined" in own ? await addressIn(own.joined) : own;
  if (found === undefined || "joined" in found)
    throw new Error(`${join(directory, ENDPOINT_FILE)} names no local cloud and its keys`);
  return found;
}

const addressIn = async (directory: string): Promise<LocalAddress | undefined> =>
  readLocalAddress(JSON.parse(await readFile(join(directory, ENDPOINT_FILE), "utf8")));
