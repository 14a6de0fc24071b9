import { UserError } from "../errors.ts";
import { messageOf } from "../reading.ts";
import { defineRegistry, type RegisteredModel } from "./define.ts";
import type { ModelPackage } from "./model-packages.ts";
import { writeBack } from "./sagemaker/write-back.ts";
import { GIVEN, givenIn } from "./tags.ts";

export const definition = defineRegistry({
  scheme: "sagemaker:",
  about:
    "SageMaker's Model Registry, an approved version of a model package group; its container is the image, or its metadata property `deploy.image`",
  reference: "sagemaker:<group>/<version>",
  async resolve(reference, { packages }) {
    // SageMaker API, ModelPackageGroupName: letters, digits and hyphens.
    const [, group, version] = /^([A-Za-z0-9][A-Za-z0-9-]{0,62})\/(\d{1,9})$/.exec(reference) ?? [];
    if (group === undefined || version === undefined) {
      throw new UserError("BG187", `"sagemaker:${reference}" is not sagemaker:<group>/<version number>.`);
    }
    try {
      const all = await packages.list(group);
      const arn = all.find((one) => one.version === version)?.arn;
      if (arn !== undefined) return registered(reference, version, await packages.describe(arn));
      const known = all.map((one) => one.version).slice(0, 20);
      const what = `SageMaker has no version ${version} of ${group}`;
      throw new UserError("BG187", `${what}; it has ${known.join(", ") || "none"}.`);
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError("BG187", `sagemaker:${reference}: ${messageOf(error)}.`);
    }
  },
  writeBack,
});

function registered(reference: string, version: string, found: ModelPackage): RegisteredModel {
  const { properties, approval, status, commit } = found;
  if (status !== "Completed") {
    throw new UserError("BG330", `sagemaker:${reference} is ${status}; allowed: Completed.`);
  }
  if (approval !== "Approved") throw new UserError("BG330", notApproved(reference, found));
  const revision = properties[GIVEN.revision] ?? commit;
  return {
    ...imageOf(reference, found),
    modelVersion: version,
    registry: `sagemaker:${reference}`,
    ...givenIn(properties),
    ...(revision === undefined ? {} : { revision }),
  };
}

const notApproved = (reference: string, { approval, arn }: ModelPackage) =>
  `sagemaker:${reference} is ${approval || "without a status"}; allowed: Approved. aws sagemaker update-model-package --model-package-arn ${arn} --model-approval-status Approved`;

/** ECS mounts no model data: what SageMaker would bring to the container from S3 is not there. */
function imageOf(reference: string, { properties, containers, arn }: ModelPackage) {
  const own = properties[GIVEN.image];
  if (own !== undefined) return { image: own };
  const [first, ...more] = containers;
  if (first === undefined || more.length > 0) {
    const many = first === undefined ? "no container" : `${containers.length} containers`;
    const command = `aws sagemaker update-model-package --model-package-arn ${arn} --customer-metadata-properties ${GIVEN.image}=<repository>@sha256:…`;
    throw new UserError("BG331", `sagemaker:${reference} has ${many} and no ${GIVEN.image}. ${command}`);
  }
  const { image, digest, modelData } = first;
  // A tag may stand before the digest, and the digest wins (Docker, reference grammar).
  const pinned = digest === undefined ? image : `${image.replace(/@.*$/, "")}@${digest.toLowerCase()}`;
  if (modelData === undefined) return { image: pinned };
  const note = `its model data is ${modelData}, which SageMaker brings to the container and ECS does not: the image must hold it, or load it (docs/serving/registries.md)`;
  return { image: pinned, notes: [note] };
}
