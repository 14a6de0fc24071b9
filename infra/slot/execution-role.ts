import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Home } from "../component/place.ts";
import type { LastingConfig } from "../config.ts";
import type { TaskSettings } from "../../contract/config/task-settings.ts";

interface RoleStatement {
  readonly Effect: "Allow";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** `iam.permissionsBoundaryArn` as an argument of a role; nothing where there is none. */
export const boundaryOf = ({ iam }: Pick<LastingConfig, "iam">) =>
  iam.permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: iam.permissionsBoundaryArn };

/**
 * The one policy of the role with which ECS itself acts before the container runs: pull this image, write this log,
 * read exactly the secrets that are named. AWS's managed policy would allow every repository and every log group.
 */
export function executionPolicy(
  home: Home,
  { image, secrets, agent }: Pick<TaskSettings, "image" | "secrets" | "agent">,
  logGroup: string,
): { readonly name: string; readonly policy: pulumi.Output<string> } {
  const policy = aws.getPartitionOutput({}, home.asking).apply(({ partition }) => {
    const images = [image, ...(agent === undefined ? [] : [agent.image])];
    const arns = [...Object.values(secrets), ...Object.values(agent?.secrets ?? {})];
    const statements = [...pull(images, partition), write(logGroup, partition), ...read(arns)];
    return JSON.stringify({ Version: "2012-10-17", Statement: statements });
  });
  return { name: "execution", policy };
}

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

function read(secrets: readonly string[]): readonly RoleStatement[] {
  return SECRET_STORES.flatMap(({ prefix, action, resourceOf }) => {
    const arns = secrets.filter((arn) => prefix.test(arn));
    const resources = [...new Set(arns.map(resourceOf))].toSorted();
    return resources.length === 0 ? [] : [{ Effect: "Allow", Action: action, Resource: resources }];
  });
}

const SECRET_STORES = [
  {
    prefix: /^arn:[^:]+:secretsmanager:/,
    action: "secretsmanager:GetSecretValue",
    // ECS takes `arn…:secret:name:json-key:stage:version`; IAM knows the secret alone, the first seven parts.
    resourceOf: (arn: string) => arn.split(":").slice(0, 7).join(":"),
  },
  { prefix: /^arn:[^:]+:ssm:/, action: "ssm:GetParameters", resourceOf: (arn: string) => arn },
] as const;
