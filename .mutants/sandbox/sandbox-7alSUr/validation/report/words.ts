import type { Slot } from "../../contract/slot.ts";
import { percent } from "../core/percent.ts";
import { ANSWER_CLASSES, type AnswerCounts } from "../core/comparison/answers.ts";

/** Numbers as people read them, and text in columns. */

export { percent };

/** `5,400`. */
export const whole = (value: number): string => Math.round(value).toLocaleString("en-US");

/** `2xx 5,400 · 3xx 0 · 4xx 12 · 5xx 0`. */
export const answerWords = (answers: AnswerCounts): string =>
  ANSWER_CLASSES.map((name) => `${name} ${whole(answers[name])}`).join(" · ");

/** `47`, `2.3`, `0.08`, `1.2e+14`. */
export const number = (value: number): string =>
  value >= 1e6 ? value.toExponential(1) : String(Number(value.toPrecision(value < 10 ? 2 : 3)));

/** `14:03` of a day that is known. */
export const clockTime = (ms: number): string => new Date(ms).toISOString().slice(11, 16);

/** `2026-11-25 14:03 UTC`. */
export const dateTime = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** What an emergency write has done. */
export const backWords = (to: Slot, seconds: number): string =>
  `all traffic is on ${to} after ${seconds.toFixed(2)} s`;

/** `99 %`: how sure an interval is that may be looked at whenever one likes. */
export const sureWords = (alpha: number): string => `${Number(((1 - alpha) * 100).toPrecision(3))} %`;

/** What a failing candidate would have been seen by. `blindSpot`: part of the requests that fail; `share`: the candidate's, in percent. */
export const blindWords = (share: number, blindSpot: number): string =>
  share >= 100
    ? "nobody to compare with"
    : `smallest detectable failure rate ${percent(Math.min(1, blindSpot))}`;

const WIDTH = 79;

/** A text of many words under each other, behind a label in a margin of `margin` characters. */
export function paragraph(label: string, text: string, margin: number, width = WIDTH): readonly string[] {
  const lines: string[] = [];
  let line = "";
  // A number and its % stay together.
  for (const word of text.split(/\s+(?!%)/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && margin + longer.length > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines.map((one, index) => `${(index === 0 ? label : "").padEnd(margin)}${one}`);
}

/** Rows with their columns under each other; the first column to the left, the others as `right` says. */
export function columns(rows: readonly (readonly string[])[], indent: string, gap = 2): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  return rows.map((row) =>
    `${indent}${row.map((cell, at) => cell.padEnd((widths[at] ?? 0) + gap)).join("")}`.trimEnd(),
  );
}
