import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../contract/iam/place.ts";
import { readBootstrapConfig } from "./config.ts";
import { createRole } from "./roles.ts";
import { createImages, createState } from "./state.ts";
import { AUDIENCE, GITHUB_ROLES, ISSUER } from "./trust.ts";

/**
 * Once per account and region, by a person with rights of their own: who GitHub's jobs are, where the state of the
 * stacks is kept, and where images are pushed. Nothing of it serves users.
 */
const NAME = "ml-blue-green";

const { repository, stacks } = readBootstrapConfig();
const [{ partition }, { region }, { accountId }] = await Promise.all([
  aws.getPartition(),
  aws.getRegion(),
  aws.getCallerIdentity(),
]);

// Bucket names are shared by all accounts of AWS, and have at most 63 characters.
const stateBucket = `${NAME}-${accountId}-${region}`;
const { bucket, key } = createState(NAME, stateBucket);
const images = createImages(NAME, key);
const provider = new aws.iam.OpenIdConnectProvider("github", {
  url: `https://${ISSUER}`,
  clientIdLists: [AUDIENCE],
});

const roles = Object.fromEntries(
  Object.entries(stacks).map(([stack, own]) => {
    const place: Place = { partition, region, accountId, stack, stateBucket, ...own };
    return [
      stack,
      Object.fromEntries(
        GITHUB_ROLES.map((role) => [role, createRole(role, place, repository, provider, key).arn]),
      ),
    ];
  }),
);

/** What goes into GitHub's variables (docs/github.md), and into `pulumi stack init --secrets-provider`. */
export default {
  backendUrl: pulumi.interpolate`s3://${bucket.id}`,
  secretsProvider: pulumi.interpolate`awskms://${key.keyId}?region=${region}`,
  imageRepository: images.repositoryUrl,
  roles,
};
