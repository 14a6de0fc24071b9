import type { IncomingMessage } from "node:http";
import { imagePixels, maximumInk } from "./model.ts";

const maximumBodyBytes = 64 * 1024;

/** The client's mistake: a 4xx status, and a sentence that says what would have been right. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/** The image in a request to /predict: 64 numbers of 0..16. Throws a Refusal for anything else. */
export async function readFeatures(request: IncomingMessage): Promise<readonly number[]> {
  const contentType = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (contentType !== "application/json") throw new Refusal(415, "content-type must be application/json");
  const body = parseJson(await readBody(request));
  if (typeof body !== "object" || body === null || !("features" in body)) {
    throw new Refusal(400, 'the body must be an object with the key "features"');
  }
  return checkedFeatures(body.features);
}

/** Reads a too large body to its end, and forgets it: a client that is still sending would not see the answer. */
async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maximumBodyBytes) chunks.push(chunk);
  }
  if (bytes > maximumBodyBytes) throw new Refusal(413, `the body may have up to ${maximumBodyBytes} bytes`);
  return Buffer.concat(chunks).toString("utf8");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
}

function checkedFeatures(features: unknown): readonly number[] {
  if (!Array.isArray(features) || features.length !== imagePixels) {
    throw new Refusal(400, `features must be a list of ${imagePixels} numbers`);
  }
  const wrong = features.findIndex((value) => !isInk(value));
  if (wrong !== -1) throw new Refusal(400, `features[${wrong}] must be a number from 0 to ${maximumInk}`);
  return features;
}

function isInk(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= maximumInk;
}
