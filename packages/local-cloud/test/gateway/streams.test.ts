import type { ServerResponse } from "node:http";
import { request } from "undici";
import { describe, expect, it } from "vitest";
import { single } from "./support.ts";

const PIECES = 50;
const event = (nth: number) => `data: {"token":${nth}}\n\n`;

describe("an answer that comes in pieces", () => {
  it("is passed on piece by piece: none is sent before the one before has arrived", async () => {
    let answer: ServerResponse | undefined;
    const w = await single((_req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      answer = res;
      res.write(event(0));
    });
    const { headers, body } = await request(`${w.url}/`, { method: "POST", body: "{}" });
    expect(headers["content-type"]).toBe("text/event-stream");
    const seen: string[] = [];
    // A gateway that kept a piece back would wait here for ever.
    for await (const chunk of body) {
      seen.push(String(chunk));
      if (seen.length < PIECES) answer?.write(event(seen.length));
      else answer?.end();
    }
    expect(seen).toEqual(Array.from({ length: PIECES }, (_, nth) => event(nth)));
  });

  it("that the target cuts is cut for the client, too", async () => {
    const w = await single((_req, res) => {
      res.writeHead(200, { "content-type": "text/event-stream" });
      res.write(event(0), () => res.destroy());
    });
    const { body } = await request(`${w.url}/`, { method: "POST", body: "{}" });
    const seen: string[] = [];
    const reading = async () => {
      for await (const chunk of body) seen.push(String(chunk));
    };
    await expect(reading()).rejects.toThrow();
    expect(seen).toEqual([event(0)]);
  });
});
