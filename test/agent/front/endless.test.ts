import { describe, expect, it } from "vitest";
import { Pieces } from "../../../agent/front/pieces.ts";

const MEBIBYTE = 1024 * 1024;

function piecesOf(chunks: Iterable<Buffer>): readonly string[] {
  const found: string[] = [];
  const pieces = new Pieces("events", (data) => found.push(data));
  for (const chunk of chunks) pieces.add(chunk);
  pieces.end();
  return found;
}

const times = (count: number, text: string) => Array.from({ length: count }, () => Buffer.from(text));

describe("a stream that a model does not end", () => {
  it("is counted and not kept: one event of many lines", () => {
    const found = piecesOf(times(40_000, `data: ${"x".repeat(60)}\n`));
    expect(found.length).toBeGreaterThan(2);
    expect(Math.max(...found.map((data) => data.length))).toBeLessThan(1.1 * MEBIBYTE);
  });

  it("takes time by its length and not by the square of it: one line in small pieces", () => {
    const before = process.cpuUsage();
    const found = piecesOf(times(40_000, "x".repeat(64)));
    expect(found).toEqual(["…", "…"]);
    // By the square it were some ten thousand million characters.
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
  });
});

describe("an event", () => {
  it("has an empty line of data for a field without a colon, and none of a mark at the begin", () => {
    expect(piecesOf([Buffer.from("\uFEFFdata: a\ndata\n\n")])).toEqual(["a\n"]);
  });

  it("is the same wherever it is cut", () => {
    const bytes = Buffer.from("data:\r\n\ndata: é😀\r\ndata: b\n\r\n");
    const whole = piecesOf([bytes]);
    for (let at = 0; at <= bytes.length; at += 1)
      expect(piecesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
  });
});
