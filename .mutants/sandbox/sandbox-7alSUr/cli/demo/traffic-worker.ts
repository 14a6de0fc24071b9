import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { Agent, request } from "undici";
import { isRecord } from "../../contract/config/field.ts";
import type { Answer, TrafficOptions } from "./traffic.ts";

// The thread that starts this one passes exactly these options.
const {
  url,
  requestsPerSecond,
  goldenPath,
  withIds = false,
  patienceSeconds = 10,
} = workerData as TrafficOptions;
const examples = readFileSync(goldenPath, "utf8")
  .trim()
  .split("\n")
  .map((line) => {
    const { features, label } = JSON.parse(line);
    return { body: JSON.stringify({ features }), label: Number(label) };
  });
const agent = new Agent({
  connections: 64,
  pipelining: 1,
  headersTimeout: patienceSeconds * 1000,
  bodyTimeout: patienceSeconds * 1000,
});

let batch: Answer[] = [];
let sent = 0;
let open = 0;
let stopping = false;
const startMs = performance.now();

async function send(): Promise<void> {
  const example = examples[sent % examples.length];
  sent += 1;
  open += 1;
  const sentMs = performance.now();
  const requestId = withIds ? randomUUID() : undefined;
  const labelled =
    requestId === undefined || example === undefined ? {} : { labelled: { requestId, label: example.label } };
  const answer = (status: number, body: unknown) => {
    const version =
      isRecord(body) && typeof body["modelVersion"] === "string" ? body["modelVersion"] : undefined;
    const right = isRecord(body) && body["prediction"] === example?.label;
    const seconds = (performance.now() - sentMs) / 1000;
    batch.push({ realMs: Date.now(), status, version, right, seconds, ...labelled });
  };
  try {
    const response = await request(`${url}/predict`, {
      method: "POST",
      dispatcher: agent,
      headers: {
        "content-type": "application/json",
        ...(requestId === undefined ? {} : { "x-request-id": requestId }),
      },
      body: example?.body ?? "",
    });
    const text = await response.body.text();
    answer(
      response.statusCode,
      response.headers["content-type"]?.includes("json") ? JSON.parse(text) : undefined,
    );
  } catch {
    // Whatever broke, the user got no answer, and that is what is counted.
    answer(0, undefined);
  }
  open -= 1;
}

const timer = setInterval(() => {
  const due = stopping ? sent : Math.floor(((performance.now() - startMs) / 1000) * requestsPerSecond);
  while (sent < due) void send();
  if (batch.length > 0) parentPort?.postMessage(batch);
  batch = [];
  if (!stopping || open > 0) return;
  clearInterval(timer);
  parentPort?.close();
  void agent.close();
}, 5);

parentPort?.on("message", () => {
  stopping = true;
});
