import { isRecord } from "../../contract/config/field.ts";
import { jsonOf, type Reply } from "./ask.ts";
import { memberOf, objectOf, onlyOf, withVersion, wordOf } from "./answers.ts";
import { defineProtocol, type NamedInput, type ReadAnswer, type Replies, type ToldModel } from "./define.ts";
import { tensorsOf } from "./tensors.ts";

const SERVER = { method: "GET", path: "/v2" } as const;
/** Not of the protocol; MLServer and Triton list their models there (KServe's model repository extension). */
const INDEX = { method: "POST", path: "/v2/repository/index", body: "{}" } as const;
/** KServe's Python server has it. */
const LIST = { method: "GET", path: "/v2/models" } as const;

/** OpenVINO Model Server lists its models there, by their names. */
const CONFIG = { method: "GET", path: "/v1/config" } as const;

const metadataOf = (name: string) => ({ method: "GET", path: `/v2/models/${name}` }) as const;

export const definition = defineProtocol({
  name: "open-inference",
  title: "Open Inference Protocol v2",
  servers: "MLServer, Triton, KServe, OpenVINO Model Server",
  source:
    "https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md",
  order: 20,
  probes: () => [SERVER, INDEX, LIST, CONFIG],
  laterProbes(replies, said) {
    const name = said.name ?? servedIn(replies, said)?.name;
    return name === undefined ? [] : [metadataOf(name)];
  },
  recognise(replies, said) {
    if (wordOf(objectOf(replies(SERVER))?.["name"]) === undefined) return undefined;
    const served = servedIn(replies, said);
    const name = said.name ?? served?.name;
    if (name === undefined) return undefined;
    const metadata = objectOf(replies(metadataOf(name)));
    // OpenVINO Model Server tells no extensions. A name alone has many a page.
    const hasExtensions = Array.isArray(objectOf(replies(SERVER))?.["extensions"]);
    if (!hasExtensions && !Array.isArray(metadata?.["inputs"])) return undefined;
    const version = served?.version ?? onlyOf(metadata?.["versions"]);
    return {
      name,
      ...(version === undefined ? {} : { version }),
      predictPath: said.predictPath ?? `/v2/models/${name}/infer`,
      healthPath: "/v2/health/ready",
      metadataPath: `/v2/models/${name}`,
      inputs: inputsIn(metadata?.["inputs"]),
      contentType: "application/json",
    };
  },
  choice(replies, said) {
    if (wordOf(objectOf(replies(SERVER))?.["name"]) === undefined) return undefined;
    const among = namesOf(modelsIn(replies));
    return said.name === undefined && among.length > 1 ? { what: "models", among } : undefined;
  },
  body: (model, inputs) => {
    const tensors = tensorsOf(model, inputs);
    // A row of columns is a table to MLServer only when it is told so (its content types).
    const isTable = tensors.length > 1 && tensors.every(({ data }) => data.length === inputs.length);
    return JSON.stringify({ ...(isTable ? { parameters: { content_type: "pd" } } : {}), inputs: tensors });
  },
  read,
  namesVersion: false,
  batches: true,
  required: ["inputs"],
});

interface ListedModel {
  readonly name: string;
  readonly version?: string;
}

/** The model that was said, else the one that the server names when it names one alone. */
function servedIn(replies: Replies, { name }: ToldModel): ListedModel | undefined {
  const listed = modelsIn(replies);
  const wanted = name ?? onlyOf(namesOf(listed));
  const [model, ...others] = listed.filter((one) => one.name === wanted);
  if (wanted === undefined || model === undefined) return undefined;
  // Of several versions none is the one that answers.
  return others.length === 0 ? model : { name: wanted };
}

/** All that a server lists, each version of a model for itself, on the first of the pages that servers have for it. */
function modelsIn(replies: Replies): readonly ListedModel[] {
  const index = replies(INDEX);
  const indexed = index?.status === 200 ? jsonOf(index) : undefined;
  const entries = (Array.isArray(indexed) ? indexed : []).flatMap((one) => {
    const [name, version] = [wordOf(memberOf(one, "name")), wordOf(memberOf(one, "version"))];
    return name === undefined ? [] : [{ name, ...(version === undefined ? {} : { version }) }];
  });
  const list = objectOf(replies(LIST))?.["models"];
  const named = Array.isArray(list) ? list.flatMap((one) => wordOf(one) ?? []) : [];
  const configuredNames = configured(objectOf(replies(CONFIG)) ?? {});
  const pages = [entries, ...[named, configuredNames].map((names) => names.map((name) => ({ name })))];
  return pages.find((models) => models.length > 0) ?? [];
}

const namesOf = (models: readonly ListedModel[]) => [...new Set(models.map(({ name }) => name))];

/** Each model stands there as TensorFlow Serving describes one. */
const configured = (models: Readonly<Record<string, unknown>>) =>
  Object.keys(models).filter((name) => Array.isArray(memberOf(models[name], "model_version_status")));

/** Names, types and shapes as metadata tells them. */
export const inputsIn = (list: unknown): readonly NamedInput[] =>
  (Array.isArray(list) ? list : []).filter(isRecord).flatMap((one) => {
    const { name, datatype, shape } = one;
    if (typeof name !== "string") return [];
    const isShape = Array.isArray(shape) && shape.every((size) => typeof size === "number");
    return [{ name, ...(typeof datatype === "string" ? { datatype } : {}), ...(isShape ? { shape } : {}) }];
  });

function read(reply: Reply, count: number): ReadAnswer {
  const body = jsonOf(reply);
  if (!isRecord(body)) return { flaw: "no JSON object" };
  const outputs = Array.isArray(body["outputs"]) ? body["outputs"].filter(isRecord) : [];
  // MLServer calls labels `predict`, and what else it was asked for by other names.
  const output = outputs.find(({ name }) => name === "predict") ?? outputs[0];
  return withVersion(
    output === undefined ? { flaw: "no outputs" } : valuesOf(output, count),
    wordOf(body["model_version"]),
  );
}

/** Data may be flat or nested (the protocol allows both); the first size of the shape is the number of rows. */
function valuesOf({ data }: Readonly<Record<string, unknown>>, count: number): ReadAnswer {
  if (!Array.isArray(data)) return { flaw: "no data in its output" };
  const flat: readonly unknown[] = data.flat(Number.POSITIVE_INFINITY);
  const each = flat.length / count;
  if (!Number.isInteger(each) || each === 0) return { flaw: `${flat.length} values for ${count} inputs` };
  const values = Array.from({ length: count }, (_, row) =>
    each === 1 ? flat[row] : flat.slice(row * each, (row + 1) * each),
  );
  return { values };
}
