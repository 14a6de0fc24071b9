import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Random } from "../../../validation/core/planning/random.ts";
import { NotEvidence } from "../../../verify/read/json.ts";
import { verify } from "../../../verify/verify.ts";

const FIXTURES = join(import.meta.dirname, "../../../test/verify/fixtures");

/** What real releases on the local cloud have left: journals, and what `--evidence` kept. */
export const recorded = (): readonly { readonly name: string; readonly text: string }[] =>
  readdirSync(FIXTURES)
    .toSorted()
    .map((name) => ({ name, text: gunzipSync(readFileSync(join(FIXTURES, name))).toString() }));

/** The text with one digit, drawn among all of them, replaced by another one. */
export function withAnotherDigit(text: string, random: Random): string {
  const places = [...text.matchAll(/\d/g)].map(({ index }) => index);
  const place = places[Math.floor(random() * places.length)] ?? 0;
  const digit = (Number(text[place]) + 1 + Math.floor(random() * 9)) % 10;
  return `${text.slice(0, place)}${digit}${text.slice(place + 1)}`;
}

/** Why it is refused; undefined: it is taken for true. */
export function refusal(text: string): string | undefined {
  try {
    const { holds, differences } = verify(text);
    return holds ? undefined : (differences[0]?.field ?? "a difference");
  } catch (error) {
    if (error instanceof NotEvidence) return error.message;
    throw error;
  }
}
