/** Who may assume a role: jobs of a repository in environments of the stack. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
  /** Numbers that a rename or a new owner of the name does not take along; undefined: the names alone. */
  readonly ids: { readonly owner: string; readonly repository: string } | undefined;
}

/**
 * What a role is for. `revert` has an environment of its own, without reviewers. `preview` has one, too, with reviewers:
 * its job runs a branch's code, and may read the state with its secrets. No role is for pull requests as such, as
 * whoever may push a branch may write what its jobs do.
 */
export const GITHUB_ROLES = ["preview", "deploy", "revert"] as const;
export type GithubRole = (typeof GITHUB_ROLES)[number];

/**
 * What follows the repository in GitHub's subject claim: of a job with an environment that, and not its branch. Who approves,
 * pauses and promotes has an environment of its own with reviewers of its own, and writes what `deploy` writes. Ticks
 * of a stack with reviewers have one without, where somebody wants it: GitHub makes an environment, and without reviewers,
 * when a job of any branch first names it, so nobody trusts one that was not asked for.
 */
const CONTEXTS: Readonly<Record<GithubRole, (stack: string, ticks: boolean) => readonly string[]>> = {
  preview: (stack) => [`environment:${stack}-preview`],
  deploy: (stack, ticks) =>
    ["", "-steer", ...(ticks ? ["-tick"] : [])].map((use) => `environment:${stack}${use}`),
  revert: (stack) => [`environment:${stack}-revert`],
};

/** How long a job may have a role. Nothing renews its credentials, and the longest job has 75 minutes. */
export const SESSION_SECONDS = 5_400;

export const ISSUER = "token.actions.githubusercontent.com";
export const AUDIENCE = "sts.amazonaws.com";

const NAME = /^[A-Za-z0-9_.-]+$/;
const STACK = /^[A-Za-z0-9_-]+$/;

/**
 * The subjects that may assume a role, whole and never with a wildcard. Both of GitHub's forms: repositories made since
 * July 2026 name the numbers of owner and repository, too (aws-actions/configure-aws-credentials, README).
 * `ticks`: whether the environment `<stack>-tick` is one of them. Throws for names that would mean something else inside a claim or a policy.
 */
export function subjects(
  role: GithubRole,
  { owner, name, ids }: Repository,
  stack: string,
  ticks = false,
): readonly string[] {
  const wrong = [owner, name].find((one) => !NAME.test(one)) ?? (STACK.test(stack) ? undefined : stack);
  if (wrong !== undefined) throw new Error(`"${wrong}" is no name of a GitHub owner, repository or stack`);
  const badId = Object.values(ids ?? {}).find((id) => !/^\d+$/.test(id));
  if (badId !== undefined) throw new Error(`"${badId}" is no number of a GitHub owner or repository`);
  const names = [
    `repo:${owner}/${name}`,
    ...(ids === undefined ? [] : [`repo:${owner}@${ids.owner}/${name}@${ids.repository}`]),
  ];
  return CONTEXTS[role](stack, ticks).flatMap((context) => names.map((named) => `${named}:${context}`));
}

// IAM quotas, "Role trust policy length": as much as an account gets on request; 2,048 without.
const LONGEST_TRUST = 4096;

/** Whether IAM takes a role's trust policy for so many repositories; the provider's ARN is one of the longest partition. */
export function fitsTrust(
  role: GithubRole,
  repositories: readonly Repository[],
  stack: Parameters<typeof trustPolicy>[2],
): boolean {
  const arn = `arn:aws-us-gov:iam::000000000000:oidc-provider/${ISSUER}`;
  return JSON.stringify(trustPolicy(role, repositories, stack, arn)).length <= LONGEST_TRUST;
}

/** The trust policy of a role: exact subjects, for AWS's own audience. */
export function trustPolicy(
  role: GithubRole,
  repositories: readonly Repository[],
  { stack, ticks }: { readonly stack: string; readonly ticks: boolean },
  providerArn: string,
) {
  const accepted = repositories.flatMap((repository) => subjects(role, repository, stack, ticks));
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Federated: providerArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: { [`${ISSUER}:aud`]: AUDIENCE, [`${ISSUER}:sub`]: accepted },
        },
      },
    ],
  } as const;
}
