import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runToItsEnd, startService, type ServiceProcess } from "../service-process.ts";

interface Golden {
  readonly input: { readonly text: string };
  readonly label: string;
  readonly slice: { readonly continent: string };
}

const GOLDEN_FILE = "examples/text/golden.jsonl";
const golden = readFileSync(GOLDEN_FILE, "utf8")
  .trim()
  .split("\n")
  // As golden.ts writes them.
  .map((line) => JSON.parse(line) as Golden);

interface Images {
  readonly images: Readonly<Record<string, { readonly command: readonly string[] }>>;
}
const { images }: Images = JSON.parse(readFileSync("images.local.json", "utf8"));
const commandOf = (image: string) => images[image]?.command ?? [];

const post = (url: string, body: unknown, path = "/v1/chat/completions") =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const chat = (text: string, more: object = {}) => ({
  model: "countries",
  messages: [{ role: "user", content: text }],
  ...more,
});

async function answerOf(url: string, text: string): Promise<string> {
  const response = await post(url, chat(text));
  // OpenAI API reference, "Chat completion object".
  const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
  return choices[0]?.message.content ?? "";
}

/** Data of each event of a stream, until its end. */
async function eventsOf(url: string, text: string): Promise<readonly string[]> {
  const response = await post(url, chat(text, { stream: true, stream_options: { include_usage: true } }));
  const body = await response.text();
  return body.split("\n\n").flatMap((event) => (event === "" ? [] : [event.replace(/^data: /, "")]));
}

const rightOf = async (url: string, continent?: string) => {
  const asked = golden.filter(({ slice }) => continent === undefined || slice.continent === continent);
  const answers = await Promise.all(asked.map(({ input }) => answerOf(url, input.text)));
  return answers.filter((answer, index) => answer.includes(asked[index]?.label ?? "?")).length / asked.length;
};

test("golden.ts writes the golden set byte for byte, with enough examples of each continent to judge it", () => {
  const folder = mkdtempSync(join(tmpdir(), "text-golden-"));
  execFileSync("node", ["examples/text/golden.ts", folder]);
  expect(readFileSync(join(folder, "golden.jsonl"), "utf8")).toBe(readFileSync(GOLDEN_FILE, "utf8"));
  rmSync(folder, { recursive: true });
  for (const continent of ["Africa", "Asia", "Europe"]) {
    expect(golden.filter(({ slice }) => slice.continent === continent).length).toBeGreaterThanOrEqual(30);
  }
});

describe.for(["text:1", "text:2"])("%s", (image) => {
  let service: ServiceProcess;
  beforeAll(async () => {
    service = await startService({ command: commandOf(image) });
  });
  afterAll(() => service.stop());

  test("has the fact in each answer to the golden set", async () => {
    expect(await rightOf(service.url)).toBe(1);
  });

  test("streams the answer that it gives whole, with finish reason, usage and [DONE] at the end", async () => {
    const text = "What is the capital of Kenya?";
    const events = await eventsOf(service.url, text);
    expect(events.at(-1)).toBe("[DONE]");
    // OpenAI API reference, "Chat completion chunk object".
    const chunks = events.slice(0, -1).map(
      (one) =>
        JSON.parse(one) as {
          choices: { delta: { content?: string }; finish_reason: string | null }[];
          usage?: { completion_tokens: number };
        },
    );
    const pieces = chunks.flatMap(({ choices }) => choices.flatMap(({ delta }) => delta.content ?? []));
    expect(pieces.join("")).toBe(await answerOf(service.url, text));
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(pieces.length);
  });

  test.for([
    ["no JSON", "{", 400],
    ["another model", { ...chat("x"), model: "gpt" }, 404],
    ["no messages", { model: "countries", messages: [] }, 400],
    ["a message without a role", { model: "countries", messages: [{ content: "x" }] }, 400],
    ["a temperature that is no number", chat("x", { temperature: "hot" }), 400],
    ["a stream that is a word", chat("x", { stream: "yes" }), 400],
  ] as const)("refuses %s with a sentence", async ([, body, status]) => {
    const response = await post(service.url, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      error: { message: expect.stringMatching(/\w/) as string, type: "invalid_request_error" },
    });
  });
});

/** What the nth request of a process gets; each process counts from 1. */
async function withImage(image: string, look: (url: string) => Promise<void>): Promise<void> {
  const service = await startService({ command: commandOf(image) });
  try {
    await look(service.url);
  } finally {
    await service.stop();
  }
}

const TEXT = "What is the capital of Kenya?";
const streams = async (url: string, count: number) => {
  const seen: (readonly string[])[] = [];
  for (let request = 0; request < count; request += 1) seen.push(await eventsOf(url, TEXT));
  return seen;
};

test("text:3-streams-cut cuts the seventh of twenty streams, which ends without [DONE]", () =>
  withImage("text:3-streams-cut", async (url) => {
    const whole = (await streams(url, 10)).map((events) => events.at(-1) === "[DONE]");
    expect(whole.flatMap((isWhole, index) => (isWhole ? [] : [index + 1]))).toEqual([7]);
  }));

test("text:3-empty says nothing to the seventh of ten, and text:3-constant the same to all", async () => {
  await withImage("text:3-empty", async (url) => {
    const answers: string[] = [];
    for (let request = 0; request < 10; request += 1) answers.push(await answerOf(url, TEXT));
    expect(answers.flatMap((answer, index) => (answer === "" ? [index + 1] : []))).toEqual([7]);
  });
  await withImage("text:3-constant", async (url) => {
    expect(await answerOf(url, TEXT)).toBe(await answerOf(url, "In Nepal, which currency do people use?"));
  });
});

test("text:3-africa-wrong is wrong about two of three facts of Africa, and about no other", () =>
  withImage("text:3-africa-wrong", async (url) => {
    expect(await rightOf(url, "Africa")).toBeCloseTo(1 / 3);
    expect(await rightOf(url, "Asia")).toBe(1);
    expect(await rightOf(url, "Europe")).toBe(1);
  }));

test("slow ones take their time: the first token 200 ms, or each token 20 ms", async () => {
  const secondsOf = async (url: string) => {
    const startMs = performance.now();
    await eventsOf(url, TEXT);
    return performance.now() - startMs;
  };
  // A timer may be a millisecond early.
  await withImage("text:3-slow-first-token", async (url) => {
    expect(await secondsOf(url)).toBeGreaterThanOrEqual(199);
  });
  await withImage("text:3-slow-tokens", async (url) => {
    expect(await secondsOf(url)).toBeGreaterThanOrEqual(6 * 19);
  });
});

test("a style or a fault that there is not ends the process before it listens", async () => {
  const service = ["node", "examples/text/service.ts"];
  expect((await runToItsEnd({ command: [...service, "--style=3"] })).output).toContain("Give --style 1");
  const { code, output } = await runToItsEnd({ command: [...service, "--style=1", "--fault=odd"] });
  expect({ code, output }).toMatchObject({ code: 1, output: /there is no fault "odd"/ });
});
