import { createHash } from "node:crypto";
import type { SuitePolicy } from "../../contract/config/suite.ts";
import type { Check } from "./check.ts";
import type { Example } from "./golden.ts";

/** SHA-256 over what was asked (settings and golden set) and every number that was seen: the result's fingerprint. */
export function suiteDigest(
  policy: SuitePolicy,
  examples: readonly Example[],
  checks: readonly Check[],
): string {
  const text = JSON.stringify({ policy, examples, checks });
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
