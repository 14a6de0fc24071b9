import { readFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { isRecord } from "../../../contract/config/field.ts";

export interface StreamCounts {
  asked: number;
  /** Ended with the protocol's own last event. */
  whole: number;
  /** Answered with 200, and ended without it. */
  cut: number;
  /** Anything else. */
  failed: number;
  /** How often each of it. */
  readonly failures: Record<string, number>;
}

const GOLDEN = join(import.meta.dirname, "..", "..", "..", "examples", "text", "golden.jsonl");
const PATIENCE_MS = 20_000;
const TICK_MS = 20;

/** People who ask for streams, so many a real second, at fixed times whether or not earlier ones have ended. */
export function startStreamUsers(url: string, perSecond: number) {
  const questions = readFileSync(GOLDEN, "utf8").trim().split("\n").map(questionOf);
  const agent = new Agent({ keepAlive: true });
  const counts: StreamCounts = { asked: 0, whole: 0, cut: 0, failed: 0, failures: {} };
  const open = new Set<Promise<void>>();
  const startMs = performance.now();
  const ask = () => {
    const one = stream(url, agent, questions[counts.asked % questions.length] ?? "").then((end) => {
      if (end === "whole" || end === "cut") counts[end] += 1;
      else {
        counts.failed += 1;
        counts.failures[end] = (counts.failures[end] ?? 0) + 1;
      }
      open.delete(one);
    });
    open.add(one);
    counts.asked += 1;
  };
  const timer = setInterval(() => {
    const due = ((performance.now() - startMs) / 1000) * perSecond;
    while (counts.asked < due) ask();
  }, TICK_MS);
  return {
    counts,
    /** Resolves when the last of them has its answer. */
    async leave(): Promise<void> {
      clearInterval(timer);
      await Promise.all(open);
      agent.destroy();
    },
  };
}

function questionOf(line: string): string {
  const example: unknown = JSON.parse(line);
  const input = isRecord(example) ? example["input"] : undefined;
  return isRecord(input) ? String(input["text"]) : "";
}

/** Never rejects: how it ended is what is counted, `whole`, `cut`, or what else it was. */
function stream(url: string, agent: Agent, content: string): Promise<string> {
  const body = JSON.stringify({ model: "countries", stream: true, messages: [{ role: "user", content }] });
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const options = { method: "POST", agent, headers, timeout: PATIENCE_MS };
    const asked = request(new URL("/v1/chat/completions", url), options, (answer) => {
      let end = "";
      answer.setEncoding("utf8");
      answer.on("data", (piece: string) => {
        end = `${end}${piece}`.slice(-20);
      });
      answer.on("error", ({ message }) => resolve(`after its first byte: ${message}`));
      answer.on("close", () => {
        const isWhole = end.trimEnd().endsWith("data: [DONE]");
        resolve(answer.statusCode !== 200 ? `HTTP ${answer.statusCode}` : isWhole ? "whole" : "cut");
      });
    });
    asked.on("timeout", () => asked.destroy(new Error(`nothing for ${PATIENCE_MS / 1000} s`)));
    asked.on("error", ({ message }) => resolve(message));
    asked.end(body);
  });
}
