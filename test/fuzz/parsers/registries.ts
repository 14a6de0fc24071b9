import { createHash } from "node:crypto";
import { slotFields } from "../../../contract/config/keys.ts";
import type { RegistryTools } from "../../../validation/registries/define.ts";
import { imageReference } from "../../../validation/registries/oci/reference.ts";
import { ALL_REGISTRIES } from "../../../validation/registries/all.ts";
import { resolved } from "../../../validation/registries/resolve.ts";
import { digestOf } from "../../../contract/release/release.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { isUserError, jsonOf, textOf } from "../support.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const nobody = () => Promise.reject(new Error("nobody answers"));
const TOOLS: RegistryTools = {
  readFile: nobody,
  variable: () => undefined,
  ask: nobody,
  packages: { list: nobody, describe: nobody, update: nobody },
};

/** Whatever a registry answers, `deploy` gets an image and a version, or an error of ours. */
function demandModel(found: unknown): void {
  demand(isRecord(found), "no model");
  const { image, modelVersion, ...rest } = isRecord(found) ? found : {};
  demand(typeof image === "string" && image !== "", "no image");
  demand(typeof modelVersion === "string" && modelVersion !== "", "no version");
  const texts = Object.entries(rest).filter(([name]) => name !== "notes");
  demand(
    texts.every(([, value]) => typeof value === "string"),
    "something of it is no text",
  );
}

const fromFile: FuzzedParser = {
  name: "registry-file",
  seeds: [
    `{"models":{"fraud":{"7":{"image":"models/fraud@${DIGEST}","protocol":"mlflow","goldenSet":"golden.jsonl"},"8":{"image":"x:8"}}}}`,
  ],
  edits: "json",
  words: ["models", "fraud", "image", "protocol", "modelName", "revision", "7"],
  take: (input) =>
    unlessRefused(isUserError, async () => {
      demandModel(
        await resolved("file:fraud/7", ALL_REGISTRIES, { ...TOOLS, readFile: async () => textOf(input) }),
      );
    }),
};

const VERSION = {
  model_version: {
    name: "fraud",
    version: "7",
    status: "READY",
    run_id: "r",
    tags: [
      { key: "deploy.image", value: `models/fraud@${DIGEST}` },
      { key: "deploy.protocol", value: "mlflow" },
    ],
  },
};
const MLMODEL = `signature:\n  inputs: '[{"name": "amount", "type": "double"}, {"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1, 4]}}]'\n`;

/** The first line is the version, the second the run, and what follows the file beside the model. */
const fromMlflow: FuzzedParser = {
  name: "registry-mlflow",
  seeds: [
    `${JSON.stringify(VERSION)}\n{"run":{"data":{"tags":[{"key":"mlflow.source.git.commit","value":"abc"}]}}}\n${MLMODEL}`,
  ],
  edits: "lines",
  words: [
    "model_version",
    "tags",
    "deploy.image",
    "READY",
    "signature",
    "inputs",
    "&a ",
    "*a",
    "shape",
    "tensor-spec",
  ],
  take: (input) =>
    unlessRefused(isUserError, async () => {
      const [version = "", run = "", ...rest] = textOf(input).split("\n");
      const ask: RegistryTools["ask"] = async ({ url }) => {
        const text = url.includes("runs/get")
          ? run
          : url.includes("get-artifact")
            ? rest.join("\n")
            : version;
        return { status: 200, headers: {}, text };
      };
      const variable = (name: string) =>
        name === "MLFLOW_TRACKING_URI" ? "http://mlflow.example" : undefined;
      demandModel(await resolved("models:/fraud/7", ALL_REGISTRIES, { ...TOOLS, ask, variable }));
    }),
};

