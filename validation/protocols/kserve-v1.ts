import { isRecord } from "../../contract/config/field.ts";
import { jsonOf } from "./ask.ts";
import { memberOf, objectOf, oneEach, withVersion, wordOf } from "./answers.ts";
import { defineProtocol, type Replies, type ToldModel } from "./define.ts";
import { columnsOf, rowOf, textOf } from "./inputs.ts";

const LIST = { method: "GET", path: "/v1/models" } as const;
const ownPath = (name: string) => `/v1/models/${name}`;
const pageOf = (name: string) => ({ method: "GET", path: ownPath(name) }) as const;

/** TensorFlow Serving lists no models: its one is found when its name is said, `deploy --model-name`. */
export const definition = defineProtocol({
  name: "kserve-v1",
  title: "KServe v1, TensorFlow Serving REST",
  servers: "KServe's Python servers, TensorFlow Serving",
  source: "https://kserve.github.io/website/docs/concepts/architecture/data-plane/v1-protocol",
  // Before v2: a KServe model that takes only v1 answers the pages of v2 all the same.
  order: 10,
  probes: ({ name }) => [LIST, ...(name === undefined ? [] : [pageOf(name)])],
  recognise(replies, said) {
    const name = nameOf(replies, said);
    if (name === undefined) return undefined;
    const version = servingVersion(replies(pageOf(name)));
    return {
      name,
      ...(version === undefined ? {} : { version }),
      predictPath: said.predictPath ?? `${ownPath(name)}:predict`,
      healthPath: ownPath(name),
      metadataPath: ownPath(name),
      inputs: [],
      contentType: "application/json",
    };
  },
  choice(replies, said) {
    const among = listedIn(replies);
    return said.name === undefined && among.length > 1 ? { what: "models", among } : undefined;
  },
  body: (_, inputs) =>
    JSON.stringify({ instances: inputs.map((input) => textOf(input) ?? columnsOf(input) ?? rowOf(input)) }),
  read(reply, count) {
    const body = jsonOf(reply);
    if (!isRecord(body)) return { flaw: "no JSON object" };
    return withVersion(oneEach(body["predictions"], count, "predictions"), wordOf(body["model_version"]));
  },
  namesVersion: false,
  batches: true,
  required: ["instances"],
});

/** OpenAI's page of the same path lists objects; TensorFlow Serving has none, and tells of a model by its name alone. */
function nameOf(replies: Replies, said: ToldModel): string | undefined {
  const names = listedIn(replies);
  if (said.name !== undefined) {
    const own = objectOf(replies(pageOf(said.name)));
    const isServed = Array.isArray(own?.["model_version_status"]) || typeof own?.["ready"] === "boolean";
    return isServed || names.includes(said.name) ? said.name : undefined;
  }
  const [name] = names;
  return names.length === 1 ? name : undefined;
}

function listedIn(replies: Replies): readonly string[] {
  const models = objectOf(replies(LIST))?.["models"];
  return Array.isArray(models) ? models.filter((one) => typeof one === "string") : [];
}

/** The version that TensorFlow Serving has available. */
function servingVersion(reply: Parameters<typeof objectOf>[0]): string | undefined {
  const states = objectOf(reply)?.["model_version_status"];
  const available = Array.isArray(states)
    ? states.filter((one) => memberOf(one, "state") === "AVAILABLE")
    : [];
  return available.length === 1 ? wordOf(memberOf(available[0], "version")) : undefined;
}
