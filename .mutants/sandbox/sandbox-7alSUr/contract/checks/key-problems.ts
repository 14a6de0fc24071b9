import { CONFIG_KEYS, UNDECLARED_KEYS } from "../config/keys.ts";
import type { Raw } from "../config/own-keys.ts";
import type { Problem } from "./problem.ts";

export const DECLARED: readonly (readonly [string, (typeof CONFIG_KEYS)[keyof typeof CONFIG_KEYS]])[] =
  Object.entries(CONFIG_KEYS);
export const KNOWN_KEYS: readonly string[] = [...Object.keys(CONFIG_KEYS), ...Object.keys(UNDECLARED_KEYS)];

/**
 * Where a field stands that a person sets: `bakeMinutes` in `rollout`. Fields of two objects are of the first; those of
 * `release` are the tools' own, and have names that others use as well.
 */
const HOMES: ReadonlyMap<string, string> = new Map(
  DECLARED.flatMap(([key, declared]) =>
    "fields" in declared && key !== "release"
      ? Object.keys(declared.fields).map((field) => [field, key] as const)
      : [],
  ).toReversed(),
);

/**
 * Keys of the project's namespace that this program does not know. The namespace is the user's, too, so a key of
 * theirs passes (`dbPassword`); one is refused that was most likely meant for us, and would be ignored:
 * - it differs from one of our keys in capitals, in `-`, `_` and `.`, or in at most two letters (one, below eight),
 * - it is the name of a field of one of our objects, or a path into one (`service.port`, set without `--path`).
 */
export function unknownKeys(raw: Raw): readonly Problem[] {
  return Object.keys(raw).flatMap((key) => {
    if (key.includes(":") || KNOWN_KEYS.includes(key)) return [];
    const fix = `pulumi config rm '${key}'`;
    const [head = "", ...rest] = key.split(/[.[]/);
    if (rest.length > 0 && KNOWN_KEYS.includes(head)) {
      const set = `pulumi config set --path '${key}' <value>`;
      return [refused(key, `a key, or with --path a field of ${head}`, `${fix} && ${set}`)];
    }
    const home = HOMES.get(key);
    if (home !== undefined) {
      const set = `pulumi config set --path ${home}.${key} <value>`;
      return [refused(key, `${home}.${key}, or another name for a key of your own`, `${fix} && ${set}`)];
    }
    const near = KNOWN_KEYS.find((known) => isNear(key, known));
    return near === undefined ? [] : [refused(key, `${near}, or another name for a key of your own`, fix)];
  });
}

/** The value is not repeated: it may be a secret under a wrong name. */
const refused = (key: string, allowed: string, fix: string): Problem => ({
  key,
  got: "unknown",
  allowed,
  fix,
});

function isNear(key: string, known: string): boolean {
  const [a, b] = [plain(key), plain(known)];
  return distance(a, b) <= (b.length < 8 ? 1 : 2);
}

const plain = (key: string) => key.toLowerCase().replaceAll(/[^a-z0-9]/g, "");

/** Optimal string alignment: insertions, deletions, replacements, and neighbours that changed places. */
function distance(a: string, b: string): number {
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swap =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? Infinity) + 1 : Infinity;
      row.push(Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost, swap));
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
