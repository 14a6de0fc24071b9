import type { AssumeRoleCommandInput, STSClientConfig } from "@aws-sdk/client-sts";
import type * as pulumi from "@pulumi/pulumi";

/** Each try; the SDK makes three before it gives up. Without the last of them it only warns, and goes on waiting. */
export const TIMEOUTS = { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/** Settings of an SDK client; what is absent comes from the environment. */
export type ClientSettings = Pick<STSClientConfig, "region" | "profile" | "credentials">;

/** Of each entry of `aws:assumeRoles` what decides who the caller is; how long a session lasts does not. */
interface AssumedRole {
  readonly roleArn?: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
}

/** Other ways in which the provider may be told who it is; `assumeRole` is what `assumeRoles` was before its version 7. */
const UNKNOWN_HERE = [
  "assumeRole",
  "assumeRoleWithWebIdentity",
  "sharedConfigFiles",
  "sharedCredentialsFiles",
];

/**
 * Whoever the AWS provider is by its own configuration (`aws:region`, `aws:profile`, `aws:accessKey`,
 * `aws:assumeRoles`), so that the program asks in the account in which the resources stand.
 * @throws for settings that it does not know, by name: the answer of another account would be none.
 */
export async function providerCredentials(config: pulumi.Config): Promise<ClientSettings> {
  const unknown = UNKNOWN_HERE.find((key) => config.get(key) !== undefined);
  if (unknown !== undefined) {
    throw new Error(
      `aws:${unknown} is set, which this check does not follow; it follows aws:profile and aws:assumeRoles`,
    );
  }
  const [region, profile] = [config.get("region"), config.get("profile")];
  const where = region === undefined ? {} : { region };
  let settings: ClientSettings = { ...where, ...(profile !== undefined && { profile }), ...keysOf(config) };
  // Each role is assumed with the credentials of the one before, as the provider does.
  for (const role of config.getObject<readonly AssumedRole[]>("assumeRoles") ?? []) {
    settings = { ...where, credentials: await assume(role, settings) };
  }
  return settings;
}

function keysOf(config: pulumi.Config): Pick<ClientSettings, "credentials"> {
  const [accessKeyId, secretAccessKey] = [config.get("accessKey"), config.get("secretKey")];
  const sessionToken = config.get("token");
  if (accessKeyId === undefined || secretAccessKey === undefined) return {};
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
  };
}

async function assume(role: AssumedRole, settings: ClientSettings) {
  const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
  const client = new STSClient({ ...settings, requestHandler: TIMEOUTS });
  const { Credentials } = await client
    .send(new AssumeRoleCommand(requestOf(role)))
    .finally(() => client.destroy());
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined) {
    throw new Error(`STS gave no credentials for ${role.roleArn}`);
  }
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

function requestOf(role: AssumedRole): AssumeRoleCommandInput {
  const { roleArn, sessionName = "bluegreen", policyArns, tags, transitiveTagKeys } = role;
  const { externalId, policy, sourceIdentity } = role;
  return {
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    ...(externalId !== undefined && { ExternalId: externalId }),
    ...(policy !== undefined && { Policy: policy }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
    ...(policyArns !== undefined && { PolicyArns: policyArns.map((arn) => ({ arn })) }),
    ...(tags !== undefined && { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
    ...(transitiveTagKeys !== undefined && { TransitiveTagKeys: [...transitiveTagKeys] }),
  };
}
