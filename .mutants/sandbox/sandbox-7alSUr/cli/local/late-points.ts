import { InvalidArgumentError } from "commander";
import type { Late, LatePoints } from "../../packages/local-cloud/metrics/late-points.ts";

const WORDS =
  "It takes late=0.05:180 (part of the points, whole seconds up to 3600), revised=0.05:0.5:180 (part, what they show first, seconds), single metrics by name (HTTPCode_Target_2XX_Count=1:240), and after them seed=7; commas between.";

const PART = String.raw`(0(?:\.\d{1,6})?|1(?:\.0{1,6})?)`;
const LATE = new RegExp(`^${PART}:(\\d{1,4})$`);
const REVISED = new RegExp(`^${PART}:${PART}:(\\d{1,4})$`);
const LONGEST_SECONDS = 3600;

/** @throws InvalidArgumentError for what is no such list. */
export function latePointsOf(text: string): LatePoints {
  const parts = text.split(",").map((part) => /^([A-Za-z0-9_]+)=(.*)$/.exec(part) ?? []);
  const named = new Map(parts.map(([, name = "", value = ""]) => [name, value]));
  if (named.size !== parts.length || named.has("")) throw new InvalidArgumentError(WORDS);
  const { seed = "1", late, revised, ...single } = Object.fromEntries(named);
  const lateOf = Object.fromEntries(Object.entries(single).map(([name, value]) => [name, readLate(value)]));
  const points = {
    ...(late !== undefined && { late: readLate(late) }),
    ...(revised !== undefined && { revised: readRevised(revised) }),
    ...(Object.keys(lateOf).length > 0 && { lateOf }),
  };
  if (!/^\d{1,9}$/.test(seed) || Object.keys(points).length === 0) throw new InvalidArgumentError(WORDS);
  return { seed: Number(seed), ...points };
}

function readLate(text: string): Late {
  const [, part, seconds] = LATE.exec(text) ?? [];
  return { part: Number(part), seconds: readSeconds(seconds) };
}

function readRevised(text: string) {
  const [, part, shown, seconds] = REVISED.exec(text) ?? [];
  return { part: Number(part), shown: Number(shown), seconds: readSeconds(seconds) };
}

function readSeconds(text: string | undefined): number {
  const seconds = Number(text ?? Number.NaN);
  if (!(seconds <= LONGEST_SECONDS)) throw new InvalidArgumentError(WORDS);
  return seconds;
}