const fromSageMaker: FuzzedParser = {
  name: "registry-sagemaker",
  seeds: [
    `{"arn":"arn:x","status":"Completed","approval":"Approved","containers":[{"image":"models/fraud:7","digest":"${DIGEST}"}],"properties":{"deploy.protocol":"mlflow"}}`,
  ],
  edits: "json",
  words: ["status", "approval", "containers", "properties", "Approved", "Completed", "deploy.image"],
  // What the SDK hands over has the SDK's types: texts and lists, with any words in them.
  take: (input) =>
    unlessRefused(isUserError, async () => {
      const given = jsonOf(textOf(input));
      const text = (value: unknown) => (typeof value === "string" ? value : "");
      const all = isRecord(given) ? given : {};
      const containers = Array.isArray(all["containers"]) ? all["containers"].filter(isRecord) : [];
      const properties = isRecord(all["properties"]) ? all["properties"] : {};
      const packages: RegistryTools["packages"] = {
        ...TOOLS.packages,
        list: async () => [{ version: "7", arn: text(all["arn"]) }],
        describe: async () => ({
          arn: text(all["arn"]),
          status: text(all["status"]),
          approval: text(all["approval"]),
          containers: containers.map(({ image, digest }) => ({
            image: text(image),
            digest: typeof digest === "string" ? digest : undefined,
            modelData: undefined,
          })),
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, value]) => [key, text(value)]),
          ),
          commit: undefined,
        }),
      };
      const found = await resolved("sagemaker:fraud/7", ALL_REGISTRIES, { ...TOOLS, packages });
      demand(all["approval"] === "Approved" && all["status"] === "Completed", "it was not approved");
      demandModel(found);
    }),
};

const sha256 = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const CONFIG =
  '{"config":{"Labels":{"org.opencontainers.image.version":"7","org.opencontainers.image.revision":"abc"}}}';

/** The first line is the manifest, the second the configuration that it names by digest. */
const fromOci: FuzzedParser = {
  name: "registry-oci",
  seeds: [
    `{"config":{"digest":"${sha256(CONFIG)}","mediaType":"application/vnd.oci.image.config.v1+json"},"annotations":{"a":"b"}}\n${CONFIG}`,
    `{"annotations":{"org.opencontainers.image.version":"7"},"artifactType":"application/vnd.cncf.model.manifest.v1+json"}\n`,
    `{"manifests":[{"digest":"${DIGEST}","platform":{"os":"linux"}}]}\n`,
  ],
  edits: "lines",
  words: [
    "config",
    "Labels",
    "annotations",
    "manifests",
    "digest",
    "platform",
    "org.opencontainers.image.version",
  ],
  take: (input) =>
    unlessRefused(isUserError, async () => {
      const [manifest = "", config = ""] = textOf(input).split("\n");
      const ask: RegistryTools["ask"] = async ({ url }) => ({
        status: 200,
        headers: {},
        text: url.includes("/blobs/") ? config : manifest,
      });
      const found = await resolved("oci:registry.example/fraud:latest", ALL_REGISTRIES, { ...TOOLS, ask });
      demandModel(found);
      demand(
        found?.image.endsWith(`@${sha256(manifest)}`) === true,
        "another image than the one that was read",
      );
    }),
};

const image: FuzzedParser = {
  name: "image-reference",
  seeds: [
    "fraud",
    "fraud:7",
    `models/fraud:7@${DIGEST}`,
    "localhost:5000/fraud",
    "registry.example:443/a/b/c:1",
    `127.0.0.1:5000/x@${DIGEST}`,
  ],
  edits: "text",
  words: [
    "/",
    ":",
    "@",
    DIGEST,
    "..",
    "//",
    "localhost",
    "sha256:",
    "latest",
    "%2f",
    "?",
    "#",
    "@evil.example",
  ],
  take(input) {
    const text = textOf(input);
    const field = slotFields.image.read(text);
    if (field !== undefined) {
      demand(/^[\w./:@-]+$/.test(text), "a configured image with strange characters");
      const digest = digestOf(text);
      demand(digest === undefined || text.endsWith(`@${digest}`), "another digest");
    }
    const read = imageReference(text);
    if (read === undefined) return field === undefined ? "refused" : "accepted";
    const { scheme, host, repository, version } = read;
    const url = new URL(`${scheme}://${host}/v2/${repository}/manifests/${version}`);
    // Numbers are an address, whatever their form; a port that is the scheme's own is left out.
    const isNumbers = /^[\dx.a-f]+(:\d+)?$/i.test(host);
    demand(
      url.username === "" && (isNumbers || url.hostname === host.toLowerCase().replace(/:\d*$/, "")),
      `${text} is asked of ${url.hostname}`,
    );
    demand(url.pathname === `/v2/${repository}/manifests/${version}`, `${text} is asked at ${url.pathname}`);
    demand(scheme === "https" || ["localhost", "127.0.0.1"].includes(url.hostname), "asked without TLS");
    return "accepted";
  },
};

export const REGISTRIES: readonly FuzzedParser[] = [fromFile, fromMlflow, fromSageMaker, fromOci, image];
