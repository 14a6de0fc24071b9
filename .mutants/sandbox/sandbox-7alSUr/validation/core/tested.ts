import type { Release, Tested } from "../../contract/release/release.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { nextGeneration, type KeyChange } from "./changes/changes.ts";

/** Keeps the result of pre-traffic tests in the release; users and route stay as they are. */
export function testedChange(config: StackConfig, release: Release, tested: Tested): KeyChange {
  return nextGeneration(config, { release: { ...release, tested } satisfies Release });
}

/** Which checks did not pass and were waived; undefined: none. */
export function waivedWords({ tested }: Release): string | undefined {
  const waived = tested?.waived ?? [];
  return waived.length === 0 ? undefined : `its pre-traffic tests waived ${waived.join(", ")}`;
}
