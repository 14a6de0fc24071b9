import { isObject, jsonOf } from "../json.ts";

/** What one event of a stream says. */
export interface StreamEvent {
  /** What it adds to the answer; empty: it adds nothing, and is no token. */
  readonly text: string;
  /** The protocol says how a stream ends, so one that ends otherwise was cut. */
  readonly hasEnd: boolean;
  readonly isEnd: boolean;
  readonly isError: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const event = (text: string, hasEnd: boolean, isEnd = false, isError = false): StreamEvent => ({
  text,
  hasEnd,
  isEnd,
  isError,
});

/** Reads an event by what it looks like; of a protocol that is not known here everything is text. */
export function readEvent(data: string): StreamEvent {
  if (data.trim() === "[DONE]") return event("", true, true);
  const json = data.trimStart().startsWith("{") ? jsonOf(data) : undefined;
  if (!isObject(json)) return event(data, false);
  // vLLM and the OpenAI API answer 200 and say later that they failed.
  if (isObject(json["error"]) || (typeof json["error"] === "string" && json["error"] !== ""))
    return event("", true, false, true);
  return openAi(json) ?? typed(json) ?? ollama(json) ?? textGeneration(json) ?? event(data, false);
}

/** OpenAI, chat and text completions ("The chat completion chunk object"). */
function openAi(json: Json): StreamEvent | undefined {
  const choices = json["choices"];
  if (!Array.isArray(choices)) return undefined;
  const all: readonly Json[] = choices.filter(isObject);
  const text = all.map((choice) => `${textOf(choice["text"])}${deltaText(choice["delta"])}`).join("");
  const ends = all.map((choice) => choice["finish_reason"]);
  return event(
    text,
    true,
    ends.some((reason) => typeof reason === "string"),
    ends.includes("error"),
  );
}

/** Content, reasoning, refusal, calls of tools: whatever an answer's delta adds, and never whose it is. */
function deltaText(delta: unknown): string {
  if (!isObject(delta)) return "";
  return Object.entries(delta)
    .filter(([name]) => name !== "role")
    .map(([, value]) => (Array.isArray(value) ? callsText(value) : textOf(value)))
    .join("");
}

/** Calls have ids that are made anew each time. */
function callsText(calls: readonly unknown[]): string {
  return calls
    .map((call) => {
      const made = isObject(call) && isObject(call["function"]) ? call["function"] : undefined;
      return made === undefined
        ? JSON.stringify(call)
        : `${textOf(made["name"])}${textOf(made["arguments"])}`;
    })
    .join("");
}

/** OpenAI's responses ("Streaming events") and Anthropic's messages ("Streaming messages"): events have a type. */
function typed(json: Json): StreamEvent | undefined {
  const type = json["type"];
  if (typeof type !== "string") return undefined;
  if (type === "error") return event("", true, false, true);
  if (type.startsWith("response.")) {
    const isEnd = type === "response.completed" || type === "response.incomplete";
    return event(
      type.endsWith(".delta") ? textOf(json["delta"]) : "",
      true,
      isEnd,
      type === "response.failed",
    );
  }
  if (!/^(message_(start|delta|stop)|content_block_(start|delta|stop)|ping)$/.test(type)) return undefined;
  const delta = type === "content_block_delta" && isObject(json["delta"]) ? json["delta"] : {};
  const { text, thinking, partial_json: partial } = delta;
  return event(`${textOf(text)}${textOf(thinking)}${textOf(partial)}`, true, type === "message_stop");
}

/** Ollama ("Generate a completion", "Generate a chat completion"): lines, the last of which has `done: true`. */
function ollama(json: Json): StreamEvent | undefined {
  if (typeof json["done"] !== "boolean") return undefined;
  const message = isObject(json["message"]) ? json["message"] : {};
  return event(`${textOf(json["response"])}${textOf(message["content"])}`, true, json["done"]);
}

/** Text Generation Inference (`/generate_stream`): the last event has the whole text. */
function textGeneration(json: Json): StreamEvent | undefined {
  if (!isObject(json["token"]) || !("generated_text" in json)) return undefined;
  return event(textOf(json["token"]["text"]), true, typeof json["generated_text"] === "string");
}

const textOf = (value: unknown) => (typeof value === "string" ? value : "");
