import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AUDIENCE, ISSUER } from "./trust.ts";
import { wrong } from "./wrong.ts";

export const PROVIDER_MODES = ["existing", "create"] as const;
export type ProviderMode = (typeof PROVIDER_MODES)[number];

/**
 * GitHub's OIDC provider; an account has one for each issuer (IAM). An existing one is looked up and never becomes this
 * stack's, so that no destroy takes it. One that is made here stays in the account when this stack goes: others may lean
 * on it by then.
 * @throws pulumi.RunError when there is none, or it does not know AWS's audience.
 */
export async function githubProvider(mode: ProviderMode): Promise<pulumi.Output<string>> {
  const url = `https://${ISSUER}`;
  if (mode === "create") {
    const options = { retainOnDelete: true };
    return new aws.iam.OpenIdConnectProvider("github", { url, clientIdLists: [AUDIENCE] }, options).arn;
  }
  const found = await aws.iam.getOpenIdConnectProvider({ url }).catch((error: unknown) => {
    const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw wrong(
      `the account's OIDC provider for ${url} cannot be read: ${why}. If there is none (aws iam list-open-id-connect-providers): pulumi config set oidcProvider create`,
    );
  });
  if (!found.clientIdLists.includes(AUDIENCE)) {
    throw wrong(
      `${found.arn} does not know the audience ${AUDIENCE}. Mend it: aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${found.arn} --client-id ${AUDIENCE}`,
    );
  }
  return pulumi.output(found.arn);
}
