import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { AUDIENCE, ISSUER } from "./trust.ts";
import { wrong } from "./wrong.ts";

export const PROVIDER_MODES = ["existing", "create"] as const;
/** The same in both, and in version 0.1. */
const NAME = "github";
export type ProviderMode = (typeof PROVIDER_MODES)[number];

/**
 * GitHub's OIDC provider; an account has one for each issuer (IAM). An existing one is looked up and never becomes this
 * stack's, so that no destroy takes it; where it was this stack's (version 0.1 always made it), it is no longer, and stays:
 * Pulumi relinquishes a resource that is read under its name with its id, and deletes nothing (pulumi,
 * pkg/resource/deploy/step_generator.go, GenerateReadSteps). One that is made here stays in the account when this stack goes: others may lean
 * on it by then.
 * @throws pulumi.RunError when there is none, or it does not know AWS's audience.
 */
export async function githubProvider(mode: ProviderMode): Promise<pulumi.Output<string>> {
  const url = `https://${ISSUER}`;
  if (mode === "create") {
    const options = { retainOnDelete: true };
    return new aws.iam.OpenIdConnectProvider(NAME, { url, clientIdLists: [AUDIENCE] }, options).arn;
  }
  const found = await aws.iam.getOpenIdConnectProvider({ url }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw wrong(
      `the account's OIDC provider for ${url} cannot be read: ${why}. If there is none (aws iam list-open-id-connect-providers): pulumi config set oidcProvider create`,
    );
  });
  if (!found.clientIdLists.includes(AUDIENCE)) {
    throw wrong(
      `${found.arn} does not know the audience ${AUDIENCE}. Fix it: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${found.arn} --client-id ${AUDIENCE}`,
    );
  }
  return aws.iam.OpenIdConnectProvider.get(NAME, found.arn).arn;
}
