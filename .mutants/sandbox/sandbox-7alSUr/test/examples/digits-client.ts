import { readFileSync } from "node:fs";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface GoldenExample {
  readonly features: readonly number[];
  readonly label: number;
}

export const golden: readonly GoldenExample[] = readFileSync("examples/digits/golden.jsonl", "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

export async function get(url: string): Promise<Answer> {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

/** Predicts one image; by default the first of the golden set. */
export async function predict(url: string, features = golden[0]?.features): Promise<Answer> {
  const response = await fetch(`${url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ features }),
  });
  return { status: response.status, body: await response.json() };
}

/** The share of the golden set that the service gets right, 0..1. Fails on any other status than 200. */
export async function measuredAccuracy(url: string): Promise<number> {
  let right = 0;
  for (const { features, label } of golden) {
    const { status, body } = await predict(url, features);
    if (status !== 200) throw new Error(`status ${status}: ${JSON.stringify(body)}`);
    if (typeof body === "object" && body !== null && "prediction" in body && body.prediction === label)
      right += 1;
  }
  return right / golden.length;
}
