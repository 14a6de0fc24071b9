import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PolicyPlace } from "../contract/iam/place.ts";
import { readBootstrapConfig } from "./config.ts";
import { githubProvider } from "./identity-provider.ts";
import { keptNames, namesOf } from "./names.ts";
import { createRole } from "./roles.ts";
import { createImages, createState } from "./state.ts";
import { GITHUB_ROLES } from "./trust.ts";

/**
 * Once for a repository in an account and region, by a person with permissions of their own: who GitHub's jobs are, where the
 * state of the stacks is kept, and where images are pushed. Nothing of it serves users.
 */
const config = readBootstrapConfig();
const { project, repositories, rolePath, permissionsBoundaryArn, keepNames, stacks } = config;
const [{ partition }, { region }, { accountId }, providerArn] = await Promise.all([
  aws.getPartition(),
  aws.getRegion(),
  aws.getCallerIdentity(),
  githubProvider(config.oidcProvider),
]);

const names = (keepNames ? keptNames : namesOf)({ project, accountId, region, repository: repositories[0] });
const { bucket, key, alias } = createState(names);
const images = createImages(names.images, key);

const ground = { names, repositories, providerArn, key, rolePath, permissionsBoundaryArn };
const roles = Object.fromEntries(
  Object.entries(stacks).map(([stack, { place: own, preview, tick }]) => {
    const whose = { project, stack, stateBucket: names.bucket, rolePath, permissionsBoundaryArn };
    const place: PolicyPlace = { partition, region, accountId, ...whose, ...own };
    // Without a word of the person there is no role that opens secrets to a branch's code.
    const wanted = GITHUB_ROLES.filter((role) => role !== "preview" || preview);
    return [
      stack,
      Object.fromEntries(wanted.map((role) => [role, createRole(role, place, tick, ground).arn])),
    ];
  }),
);

/** What goes into GitHub's variables (docs/github.md), and into `pulumi stack init --secrets-provider`. */
export default {
  backendUrl: pulumi.interpolate`s3://${bucket.id}`,
  // With its alias: gocloud.dev/secrets/awskms takes `awskms://alias/<name>?region=<region>`.
  secretsProvider: pulumi.interpolate`awskms://${alias.name}?region=${region}`,
  imageRepository: images.repositoryUrl,
  roles,
};
