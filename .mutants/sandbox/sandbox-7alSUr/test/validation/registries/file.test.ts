import { describe, expect, it } from "vitest";
import { ALL_REGISTRIES } from "../../../validation/registries/all.ts";
import { resolved } from "../../../validation/registries/resolve.ts";

const MODELS = {
  models: {
    fraud: {
      "7": { image: "registry.example/fraud@sha256:7", protocol: "mlflow" },
      "8": { image: "registry.example/fraud@sha256:8" },
    },
  },
};
const nobody = async () => Promise.reject(new Error("a file asks nobody"));
const NOBODY = {
  variable: () => undefined,
  ask: nobody,
  packages: { list: nobody, describe: nobody, update: nobody },
};
const resolve = (reference: string, text = JSON.stringify(MODELS)) =>
  resolved(reference, ALL_REGISTRIES, { ...NOBODY, readFile: async () => text });

describe("the registry in a file of the repository", () => {
  it("gives the image, the version and how its server is asked", async () => {
    expect(await resolve("file:fraud/7")).toEqual({
      image: "registry.example/fraud@sha256:7",
      modelVersion: "7",
      registry: "file:fraud/7",
      servingProtocol: "mlflow",
    });
    expect(await resolve("file:fraud/8")).toEqual({
      image: "registry.example/fraud@sha256:8",
      modelVersion: "8",
      registry: "file:fraud/8",
    });
  });

  it("has nothing to do with an image", async () => {
    expect(await resolve("registry.example/fraud@sha256:7")).toBeUndefined();
    expect(await resolve("digits:2")).toBeUndefined();
  });

  it.each([
    ["file:fraud", `"file:fraud" is not file:<model>/<version>.`],
    ["file:fraud/7/8", `"file:fraud/7/8" is not file:<model>/<version>.`],
    ["file:froud/7", `models.json has no model "froud"; it has fraud.`],
    ["file:constructor/7", `models.json has no model "constructor"; it has fraud.`],
    ["file:fraud/9", `models.json has no version of fraud "9"; it has 7, 8.`],
  ])("says of %s what is wrong, and what there is", async (reference, message) => {
    await expect(resolve(reference)).rejects.toMatchObject({ code: "BG187", exitCode: 64 });
    await expect(resolve(reference)).rejects.toThrow(message);
  });

  it("says where the file is not as it should be", async () => {
    await expect(resolve("file:fraud/7", "{")).rejects.toThrow("models.json: ");
    const noImage = JSON.stringify({ models: { fraud: { "7": {} } } });
    await expect(resolve("file:fraud/7", noImage)).rejects.toThrow("models.fraud.7.image: ");
  });
});
