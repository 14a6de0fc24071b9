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
const { project, repository, oidcProviderArn, stacks } = readBootstrapConfig();
const [{ partition }, { region }, { accountId }] = await Promise.all([
  aws.getPartition(),
  aws.getRegion(),
  aws.getCallerIdentity(),
]);

// Bucket names are shared by all accounts of AWS, and have at most 63 characters.
const stateBucket = `${project}-${accountId}-${region}`;
const { bucket, key } = createState(project, stateBucket);
const images = createImages(project, key);
// IAM: an account has one provider for each issuer, whatever the number of projects.
const providerArn =
  oidcProviderArn === undefined
    ? new aws.iam.OpenIdConnectProvider("github", { url: `https://${ISSUER}`, clientIdLists: [AUDIENCE] }).arn
    : pulumi.output(oidcProviderArn);

const roles = Object.fromEntries(
  Object.entries(stacks).map(([stack, own]) => {
    const place: Place = { partition, region, accountId, project, stack, stateBucket, ...own };
    return [
      stack,
      Object.fromEntries(
        GITHUB_ROLES.map((role) => [role, createRole(role, place, repository, providerArn, key).arn]),
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
