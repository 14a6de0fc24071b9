/** What an edit was in. */
export type FieldClass = (typeof CLASSES)[number][0];

/** The first that fits, by the path of the value: names and places, dots between. */
const CLASSES = [
  ["links: the forger made them anew", /^(\d+\.)?(n|previous|digest|whole|all|looks)$|^chain\./],
  ["counts of the minutes", /comparison\.counts\.\d+\.(.*\.)?(candidate|active|minutes|from)/],
  ["φ", /dispersion\.(phi|bounded)$/],
  [
    "evidence, sums, ratios, thresholds",
    /comparison\.(evidence|needed|doubt|crossing|blindSpot|stepMinutes|proof|metrics\.\d+\.(logE|contribution|ratio|candidate|active|informativeMinutes|evidence|window|signal))/,
  ],
  [
    "what was judged by: α, tolerance, attempt, since when",
    /comparison\.(settings|stepSince|splitSince|maxBlindSpot|proveNothing)/,
  ],
  ["the gate comparison's numbers", /gates\.0\.answer\.evidence/],
  ["other numbers of the comparison", /comparison\./],
  ["answers and reasons of gates", /gates\.|reasons/],
  ["the release, its model and settings", /release|model|activeModel|settings|stack|who/],
  ["results of the tests", /report/],
  ["times, sentences, splits, the rest", /./],
] as const;

export const CLASS_NAMES: readonly string[] = [...CLASSES.map(([name]) => name), "no JSON any more"];

/** Which class the first value belongs to that differs between two texts of lines, or of one object. */
export function classOf(before: string, after: string): string {
  const [a, b] = [parsed(before), parsed(after)];
  if (b === undefined) return "no JSON any more";
  const path = firstDifference(a, b, "") ?? "";
  return CLASSES.find(([, fits]) => fits.test(path))?.[0] ?? "";
}

function parsed(text: string): unknown {
  try {
    return text.startsWith("{\n")
      ? JSON.parse(text)
      : text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line));
  } catch {
    // That is an answer here.
    return undefined;
  }
}

function firstDifference(a: unknown, b: unknown, path: string): string | undefined {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null)
    return Object.is(a, b) ? undefined : path;
  const [one, other] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const found = firstDifference(one.get(name), other.get(name), path === "" ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
