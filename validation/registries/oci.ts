import { given } from "../../contract/config/model-service.ts";
import { UserError } from "../errors.ts";
import { messageOf } from "../reading.ts";
import { defineRegistry } from "./define.ts";
import { describedImage, type DescribedImage } from "./oci/api.ts";
import { imageReference } from "./oci/reference.ts";

/**
 * Names of OCI's image specification ("Annotations"), as labels of the image's configuration or as annotations of its
 * manifest; after them those that ModelPack's specification had of its own before it took OCI's.
 */
const VERSION = ["org.opencontainers.image.version", "org.cnai.model.version"];
const REVISION = ["org.opencontainers.image.revision", "org.cnai.model.revision"];
/** Weights without a server: ModelPack, "Model Format Specification", artifactType; its first version said cnai. */
const MODEL_ARTIFACT = /^application\/vnd\.(cncf|cnai)\.model\./;
/** ECR wants a token of the account. */
const ECR = /\.dkr[.-]ecr[.-]/;

export const definition = defineRegistry({
  scheme: "oci:",
  about:
    "an image that says its own version, in the label `org.opencontainers.image.version`; of a registry that anybody may read (not ECR)",
  reference: "oci:<image>",
  async resolve(reference, tools) {
    const at = imageReference(reference);
    if (at === undefined) throw new UserError("BG187", `"oci:${reference}" is not oci:<image>.`);
    if (ECR.test(at.host)) {
      throw new UserError("BG187", `oci:${reference}: ECR answers nobody without a token of its account.`);
    }
    const found = await describedImage(at, tools).catch((error: unknown) => {
      throw new UserError("BG187", `oci:${reference}: ${messageOf(error)}.`);
    });
    if (MODEL_ARTIFACT.test(found.artifactType)) {
      throw new UserError("BG331", `oci:${reference} is a ModelPack artifact: weights without a server.`);
    }
    const modelVersion = first(found, VERSION);
    if (modelVersion === undefined) {
      throw new UserError(
        "BG331",
        `oci:${reference} has no label ${VERSION[0]}. docker build --label ${VERSION[0]}=<version> writes it`,
      );
    }
    const revision = first(found, REVISION);
    const image = `${at.name}@${found.digest}`;
    const { port } = found;
    return { image, modelVersion, ...given({ revision, port }) };
  },
});

const first = ({ words }: DescribedImage, names: readonly string[]) =>
  names.map((name) => words[name]).find((value) => value !== undefined && value !== "");
