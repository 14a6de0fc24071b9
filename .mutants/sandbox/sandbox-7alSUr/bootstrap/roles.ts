import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { PolicyPlace } from "../contract/iam/place.ts";
import { policiesOf } from "../contract/iam/policy.ts";
import { fullName, type BootstrapNames } from "./names.ts";
import { SESSION_SECONDS, trustPolicy, type GithubRole, type Repository } from "./trust.ts";

/** As long as the ARN of a key, whose id is known only once it is made: how many policies there are must not wait for it. */
const keyToBe = ({ partition, region, accountId }: PolicyPlace) =>
  `arn:${partition}:kms:${region}:${accountId}:key/00000000-0000-0000-0000-000000000000`;

/** What the roles of a bootstrap have in common. */
export interface RoleGround {
  readonly names: BootstrapNames;
  readonly repositories: readonly [Repository, ...Repository[]];
  readonly providerArn: pulumi.Output<string>;
  readonly key: aws.kms.Key;
  readonly rolePath: string;
  readonly permissionsBoundaryArn: string | undefined;
}

/** A role that jobs of GitHub may assume for one stack, its ticks among them or not, with the policies that the contract makes of its calls. */
export function createRole(
  role: GithubRole,
  place: PolicyPlace,
  ticks: boolean,
  ground: RoleGround,
): aws.iam.Role {
  const { names, repositories, providerArn, key, rolePath: path, permissionsBoundaryArn } = ground;
  const { stack } = place;
  const name = names.role(stack, role);
  const own = new aws.iam.Role(name, {
    name,
    path,
    description: `Jobs of GitHub that ${role} stack ${stack}`,
    maxSessionDuration: SESSION_SECONDS,
    assumeRolePolicy: providerArn.apply((arn) =>
      JSON.stringify(trustPolicy(role, repositories, { stack, ticks }, arn)),
    ),
    ...(permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: permissionsBoundaryArn }),
    tags: { "deploy:repository": fullName(repositories[0]) },
  });
  const stateKeyArn = keyToBe(place);
  for (const [index, document] of policiesOf(role, { ...place, stateKeyArn }).entries()) {
    const numbered = `${name}-${index + 1}`;
    const text = JSON.stringify(document);
    const policy = new aws.iam.Policy(numbered, {
      name: numbered,
      path,
      policy: key.arn.apply((arn) => text.replaceAll(stateKeyArn, arn)),
    });
    new aws.iam.RolePolicyAttachment(numbered, { role: own.name, policyArn: policy.arn });
  }
  return own;
}
