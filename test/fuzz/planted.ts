import { demand, type FuzzedParser } from "./parser.ts";
import { jsonOf, takenIf, textOf } from "./support.ts";

const SEEDS = ['{"share":10,"names":["a","b"]}'];

/** Parsers with a defect each: what the fuzzer must find, or it finds nothing anywhere. */
const TAKES: Readonly<Record<string, FuzzedParser["take"]>> = {
  sound: (input) => takenIf(jsonOf(textOf(input)) !== undefined),
  crash(input) {
    const read = jsonOf(textOf(input));
    // A member that may be missing is taken for granted.
    const { names } = Object(read ?? {}) as { readonly names: readonly string[] };
    return takenIf(names.map((name) => name).length > 0);
  },
  hang(input) {
    for (let at = 0; /^\{"share":1\D/.test(textOf(input)) || /-\d/.test(textOf(input)); at += 1)
      if (at < 0) break;
    return "accepted";
  },
  "wrong acceptance"(input) {
    const read = jsonOf(textOf(input));
    const { share = 0 } = Object(read ?? {}) as { readonly share?: number };
    demand(!(share > 100), `a share of ${share} was taken`);
    return "accepted";
  },
};

export const planted = (name: string): FuzzedParser => ({
  name: `planted-${name}`,
  seeds: SEEDS,
  edits: "json",
  words: ["share", "names", "101"],
  take: TAKES[name] ?? (() => "refused"),
});
