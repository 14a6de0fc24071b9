import * as aws from "@pulumi/aws";
import type { BootstrapNames } from "./names.ts";

export interface State {
  readonly bucket: aws.s3.Bucket;
  readonly key: aws.kms.Key;
  readonly alias: aws.kms.Alias;
}

/** Where Pulumi keeps the state of the stacks: encrypted, versioned, reachable over TLS alone, and not deleted by accident. */
export function createState(names: BootstrapNames): State {
  const key = new aws.kms.Key(
    "state",
    {
      description: "Secrets and state of the stacks",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
    },
    { protect: true },
  );
  const alias = new aws.kms.Alias("state", { name: `alias/${names.alias}`, targetKeyId: key.keyId });
  const bucket = new aws.s3.Bucket("state", { bucket: names.bucket }, { protect: true });
  const own = { bucket: bucket.id };
  new aws.s3.BucketVersioning("state", { ...own, versioningConfiguration: { status: "Enabled" } });
  new aws.s3.BucketServerSideEncryptionConfiguration("state", {
    ...own,
    rules: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn },
        bucketKeyEnabled: true,
      },
    ],
  });
  const closed = new aws.s3.BucketPublicAccessBlock("state", {
    ...own,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketPolicy(
    "state",
    { ...own, policy: bucket.arn.apply((arn) => JSON.stringify(onlyOverTls(arn))) },
    // S3 refuses two changes of who may reach a bucket at once.
    { dependsOn: [closed] },
  );
  return { bucket, key, alias };
}

function onlyOverTls(arn: string) {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyOverTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}

/** Where images are pushed: scanned, and never the same tag for another image. */
export function createImages(name: string, key: aws.kms.Key): aws.ecr.Repository {
  return new aws.ecr.Repository(
    "images",
    {
      name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key.arn }],
    },
    { protect: true },
  );
}
