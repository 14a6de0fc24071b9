import type { ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { ask, startAgentFor, startModel, until } from "../support/running.ts";
import { request } from "node:http";
import { once } from "node:events";
import { gzipSync } from "node:zlib";

// As vLLM and the OpenAI API write them: "The chat completion chunk object", platform.openai.com.
const chunk = (delta: unknown, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const ROLE = chunk({ role: "assistant", content: "" });
const DONE = "data: [DONE]\n\n";
const WHOLE = [ROLE, chunk({ content: "Hello" }), chunk({ content: " you" }), chunk({}, "stop"), DONE];

type Script = (res: ServerResponse) => void;
const sends =
  (pieces: readonly string[], then: (res: ServerResponse) => void = (res) => res.end()): Script =>
  (res) => {
    for (const piece of pieces) res.write(piece);
    setImmediate(() => then(res));
  };
const breaks = (res: ServerResponse) => res.socket?.destroy();

async function countsOf(script: Script, settings = {}, contentType = "text/event-stream; charset=utf-8") {
  const model = await startModel((_, res) => {
    res.setHeader("content-type", contentType);
    script(res);
  });
  const running = await startAgentFor(model.port, { front: { streams: settings } });
  await ask(running.port, "/v1/chat/completions", { body: "{}" });
  return running.countsOfMinute()[0];
}

const counted = (faults: Readonly<Record<string, number>> = {}) => ({
  Streams: 1,
  CutStreams: 0,
  StalledStreams: 0,
  EmptyStreams: 0,
  BrokenStreams: 0,
  SlowFirstTokens: 0,
  ...faults,
});

describe("what the agent counts of streams", () => {
  it("counts a whole one with its tokens, in one line of embedded metrics of the minute", async () => {
    const line = await countsOf(sends(WHOLE));
    expect(line).toMatchObject({ ...counted(), Tokens: 2, Answers: 1, Refusals: 0 });
    expect(line).toMatchObject({
      _aws: {
        Timestamp: Date.UTC(2026, 0, 1),
        CloudWatchMetrics: [{ Namespace: "MlBlueGreen/Signals", Dimensions: [["Stack", "Slot"]] }],
      },
      Stack: "digits-prod",
      Slot: "blue",
      RELEASE: "r1",
      MODEL_VERSION: "7",
    });
  });

  it.each([
    ["ends without its end mark", sends(WHOLE.slice(0, 3))],
    ["breaks after its first byte", sends(WHOLE.slice(0, 2), breaks)],
    [
      "says an error after its status",
      sends([ROLE, 'data: {"error": {"message": "engine died", "code": 500}}\n\n', DONE]),
    ],
  ])("counts one that %s as cut", async (_, script) => {
    expect(await countsOf(script)).toMatchObject(counted({ CutStreams: 1, BrokenStreams: 1 }));
  });

  it("takes a finish_reason for the end where [DONE] is missing", async () => {
    expect(await countsOf(sends(WHOLE.slice(0, 4)))).toMatchObject(counted());
  });

  it.each([
    ["nothing but its end", sends([ROLE, chunk({}, "stop"), DONE])],
    ["no byte", sends([])],
  ])("counts one that says %s as empty", async (_, script) => {
    expect(await countsOf(script)).toMatchObject(
      counted({ EmptyStreams: 1, BrokenStreams: 1, SlowFirstTokens: 0 }),
    );
  });

  it("takes calls of tools and reasoning for tokens", async () => {
    const call = { tool_calls: [{ index: 0, id: "x", function: { name: "look", arguments: "{}" } }] };
    const script = sends([
      ROLE,
      chunk({ reasoning_content: "Hm" }),
      chunk(call),
      chunk({}, "tool_calls"),
      DONE,
    ]);
    expect(await countsOf(script)).toMatchObject({ ...counted(), Tokens: 2 });
  });

  it.each([
    [
      "Anthropic's messages",
      "text/event-stream",
      [
        'event: message_start\ndata: {"type":"message_start"}\n\n',
        'data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}}\n\n',
      ],
      'event: message_stop\ndata: {"type":"message_stop"}\n\n',
    ],
    [
      "OpenAI's responses",
      "text/event-stream",
      [
        'data: {"type":"response.created"}\n\n',
        'data: {"type":"response.output_text.delta","delta":"Hi"}\n\n',
      ],
      'data: {"type":"response.completed","response":{}}\n\n',
    ],
    [
      "Ollama's lines",
      "application/x-ndjson",
      ['{"message":{"role":"assistant","content":"Hi"},"done":false}\n'],
      '{"message":{"role":"assistant","content":""},"done":true}\n',
    ],
    [
      "Text Generation Inference's events",
      "text/event-stream",
      ['data:{"token":{"id":1,"text":"Hi"},"generated_text":null}\n\n'],
      'data:{"token":{"id":2,"text":""},"generated_text":"Hi"}\n\n',
    ],
  ])("knows the end of %s", async (_, contentType, pieces, end) => {
    expect(await countsOf(sends([...pieces, end]), {}, contentType)).toMatchObject({
      ...counted(),
      Tokens: 1,
    });
    expect(await countsOf(sends(pieces), {}, contentType)).toMatchObject(
      counted({ CutStreams: 1, BrokenStreams: 1 }),
    );
  });

  it("takes a protocol that it does not know for whole when it ends, or by the end mark that is given", async () => {
    const own = ['data: {"t": "Hi"}\n\n', 'data: {"t": "over"}\n\n'];
    expect(await countsOf(sends(own))).toMatchObject({ ...counted(), Tokens: 2 });
    expect(await countsOf(sends(own), { endMark: "over" })).toMatchObject(counted());
    expect(await countsOf(sends(own.slice(0, 1)), { endMark: "over" })).toMatchObject(
      counted({ CutStreams: 1, BrokenStreams: 1 }),
    );
  });

  describe("of a path that is named, whatever its content type", () => {
    const named = { paths: ["/v1/*"], endMark: "<fin✓>" };
    const inPieces =
      (bytes: Buffer, size: number, encoding?: string): Script =>
      (res) => {
        if (encoding !== undefined) res.setHeader("content-encoding", encoding);
        for (let at = 0; at < bytes.length; at += size) res.write(bytes.subarray(at, at + size));
        res.end();
      };

    it.each([1, 2, 5, 100])("finds the end mark in pieces of %i bytes", async (size) => {
      const whole = Buffer.from("Grüße<fin✓>\n");
      expect(await countsOf(inPieces(whole, size), named, "text/plain")).toMatchObject(counted());
      const cut = Buffer.from("Grüße<fin✓");
      expect(await countsOf(inPieces(cut, size), named, "text/plain")).toMatchObject(
        counted({ CutStreams: 1, BrokenStreams: 1 }),
      );
    });

    it.each(["text/plain", "text/event-stream"])("looks for no end mark in packed %s", async (type) => {
      const packed = gzipSync("data: Grüße<fin✓>\n\n");
      expect(await countsOf(inPieces(packed, 10, "gzip"), named, type)).toMatchObject(counted());
    });
  });

  it("reads events whose bytes come in any pieces, with any line ends", async () => {
    const bytes = Buffer.from(WHOLE.join("").replaceAll("\n", "\r\n").replaceAll("Hello", "Grüße 你"));
    const script: Script = (res) => {
      for (const byte of bytes) res.write(Buffer.of(byte));
      res.end();
    };
    expect(await countsOf(script)).toMatchObject({ ...counted(), Tokens: 2 });
  });

  it("is no stream where it is no success, and where its path is not named", async () => {
    expect(await countsOf((res) => res.end("a"), {}, "text/plain")).not.toHaveProperty("Streams");
    expect(await countsOf((res) => res.end("a"), { paths: ["/v1/*"] }, "text/plain")).toMatchObject(
      counted(),
    );
    const model = await startModel((_, res) =>
      res.writeHead(429, { "content-type": "text/event-stream" }).end("no"),
    );
    const { port, countsOfMinute } = await startAgentFor(model.port, { front: {} });
    await ask(port, "/");
    const [line] = countsOfMinute();
    expect(line).toMatchObject({ Answers: 1, Refusals: 1 });
    expect(line).not.toHaveProperty("Streams");
  });

  describe("in time", () => {
    async function openStream(settings = {}) {
      let model: ServerResponse | undefined;
      const { port: modelPort } = await startModel((_, res) => {
        res.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
        model = res;
      });
      const running = await startAgentFor(modelPort, {
        front: { streams: { firstTokenSeconds: 2, stallSeconds: 5, ...settings } },
      });
      const client = request({ host: "127.0.0.1", port: running.port, agent: false }).end();
      client.on("error", () => {});
      const [answer] = await once(client, "response");
      let heard = "";
      answer.on("data", (data: Buffer) => {
        heard += data.toString();
      });
      answer.on("error", () => {});
      const say = async (piece: string) => {
        model?.write(piece);
        await until(() => heard.endsWith(piece));
      };
      const end = async () => {
        model?.end();
        await once(answer, "end");
      };
      const leave = async () => {
        client.destroy();
        await until(() => model?.destroyed === true);
      };
      return { ...running, say, end, leave };
    }

    it("counts a first token that came too late", async () => {
      const { clock, say, end, countsOfMinute } = await openStream();
      clock.advance(1900);
      await say(ROLE);
      clock.advance(200);
      await say(chunk({ content: "Hi" }));
      await say(chunk({}, "stop"));
      await end();
      expect(countsOfMinute()[0]).toMatchObject(counted({ SlowFirstTokens: 1 }));
    });

    it("counts a stream that says nothing for too long at once, and only once", async () => {
      const { clock, say, end, lines, countsOfMinute } = await openStream();
      await say(chunk({ content: "Hi" }));
      clock.advance(60_000);
      expect(lines.filter((line) => line.includes('"StalledStreams":1'))).toHaveLength(1);
      await say(chunk({ content: " you" }));
      await end();
      expect(countsOfMinute().filter((line) => "Streams" in line)).toHaveLength(1);
    });

    it("is not kept from seeing that by comments that keep a connection open", async () => {
      const { clock, say, countsOfMinute, leave } = await openStream();
      await say(chunk({ content: "Hi" }));
      for (let second = 0; second < 6; second += 2) {
        clock.advance(2000);
        await say(": ping\n\n");
      }
      await leave();
      expect(countsOfMinute()[0]).toMatchObject(counted({ StalledStreams: 1, BrokenStreams: 1 }));
    });

    it("does not count a stream that its client left before its end", async () => {
      const { clock, say, leave, countsOfMinute } = await openStream();
      await say(chunk({ content: "Hi" }));
      clock.advance(4000);
      await leave();
      const [line, ...others] = countsOfMinute();
      expect(line).toMatchObject({ Answers: 1 });
      expect([line, ...others].filter((one) => one !== undefined && "Streams" in one)).toEqual([]);
    });

    it("counts one that its client left when it had no first token for too long", async () => {
      const { clock, leave, countsOfMinute } = await openStream();
      clock.advance(3000);
      await leave();
      expect(countsOfMinute()[0]).toMatchObject(counted({ SlowFirstTokens: 1 }));
    });

    it("counts one as whole whose client hangs up at its end mark", async () => {
      const { say, leave, countsOfMinute } = await openStream();
      await say(chunk({ content: "Hi" }));
      await say(DONE);
      await leave();
      expect(countsOfMinute()[0]).toMatchObject(counted());
    });
  });
});
