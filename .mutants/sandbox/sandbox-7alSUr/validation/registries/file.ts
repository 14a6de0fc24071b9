import * as v from "valibot";
import { UserError } from "../errors.ts";
import { messageOf } from "../reading.ts";
import { defineRegistry, type RegisteredModel } from "./define.ts";

const FILE = "models.json";

const Version = v.strictObject({
  image: v.pipe(v.string(), v.nonEmpty()),
  protocol: v.optional(v.string()),
  modelName: v.optional(v.string()),
  revision: v.optional(v.string()),
  goldenSet: v.optional(v.string()),
});
const Models = v.strictObject({ models: v.record(v.string(), v.record(v.string(), Version)) });

export const definition = defineRegistry({
  scheme: "file:",
  about: `a file of the repository, \`${FILE}\`: \`{"models": {"fraud": {"7": {"image": "…@sha256:…"}}}}\`; of each version also \`protocol\`, \`modelName\`, \`revision\` and \`goldenSet\`. Nothing is written back to it`,
  reference: "file:<model>/<version>",
  async resolve(reference, { readFile }) {
    const [model = "", version = "", ...more] = reference.split("/");
    if (model === "" || version === "" || more.length > 0) {
      throw new UserError("BG187", `"file:${reference}" is not file:<model>/<version>.`);
    }
    const { models } = await read(readFile);
    const versions = Object.hasOwn(models, model) ? models[model] : undefined;
    if (versions === undefined) throw unknown("model", model, Object.keys(models));
    const entry = Object.hasOwn(versions, version) ? versions[version] : undefined;
    if (entry === undefined) throw unknown(`version of ${model}`, version, Object.keys(versions));
    return registered(reference, version, entry);
  },
});

function registered(
  reference: string,
  modelVersion: string,
  { image, protocol, modelName, revision, goldenSet }: v.InferOutput<typeof Version>,
): RegisteredModel {
  return {
    image,
    modelVersion,
    registry: `file:${reference}`,
    ...(protocol === undefined ? {} : { servingProtocol: protocol }),
    ...(modelName === undefined ? {} : { modelName }),
    ...(revision === undefined ? {} : { revision }),
    ...(goldenSet === undefined ? {} : { goldenSet }),
  };
}

async function read(readFile: (path: string) => Promise<string>): Promise<v.InferOutput<typeof Models>> {
  const parsed = await readFile(FILE)
    .then((text): unknown => JSON.parse(text))
    .catch((error: unknown) => {
      throw new UserError("BG187", `${FILE}: ${messageOf(error)}.`);
    });
  const result = v.safeParse(Models, parsed);
  if (result.success) return result.output;
  const problems = result.issues.map((issue) => `${v.getDotPath(issue) ?? "the file"}: ${issue.message}`);
  throw new UserError("BG187", `${FILE}: ${problems.join("; ")}.`);
}

const unknown = (what: string, got: string, known: readonly string[]) =>
  new UserError("BG187", `${FILE} has no ${what} "${got}"; it has ${known.join(", ") || "none"}.`);
