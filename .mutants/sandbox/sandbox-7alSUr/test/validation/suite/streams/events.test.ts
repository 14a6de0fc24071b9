import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventReader, MOST_CHARACTERS } from "../../../../validation/suite/streams/events.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);
/** Events of a text that comes in pieces of so many bytes. */
function eventsOf(text: string, size = Number.POSITIVE_INFINITY): readonly string[] {
  const reader = new EventReader();
  const bytes = bytesOf(text);
  const events: string[] = [];
  for (let at = 0; at < bytes.length; at += size) events.push(...reader.read(bytes.subarray(at, at + size)));
  return events;
}

describe("a stream of events", () => {
  test.each([
    ["one line", "data: a\n\n", ["a"]],
    ["no space after the colon, or two of them", "data:a\n\ndata:  b\n\n", ["a", " b"]],
    ["carriage returns alone", "data: a\r\rdata: b\r\r", ["a", "b"]],
    ["both", "data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]],
    ["data of several lines", "data: a\ndata: b\ndata\n\n", ["a\nb\n"]],
    ["comments, names and ids", ": keep alive\n\nevent: token\nid: 7\nretry: 9\ndata: a\n\n", ["a"]],
    ["an event without its empty line", "data: a\n\ndata: b\n", ["a"]],
    ["a byte order mark", "\uFEFFdata: a\n\n", ["a"]],
    ["nothing", "", []],
  ])("with %s", (_what, text, wanted) => {
    expect(eventsOf(text)).toEqual(wanted);
    expect(eventsOf(text, 1)).toEqual(wanted);
  });

  test("is read the same in whatever pieces it comes, those that cut a character or a line end included", () => {
    const ends = fc.constantFrom("\n", "\r\n", "\r");
    const words = fc
      .string({ unit: "grapheme", maxLength: 8 })
      .map((word) => word.replaceAll(/[\r\n]/g, "."));
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 8 }),
        ends,
        fc.integer({ min: 1, max: 7 }),
        (all, end, size) => {
          const text = all.map((word) => `data: ${word}${end}${end}`).join("");
          expect(eventsOf(text, size)).toEqual(all);
        },
      ),
    );
  });

  test("keeps nothing of a line without an end", () => {
    const reader = new EventReader();
    const chunk = bytesOf("a".repeat(64 * 1024));
    for (let sent = 0; sent <= MOST_CHARACTERS; sent += chunk.length) expect(reader.read(chunk)).toEqual([]);
    expect(reader.isTooLong).toBe(true);
    expect(reader.read(bytesOf("\n\ndata: b\n\n"))).toEqual([]);
  });
});
