/**
 * A text service on the OpenAI protocol, for Node alone:
 *
 *     PORT=8080 node examples/text/service.ts --style 2 [--fault streams-cut]
 *
 * GET /v1/models, POST /v1/chat/completions (with `"stream": true`, too) and POST /v1/completions.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type Plan, withFault } from "./faults.ts";
import { generate, type Style } from "./generator.ts";
import { type Asked, readAsked, Refusal } from "./request.ts";

/** As a small model on a good machine has them. */
const FIRST_TOKEN_MS = 10;
const TOKEN_MS = 2;
const MODEL = "countries";

const { values } = parseArgs({ options: { style: { type: "string" }, fault: { type: "string" } } });
const style = styleOf(values.style);
const spoil = values.fault === undefined ? (plan: Plan) => plan : withFault(values.fault);
let requests = 0;

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const refusal = error instanceof Refusal ? error : new Refusal(500, "the model failed on this request");
    if (!(error instanceof Refusal)) console.error(error);
    // OpenAI API reference, "Error codes": an object `error` with a message and a type.
    const type = refusal.status < 500 ? "invalid_request_error" : "server_error";
    send(response, refusal.status, { error: { message: refusal.message, type } });
  });
});
// AWS, "Edit attributes for your Application Load Balancer": above the load balancer's own 60 s.
server.keepAliveTimeout = 75_000;
const host = process.env["HOST"] ?? "127.0.0.1";
server.listen(Number(process.env["PORT"] ?? 8080), host, () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : address;
  console.log(`${MODEL} ${style} listens on http://${host}:${port}`);
});
process.on("SIGTERM", () => {
  server.close(() => process.exit(0));
});

function styleOf(text: string | undefined): Style {
  if (text === "1" || text === "2") return text;
  throw new Error("which style? Give --style 1 or --style 2");
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path] = (request.url ?? "").split("?");
  if (path === "/v1/models") {
    if (request.method !== "GET") throw new Refusal(405, "/v1/models takes GET only");
    return send(response, 200, {
      object: "list",
      data: [{ id: MODEL, object: "model", owned_by: "example" }],
    });
  }
  if (path !== "/v1/chat/completions" && path !== "/v1/completions") throw new Refusal(404, "no such path");
  if (request.method !== "POST") throw new Refusal(405, `${path} takes POST only`);
  const asked = await readAsked(request, path, MODEL);
  requests += 1;
  const whole: Plan = {
    tokens: generate(style, asked.prompt),
    firstTokenMs: FIRST_TOKEN_MS,
    tokenMs: TOKEN_MS,
    end: "whole",
  };
  const plan = spoil(whole, asked.prompt, requests);
  await sleep(plan.firstTokenMs);
  if (asked.stream) return stream(response, asked, plan);
  await sleep(plan.tokenMs * plan.tokens.length);
  const text = plan.tokens.join("");
  const choice = asked.isChat ? { message: { role: "assistant", content: text } } : { text };
  send(response, 200, {
    ...headOf(asked, "whole"),
    choices: [{ index: 0, ...choice, finish_reason: "stop" }],
    usage: usageOf(asked, plan),
  });
}

/** OpenAI API reference, "Streaming": events of text/event-stream, the last of them `[DONE]`. */
async function stream(response: ServerResponse, asked: Asked, plan: Plan): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const event = (choices: readonly object[], more: object = {}) =>
    response.write(`data: ${JSON.stringify({ ...headOf(asked, "chunk"), choices, ...more })}\n\n`);
  for (const token of plan.tokens) {
    event([
      { index: 0, ...(asked.isChat ? { delta: { content: token } } : { text: token }), finish_reason: null },
    ]);
    await sleep(plan.tokenMs);
  }
  // A connection that is closed like this looks like the end to a client that waits for no more.
  if (plan.end === "cut") return void response.end();
  // Silence until somebody gives up.
  if (plan.end === "stalled") return;
  event([{ index: 0, ...(asked.isChat ? { delta: {} } : { text: "" }), finish_reason: "stop" }]);
  if (asked.wantsUsage) event([], { usage: usageOf(asked, plan) });
  response.end("data: [DONE]\n\n");
}

function headOf({ isChat }: Asked, form: "whole" | "chunk"): object {
  const kind = isChat ? "chat.completion" : "text_completion";
  const object = isChat && form === "chunk" ? `${kind}.chunk` : kind;
  return { id: `answer-${requests}`, object, created: Math.floor(Date.now() / 1000), model: MODEL };
}

function usageOf({ prompt }: Asked, { tokens }: Plan): object {
  const promptTokens = prompt.split(/\s+/).length;
  const total = promptTokens + tokens.length;
  return { prompt_tokens: promptTokens, completion_tokens: tokens.length, total_tokens: total };
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
