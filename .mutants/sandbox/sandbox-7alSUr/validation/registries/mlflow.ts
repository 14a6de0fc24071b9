import { UserError } from "../errors.ts";
import { attempt, messageOf } from "../reading.ts";
import { defineRegistry, type RegisteredModel } from "./define.ts";
import { mlflowApi, type MlflowApi, type MlflowVersion } from "./mlflow/api.ts";
import { signatureWords } from "./mlflow/signature.ts";
import { writeBack } from "./mlflow/write-back.ts";
import { GIVEN, givenIn } from "./tags.ts";

/** MLflow's own of a run: mlflow.org/docs/latest/ml/tracking/tracking-api, system tags. */
const COMMIT = "mlflow.source.git.commit";

export const definition = defineRegistry({
  scheme: "models:",
  about:
    "MLflow, a version by its number or its alias; `MLFLOW_TRACKING_URI` says where. Its tag `deploy.image` is the image",
  reference: "models:/<model>/<version>`, `models:/<model>@<alias>",
  async resolve(reference, tools) {
    const asked = parsed(reference);
    try {
      const api = mlflowApi(tools);
      const found = await (asked.alias === undefined
        ? api.version(asked.name, asked.version)
        : api.aliased(asked.name, asked.alias));
      return await registered(api, found);
    } catch (error) {
      if (error instanceof UserError) throw error;
      throw new UserError("BG187", `models:${reference}: ${messageOf(error)}.`);
    }
  },
  writeBack,
  isNamed: ({ variable }) =>
    (variable("MLFLOW_REGISTRY_URI") ?? variable("MLFLOW_TRACKING_URI")) !== undefined,
});

/** A name in MLflow has no `/` and no `:`; with an alias it has no `@`. */
function parsed(reference: string) {
  const [, name, version] = /^\/([^/@]+)\/(\d+)$/.exec(reference) ?? [];
  if (name !== undefined && version !== undefined) return { name, version, alias: undefined };
  const [, model, alias] = /^\/([^/@]+)@([\w.-]+)$/.exec(reference) ?? [];
  if (model !== undefined && alias !== undefined) return { name: model, alias, version: undefined };
  throw new UserError(
    "BG187",
    `"models:${reference}" is neither models:/<model>/<version number> nor models:/<model>@<alias>.`,
  );
}

async function registered(api: MlflowApi, found: MlflowVersion): Promise<RegisteredModel> {
  const { name, version, status, tags, runId } = found;
  const registry = `models:/${name}/${version}`;
  if (status !== "READY") throw new UserError("BG330", `${registry} is ${status}; allowed: READY.`);
  const image = tags[GIVEN.image];
  if (image === undefined || image === "") throw new UserError("BG331", withoutImage(name, version));
  const revision = tags[GIVEN.revision] ?? (await revisionOf(api, runId));
  const file = await attempt(async () => signatureWords(await api.file(name, version, "MLmodel")));
  const signature = file.readable ? file.value : undefined;
  return {
    image,
    modelVersion: version,
    registry,
    ...givenIn(tags),
    ...(revision === undefined ? {} : { revision }),
    ...(signature === undefined ? {} : { signature }),
    ...(file.readable ? {} : { notes: [`its signature could not be read: ${file.why}`] }),
  };
}

/** A version that was made of files alone has no run, and one whose run is gone or not ours to read no revision. */
async function revisionOf(api: MlflowApi, runId: string): Promise<string | undefined> {
  if (runId === "") return undefined;
  const read = await attempt(() => api.runTags(runId));
  return read.readable ? read.value[COMMIT] || undefined : undefined;
}

function withoutImage(name: string, version: string): string {
  const tag = `set_model_version_tag(${[name, version, GIVEN.image, "<repository>@sha256:…"].map((text) => JSON.stringify(text)).join(", ")})`;
  return `models:/${name}/${version} has no tag ${GIVEN.image}. mlflow models build-docker -m models:/${name}/${version} -n <repository>, push it, then: python -c 'import mlflow; mlflow.MlflowClient().${tag}'`;
}
