import type { IncomingMessage } from "node:http";

const MAXIMUM_BODY_BYTES = 64 * 1024;

/** The client's mistake: a 4xx status, and a sentence that says what would have been right. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Asked {
  readonly isChat: boolean;
  /** What the user says last. */
  readonly prompt: string;
  readonly stream: boolean;
  readonly wantsUsage: boolean;
}

/** What a request to one of the two paths asks. Throws a Refusal for anything else. */
export async function readAsked(request: IncomingMessage, path: string, model: string): Promise<Asked> {
  const contentType = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (contentType !== "application/json") throw new Refusal(415, "content-type must be application/json");
  const body = parse(await readBody(request));
  if (!isRecord(body)) throw new Refusal(400, "the body must be an object");
  if (body["model"] !== model) throw new Refusal(404, `there is no such model; there is ${model}`);
  const { stream = false, stream_options: options } = body;
  if (typeof stream !== "boolean") throw new Refusal(400, "stream must be true or false");
  checkNumber(body, "temperature", 0, 2);
  checkNumber(body, "top_p", 0, 1);
  checkNumber(body, "max_tokens", 1, 1_000_000);
  checkNumber(body, "n", 1, 1);
  if (options !== undefined && options !== null && !isRecord(options)) {
    throw new Refusal(400, "stream_options must be an object");
  }
  const isChat = path === "/v1/chat/completions";
  const prompt = isChat ? lastOf(body["messages"]) : promptOf(body["prompt"]);
  const wantsUsage = isRecord(options) && options["include_usage"] === true;
  return { isChat, prompt, stream, wantsUsage };
}

function promptOf(prompt: unknown): string {
  if (typeof prompt !== "string" || prompt === "")
    throw new Refusal(400, "prompt must be a text that is not empty");
  return prompt;
}

function lastOf(messages: unknown): string {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new Refusal(400, "messages must be a list of {role, content}");
  }
  const contents = messages.map((message: unknown, index) => {
    if (!isRecord(message)) throw new Refusal(400, `messages[${index}] must be an object`);
    const { role, content } = message;
    if (!["system", "developer", "user", "assistant"].includes(String(role)) || typeof role !== "string") {
      throw new Refusal(400, `messages[${index}].role must be system, developer, user or assistant`);
    }
    if (typeof content !== "string") throw new Refusal(400, `messages[${index}].content must be a text`);
    return content;
  });
  return contents.at(-1) ?? "";
}

function checkNumber(
  body: Readonly<Record<string, unknown>>,
  name: string,
  least: number,
  most: number,
): void {
  const value = body[name];
  if (value === undefined || value === null) return;
  if (typeof value !== "number" || value < least || value > most) {
    throw new Refusal(400, `${name} must be a number from ${least} to ${most}`);
  }
}

/** Reads a too large body to its end, and forgets it: a client that is still sending would not see the answer. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAXIMUM_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAXIMUM_BODY_BYTES)
    throw new Refusal(413, `the body may have up to ${MAXIMUM_BODY_BYTES} bytes`);
  return Buffer.concat(chunks).toString("utf8");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
