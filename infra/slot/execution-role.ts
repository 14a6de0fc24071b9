import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Home } from "../component/place.ts";
import type { LastingConfig } from "../config.ts";
import type { Container } from "./containers.ts";

interface RoleStatement {
  readonly Effect: "Allow";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** `iam.permissionsBoundaryArn` as an argument of a role; nothing where there is none. */
export const boundaryOf = ({ iam }: Pick<LastingConfig, "iam">) =>
  iam.permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: iam.permissionsBoundaryArn };

/**
 * The one policy of the role with which ECS itself acts before the containers run: pull their images, write this log,
 * read exactly the secrets that they name. AWS's managed policy would allow every repository and every log group.
 */
export function executionPolicy(
  home: Home,
  containers: readonly Container[],
  logGroup: string,
): { readonly name: string; readonly policy: pulumi.Output<string> } {
  const needed = pulumi.all(containers.map(neededBy));
  const policy = pulumi
    .all([aws.getPartitionOutput({}, home.asking), needed])
    .apply(([{ partition }, all]) => {
      const images = all.flatMap(({ image }) => image ?? []);
      const references = all.flatMap(({ secrets = [], log, registry }) => [
        ...[...secrets, ...(log?.secretOptions ?? [])].map(({ valueFrom }) => valueFrom),
        ...(registry === undefined ? [] : [registry.credentialsParameter ?? ""]),
      ]);
      const statements = [
        ...pull(images, partition),
        write(logGroup, partition),
        ...read(references, partition),
      ];
      return JSON.stringify({ Version: "2012-10-17", Statement: statements });
    });
  return { name: "execution", policy };
}

/** No more of a container than this: with a secret variable in it the policy would be secret as well. */
const neededBy = ({ image, secrets, logConfiguration: log, repositoryCredentials: registry }: Container) => ({
  image,
  secrets,
  log,
  registry,
});

/**
 * What the hosts of ECR end in, partition by partition (AWS SDK, partitions.json: `dnsSuffix`). The three with `on.` are
 * those with IPv6.
 */
const SUFFIXES = [
  "amazonaws.com",
  "on.aws",
  "amazonaws.com.cn",
  "on.amazonwebservices.com.cn",
  "amazonaws.eu",
  "on.amazonwebservices.eu",
  "c2s.ic.gov",
  "sc2s.sgov.gov",
  "cloud.adc-e.uk",
  "csp.hci.ic.gov",
];
const ENDS = SUFFIXES.map((suffix) => suffix.replaceAll(".", String.raw`\.`)).join("|");

// ECR: <account>.dkr.ecr.<region>.amazonaws.com/<repository>, and with IPv6 <account>.dkr-ecr.<region>.on.aws/…
// Any other registry needs no permission in AWS.
const ECR = new RegExp(String.raw`^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:${ENDS})/([^:@]+)`);

function pull(images: readonly string[], partition: string): readonly RoleStatement[] {
  const repositories = images.flatMap((image) => {
    const [, account, region, repository] = ECR.exec(image) ?? [];
    return repository === undefined
      ? []
      : [`arn:${partition}:ecr:${region}:${account}:repository/${repository}`];
  });
  const [first, ...others] = [...new Set(repositories)];
  if (first === undefined) return [];
  return [
    // ECR: a token is for the whole registry, so the permission to it cannot be limited.
    { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: others.length === 0 ? first : [first, ...others],
    },
  ];
}

/** The role is of one account and its tasks run in one region, so the group's name says it all. */
function write(logGroup: string, partition: string): RoleStatement {
  return {
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `arn:${partition}:logs:*:*:log-group:${logGroup}:*`,
  };
}

function read(references: readonly string[], partition: string): readonly RoleStatement[] {
  return SECRET_STORES.flatMap(({ names, action, resourceOf }) => {
    const named = references.filter((reference) => names.test(reference));
    const resources = [...new Set(named.map((reference) => resourceOf(reference, partition)))].toSorted();
    return resources.length === 0 ? [] : [{ Effect: "Allow", Action: action, Resource: resources }];
  });
}

const SECRET_STORES = [
  {
    names: /^arn:[^:]+:secretsmanager:/,
    action: "secretsmanager:GetSecretValue",
    // ECS takes `arn…:secret:name:json-key:stage:version`; IAM knows the secret alone, the first seven parts.
    resourceOf: (arn: string) => arn.split(":").slice(0, 7).join(":"),
  },
  {
    // ECS takes the name alone of a parameter of its own region.
    names: /^(?:arn:[^:]+:ssm:|(?!arn:).)/,
    action: "ssm:GetParameters",
    resourceOf: (reference: string, partition: string) =>
      reference.startsWith("arn:")
        ? reference
        : `arn:${partition}:ssm:*:*:parameter/${reference.replace(/^\//, "")}`,
  },
] as const;
