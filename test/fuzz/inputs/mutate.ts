import { editedJson } from "./json.ts";
import type { Choices } from "./random.ts";

/** `json`: one JSON text. `lines`: a JSON text a line. `text`: anything else. */
export type EditKind = "json" | "lines" | "text";

/** No input is longer: the readers of files and bodies have bounds of their own, which are tested beside them. */
const MOST_BYTES = 200_000;

/** What readers of text have tripped over before, in this product and in others. */
const STRANGE = [
  "",
  "\0",
  "\r",
  "\r\n",
  "\n\n",
  "\uFEFF",
  "\u2028",
  "é",
  "😀",
  "\\",
  '"',
  "'",
  "__proto__",
  "constructor",
  "-0",
  "1e999",
  "NaN",
  "9007199254740993",
  "0x10",
  "1970-01-01T00:00:00Z",
  "2026-02-30T00:00:00Z",
  "+275760-09-13T00:00:00Z",
  "[".repeat(5000),
  '{"a":'.repeat(5000),
  "(".repeat(3000),
  " ".repeat(5000),
  "a".repeat(20_000),
];

export interface Material {
  readonly pool: readonly Buffer[];
  readonly words: readonly string[];
  readonly edits: EditKind;
}

/** An input of the pool, changed one to four times. */
export function mutated(material: Material, choices: Choices): Buffer {
  let input = choices.one(material.pool, Buffer.alloc(0));
  const times = 1 + choices.below(4);
  for (let time = 0; time < times; time += 1) input = once(input, material, choices);
  return input.subarray(0, MOST_BYTES);
}

function once(input: Buffer, material: Material, choices: Choices): Buffer {
  const isStructured = material.edits !== "text" && choices.part() < 0.6;
  if (isStructured) return structured(input, material.edits, choices);
  const change = choices.one(CHANGES, cut);
  return change(input, material, choices);
}

function structured(input: Buffer, edits: EditKind, choices: Choices): Buffer {
  const text = input.toString("utf8");
  if (edits === "json") return Buffer.from(editedJson(text, choices));
  const lines = text.split("\n");
  const at = choices.below(lines.length);
  return Buffer.from(
    lines.map((line, index) => (index === at ? editedJson(line, choices) : line)).join("\n"),
  );
}

type Change = (input: Buffer, material: Material, choices: Choices) => Buffer;

const splice = (input: Buffer, from: number, to: number, put: Buffer) =>
  Buffer.concat([input.subarray(0, from), put, input.subarray(to)]);

/** A piece of the input: mostly a short one. */
function pieceOf(input: Buffer, choices: Choices): readonly [from: number, to: number] {
  const from = choices.below(input.length + 1);
  const most = choices.part() < 0.8 ? 12 : input.length;
  return [from, Math.min(input.length, from + choices.below(most + 1))];
}

const cut: Change = (input, _, choices) => {
  const [from, to] = pieceOf(input, choices);
  return splice(input, from, to, Buffer.alloc(0));
};

const CHANGES: readonly Change[] = [
  cut,
  (input, _, choices) => input.subarray(0, choices.below(input.length + 1)),
  (input, _, choices) => {
    const [from, to] = pieceOf(input, choices);
    return splice(input, to, to, input.subarray(from, to));
  },
  (input, _, choices) => {
    const at = choices.below(input.length + 1);
    return splice(input, at, at + 1, Buffer.from([choices.below(256)]));
  },
  (input, { pool }, choices) => {
    const other = choices.one(pool, input);
    const [from, to] = pieceOf(other, choices);
    const at = choices.below(input.length + 1);
    return splice(input, at, at + choices.below(2) * (to - from), other.subarray(from, to));
  },
  (input, { words }, choices) => {
    const [from, to] = pieceOf(input, choices);
    return splice(input, from, choices.part() < 0.5 ? from : to, Buffer.from(choices.one(words, "")));
  },
  (input, { words }, choices) => exchanged(input, words, choices),
  (input, _, choices) => exchanged(input, STRANGE, choices),
  (input, _, choices) => number(input, choices),
  (input, _, choices) => {
    const lines = input.toString("utf8").split("\n");
    const [from, to] = [choices.below(lines.length), choices.below(lines.length)];
    lines.splice(to, choices.below(2), lines[from] ?? "");
    return Buffer.from(lines.join("\n"));
  },
];

/** One word of the input for another one. */
function exchanged(input: Buffer, by: readonly string[], choices: Choices): Buffer {
  const found = [...input.toString("utf8").matchAll(/[\w.+-]+/g)];
  const word = found[choices.below(found.length)];
  const text = input.toString("utf8");
  const from = word?.index ?? 0;
  const to = from + (word?.[0].length ?? 0);
  return Buffer.from(text.slice(0, from) + choices.one(by, "") + text.slice(to));
}

const NUMBERS = ["0", "-1", "1", "100", "101", "0.5", "1e21", "4294967296", "-0", "00", "1.", ".5", "1e-7"];

function number(input: Buffer, choices: Choices): Buffer {
  const text = input.toString("utf8");
  const found = [...text.matchAll(/\d+(?:\.\d+)?/g)];
  const word = found[choices.below(found.length)];
  if (word === undefined) return input;
  return Buffer.from(
    text.slice(0, word.index) + choices.one(NUMBERS, "0") + text.slice(word.index + word[0].length),
  );
}
