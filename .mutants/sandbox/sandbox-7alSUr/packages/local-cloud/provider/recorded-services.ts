import { randomUUID } from "node:crypto";
import type { Made, RecordedType } from "./recorded-outputs.ts";

const named = (property: string, maxLength: number) => ({ property, maxLength });
const text = (value: unknown) => (typeof value === "string" ? value : "");

/** A named resource whose id is its name, and its ARN in a service by a pattern. */
function byName(
  maxLength: number,
  arnOf: (name: string, made: Made) => string,
  more: (name: string, made: Made) => Readonly<Record<string, unknown>> = () => ({}),
): RecordedType {
  return {
    named: named("name", maxLength),
    replacedBy: ["name"],
    outputs(made) {
      const name = text(made.inputs["name"]);
      return { id: name, arn: arnOf(name, made), ...more(name, made) };
    },
  };
}

/** The same with the ARN as its id. */
function byArn(type: RecordedType): RecordedType {
  return {
    ...type,
    outputs(made) {
      const outputs = type.outputs(made);
      return { ...outputs, id: text(outputs["arn"]) };
    },
  };
}

/**
 * Types that stacks have beside their services, with the outputs that their programs use. Forms
 * of ids and ARNs: AWS Service Authorization Reference; which of them is the id: the AWS provider's `import` of each.
 */
export const SERVICE_TYPES: Readonly<Record<string, RecordedType>> = {
  "aws:s3/bucket:Bucket": {
    named: named("bucket", 63),
    replacedBy: ["bucket"],
    outputs({ inputs, region }) {
      const name = text(inputs["bucket"]);
      return {
        id: name,
        arn: `arn:aws:s3:::${name}`,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
        bucketRegion: region,
        // Only a bucket that is a website has these.
        websiteDomain: "",
        websiteEndpoint: "",
      };
    },
  },
  "aws:sns/topic:Topic": byArn(
    byName(
      256,
      (name, { arn }) => arn("sns", name),
      (_, { accountId }) => ({ owner: accountId, beginningArchiveTime: "" }),
    ),
  ),
  "aws:sns/topicSubscription:TopicSubscription": {
    replacedBy: ["topic", "protocol", "endpoint"],
    outputs({ inputs, accountId }) {
      const arn = `${text(inputs["topic"])}:${randomUUID()}`;
      // Whoever is to be told by mail confirms that first (SNS API, Subscribe).
      const pending = {
        pendingConfirmation: inputs["protocol"] === "email",
        confirmationWasAuthenticated: false,
      };
      return { id: arn, arn, ownerId: accountId, ...pending };
    },
  },
  "aws:sqs/queue:Queue": {
    named: named("name", 80),
    replacedBy: ["name"],
    outputs({ inputs, region, accountId, arn }) {
      const name = text(inputs["name"]);
      const url = `https://sqs.${region}.amazonaws.com/${accountId}/${name}`;
      return { id: url, url, arn: arn("sqs", name) };
    },
  },
  "aws:dynamodb/table:Table": byName(
    255,
    (name, { arn }) => arn("dynamodb", `table/${name}`),
    () => ({ streamArn: "", streamLabel: "" }),
  ),
  "aws:secretsmanager/secret:Secret": byArn(
    byName(512, (name, { arn, hex }) => arn("secretsmanager", `secret:${name}-${hex.slice(0, 6)}`)),
  ),
  "aws:secretsmanager/secretVersion:SecretVersion": {
    outputs({ inputs }) {
      const [secret, versionId] = [text(inputs["secretId"]), randomUUID()];
      return {
        id: `${secret}|${versionId}`,
        arn: secret,
        secretArn: secret,
        versionId,
        versionStages: ["AWSCURRENT"],
        hasSecretStringWo: false,
      };
    },
  },
  "aws:ssm/parameter:Parameter": byName(
    2048,
    (name, { arn }) => arn("ssm", `parameter${name.startsWith("/") ? "" : "/"}${name}`),
    () => ({ version: 1, hasValueWo: false }),
  ),
  "aws:kms/key:Key": {
    outputs({ arn }) {
      const keyId = randomUUID();
      return { id: keyId, keyId, arn: arn("kms", `key/${keyId}`) };
    },
  },
  "aws:ecr/repository:Repository": byName(
    256,
    (name, { arn }) => arn("ecr", `repository/${name}`),
    (name, { accountId, region }) => ({
      registryId: accountId,
      repositoryUrl: `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
    }),
  ),
};
