import type { DescribeModelPackageOutput, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { ModelPackage, ModelPackages } from "../../registries/model-packages.ts";

/** SageMaker API: a page has at most 100. */
const PAGE = 100;
const MOST_PAGES = 10;

/** SageMaker's Model Registry. `until` ends every call. */
export function sageMakerPackages(
  client: () => Promise<SageMakerClient>,
  until?: AbortSignal,
): ModelPackages {
  const options = until === undefined ? {} : { abortSignal: until };
  return {
    async list(group) {
      const { ListModelPackagesCommand } = await import("@aws-sdk/client-sagemaker");
      const sender = await client();
      const found: { version: string; arn: string }[] = [];
      let token: string | undefined;
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const command = new ListModelPackagesCommand({
          ModelPackageGroupName: group,
          ModelPackageType: "Versioned",
          SortBy: "CreationTime",
          SortOrder: "Descending",
          MaxResults: PAGE,
          ...(token === undefined ? {} : { NextToken: token }),
        });
        const page = await sender.send(command, options);
        for (const { ModelPackageArn: arn } of page.ModelPackageSummaryList ?? []) {
          // The last part of the ARN is the version: model-package/<group>/<version>.
          if (arn !== undefined) found.push({ version: arn.split("/").at(-1) ?? "", arn });
        }
        token = page.NextToken;
        if (token === undefined) return found;
      }
      return found;
    },
    async describe(arn) {
      const { DescribeModelPackageCommand } = await import("@aws-sdk/client-sagemaker");
      const sender = await client();
      const command = new DescribeModelPackageCommand({ ModelPackageName: arn });
      return read(arn, await sender.send(command, options));
    },
    async update(arn, properties, remove) {
      const { UpdateModelPackageCommand } = await import("@aws-sdk/client-sagemaker");
      const sender = await client();
      const command = new UpdateModelPackageCommand({
        ModelPackageArn: arn,
        // SageMaker API, CustomerMetadataMap: at least one.
        ...(Object.keys(properties).length === 0 ? {} : { CustomerMetadataProperties: { ...properties } }),
        ...(remove.length === 0 ? {} : { CustomerMetadataPropertiesToRemove: [...remove] }),
      });
      await sender.send(command, options);
    },
  };
}

function read(arn: string, found: DescribeModelPackageOutput): ModelPackage {
  const containers = found.InferenceSpecification?.Containers ?? [];
  return {
    arn,
    status: found.ModelPackageStatus ?? "",
    approval: found.ModelApprovalStatus ?? "",
    containers: containers.map(({ Image, ImageDigest, ModelDataUrl, ModelDataSource }) => ({
      image: Image ?? "",
      digest: ImageDigest,
      modelData: ModelDataUrl ?? ModelDataSource?.S3DataSource?.S3Uri,
    })),
    properties: found.CustomerMetadataProperties ?? {},
    commit: found.MetadataProperties?.CommitId,
  };
}
