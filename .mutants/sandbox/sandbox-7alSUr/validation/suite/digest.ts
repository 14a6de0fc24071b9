import { createHash } from "node:crypto";
import type { SuitePolicy } from "../../contract/config/suite.ts";
import type { Check } from "./check.ts";
import type { Example } from "./golden.ts";
import type { Many } from "./many/many.ts";

/** SHA-256 over what was asked (settings and golden set) and every number that was seen: the result's fingerprint. */
export function suiteDigest(policy: SuitePolicy, examples: Many<Example>, checks: readonly Check[]): string {
  // As JSON of all three, one example after the other.
  const hash = createHash("sha256").update(`{"policy":${JSON.stringify(policy)},"examples":[`);
  for (const [place, example] of examples.entries()) {
    hash.update(`${place === 0 ? "" : ","}${JSON.stringify(example)}`);
  }
  return `sha256:${hash.update(`],"checks":${JSON.stringify(checks)}}`).digest("hex")}`;
}
