import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { definition } from "../../../validation/registries/mlflow.ts";
import { SimulatedMlflow } from "./support/simulated-mlflow.ts";

const IMAGE = `registry.example/fraud@sha256:${"7".repeat(64)}`;
// As mlflow.sklearn.log_model 3.17.2 writes it, shortened.
const MLMODEL = `artifact_path: mlflow-artifacts:/0/models/m-20/artifacts
signature:
  inputs: '[{"type": "double", "name": "amount", "required": true}, {"type": "string",
    "name": "country", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
`;

describe("MLflow's registry", () => {
  let mlflow: SimulatedMlflow;
  beforeEach(async () => {
    mlflow = await new SimulatedMlflow().start();
    mlflow.add("fraud", "7", { "deploy.image": IMAGE });
  });
  afterEach(() => mlflow.stop());
  const resolve = (reference: string, env = {}) => definition.resolve(reference, mlflow.tools(env));

  it("gives the image that the version is tagged with, and what else its tags, run and files say", async () => {
    const tags = {
      "deploy.image": IMAGE,
      "deploy.protocol": "mlflow",
      "deploy.goldenSet": "golden/fraud.csv",
    };
    mlflow.add("fraud", "8", tags);
    const version = mlflow.versions.get("fraud")?.get("8");
    if (version !== undefined) version.runId = "r1";
    mlflow.runs.set("r1", { "mlflow.source.git.commit": "0123abcd" });
    mlflow.file = MLMODEL;
    expect(await resolve("/fraud/8")).toEqual({
      image: IMAGE,
      modelVersion: "8",
      registry: "models:/fraud/8",
      servingProtocol: "mlflow",
      goldenSet: "golden/fraud.csv",
      revision: "0123abcd",
      signature: "amount: double, country: string",
    });
  });

  it("resolves an alias to the version that it means now", async () => {
    mlflow.aliases.set("fraud", new Map([["challenger", "7"]]));
    expect(await resolve("/fraud@challenger")).toMatchObject({ registry: "models:/fraud/7", image: IMAGE });
  });

  it("says that a signature cannot be read, and goes on without it", async () => {
    expect(await resolve("/fraud/7")).toEqual({
      image: IMAGE,
      modelVersion: "7",
      registry: "models:/fraud/7",
      notes: ["its signature could not be read: MLflow answers 404: RESOURCE_DOES_NOT_EXIST"],
    });
  });

  it.each([
    ["/fraud/9", "BG187", "MLflow answers 404: Model Version (name=fraud, version=9) not found"],
    ["/fraud@best", "BG187", "MLflow answers 400: Registered model alias best not found."],
    ["/fraud/latest", "BG187", `"models:/fraud/latest" is neither models:/<model>/<version number>`],
    ["fraud/7", "BG187", `"models:fraud/7" is neither`],
    ["/m-20a6", "BG187", `"models:/m-20a6" is neither`],
  ])("says of models:%s what is wrong", async (reference, code, message) => {
    await expect(resolve(reference)).rejects.toMatchObject({ code });
    await expect(resolve(reference)).rejects.toThrow(message);
  });

  it("refuses a version without an image, with the commands that give it one", async () => {
    mlflow.add("fraud", "8");
    await expect(resolve("/fraud/8")).rejects.toMatchObject({ code: "BG331" });
    await expect(resolve("/fraud/8")).rejects.toThrow(
      'mlflow.MlflowClient().set_model_version_tag("fraud", "8", "deploy.image", "<repository>@sha256:…")',
    );
  });

  it("refuses a version whose files are not there yet", async () => {
    const version = mlflow.versions.get("fraud")?.get("7");
    if (version !== undefined) version.status = "PENDING_REGISTRATION";
    await expect(resolve("/fraud/7")).rejects.toMatchObject({ code: "BG330" });
  });

  it("says a token, or a user with a password, as MLflow's own client does, and in no message", async () => {
    await resolve("/fraud/7", { MLFLOW_TRACKING_TOKEN: "secret" });
    expect(new Set(mlflow.authorizations)).toEqual(new Set(["Bearer secret"]));
    mlflow.authorizations.length = 0;
    await resolve("/fraud/7", { MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_PASSWORD: "pw" });
    expect(mlflow.authorizations[0]).toBe(`Basic ${Buffer.from("ann:pw").toString("base64")}`);
    const wrong = resolve("/fraud/7", { MLFLOW_TRACKING_URI: "databricks://ann:pw@there" });
    await expect(wrong).rejects.toThrow("is not the http:// or https:// address");
    await expect(wrong).rejects.not.toThrow("pw@");
  });

  it.each([
    ["is down", 502, "MLflow answers 502"],
    ["does not answer", "hang", "did not answer in time"],
  ] as const)("says that it %s", async (_title, fault, message) => {
    mlflow.fault = fault;
    const asked = definition.resolve("/fraud/7", mlflow.tools({}, 100));
    await expect(asked).rejects.toThrow(message);
  });
});
