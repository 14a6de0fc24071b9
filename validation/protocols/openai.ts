import { isRecord } from "../../contract/config/field.ts";
import { jsonOf, strictJson, type Reply } from "./ask.ts";
import { memberOf, objectOf, onlyOf, wordOf } from "./answers.ts";
import { defineProtocol, type ReadAnswer, type Replies, type ToldModel, type ServedModel } from "./define.ts";
import { textOf } from "./inputs.ts";

const LIST = { method: "GET", path: "/v1/models" } as const;
const CHAT = "/v1/chat/completions";
const COMPLETIONS = "/v1/completions";
const EMBEDDINGS = "/v1/embeddings";
/** Data of the event that ends every whole stream (OpenAI API reference, "Streaming"). */
const DONE = "[DONE]";

/** Chat unless `service.predictPath` says completions or embeddings. */
export const definition = defineProtocol({
  name: "openai",
  title: "OpenAI API: chat, completions, embeddings",
  servers: "vLLM, TGI, SGLang, llama.cpp, LiteLLM",
  source: "https://platform.openai.com/docs/api-reference",
  order: 30,
  probes: () => [LIST],
  recognise(replies, said) {
    const names = listedIn(replies);
    const name = names === undefined ? undefined : (said.name ?? onlyOf(names));
    return name === undefined ? undefined : modelOf(name, said);
  },
  choice(replies, said) {
    const among = listedIn(replies) ?? [];
    return said.name === undefined && among.length > 1 ? { what: "models", among } : undefined;
  },
  body: (model, [input]) => JSON.stringify({ ...requestOf(model, input), ...sampling(model) }),
  read,
  namesVersion: false,
  batches: false,
  required: ["messages", "prompt", "input"],
  answers: ["choices[].finish_reason", "usage"],
  stream: {
    streams: ({ predictPath }) => predictPath !== EMBEDDINGS,
    body: (model, input) =>
      JSON.stringify({
        ...requestOf(model, input),
        ...sampling(model),
        stream: true,
        stream_options: { include_usage: true },
      }),
    event(data) {
      const parsed: unknown = strictJson(data);
      const choice: unknown = Array.isArray(memberOf(parsed, "choices")) ? firstChoice(parsed) : undefined;
      const delta = memberOf(choice, "delta");
      const text = memberOf(delta, "content") ?? memberOf(choice, "text");
      const tokens = memberOf(memberOf(parsed, "usage"), "completion_tokens");
      return {
        text: typeof text === "string" ? text : "",
        finished: typeof memberOf(choice, "finish_reason") === "string",
        ...(typeof tokens === "number" ? { tokens } : {}),
      };
    },
    end: DONE,
  },
});

/** The models that it lists; undefined: this is no list of them. */
function listedIn(replies: Replies): readonly string[] | undefined {
  const list = objectOf(replies(LIST));
  const data = list?.["data"];
  if (list?.["object"] !== "list" || !Array.isArray(data)) return undefined;
  return data.flatMap((one) => wordOf(memberOf(one, "id")) ?? []);
}

const modelOf = (name: string, said: ToldModel): ServedModel => ({
  name,
  predictPath: said.predictPath ?? CHAT,
  // Every such server lists its models when they are loaded; their health pages differ.
  healthPath: LIST.path,
  metadataPath: LIST.path,
  inputs: [],
  contentType: "application/json",
});

/** A request of the example's own (`messages`, `prompt`, `input`) keeps what it says; the model's name is the server's. */
function requestOf({ name, predictPath }: ServedModel, input: unknown): Readonly<Record<string, unknown>> {
  const own =
    isRecord(input) &&
    ["messages", "prompt", "input"].some(
      (member) => Array.isArray(input[member]) || (member === "prompt" && typeof input[member] === "string"),
    );
  const text = textOf(input) ?? JSON.stringify(input);
  if (own) return { ...input, model: name };
  if (predictPath === EMBEDDINGS) return { model: name, input: text };
  if (predictPath === COMPLETIONS) return { model: name, prompt: text };
  return { model: name, messages: [{ role: "user", content: text }] };
}

/** The same answer each time, as far as the server can. */
const sampling = ({ predictPath }: ServedModel) => (predictPath === EMBEDDINGS ? {} : { temperature: 0 });

function read(reply: Reply): ReadAnswer {
  const body = jsonOf(reply);
  if (!isRecord(body)) return { flaw: "no JSON object" };
  const embedding = memberOf(Array.isArray(body["data"]) ? body["data"][0] : undefined, "embedding");
  if (Array.isArray(embedding)) return { values: [embedding] };
  const choice = firstChoice(body);
  const text = memberOf(memberOf(choice, "message"), "content") ?? memberOf(choice, "text");
  return typeof text === "string" ? { values: [text] } : { flaw: "no text in its choices" };
}

function firstChoice(body: unknown): unknown {
  const choices = memberOf(body, "choices");
  return Array.isArray(choices) ? choices[0] : undefined;
}
