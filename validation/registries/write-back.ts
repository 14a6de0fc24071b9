import type { StackConfig } from "../../contract/config/stack-config.ts";
import { releasesOf } from "../core/releases.ts";
import { slotMarks } from "../core/slot-marks.ts";
import type { StackStore } from "../ports.ts";
import { attempt } from "../reading.ts";
import { KNOWN_UPDATES } from "../stack/time-limits.ts";
import type { Registry, RegistryTools } from "./define.ts";

/** What became of one registry. */
export interface RegistryWrite {
  readonly scheme: string;
  /** In words; empty: it was right already. */
  readonly changes: readonly string[];
  /** Why not all of it could be written; undefined: it is in line. */
  readonly why?: string;
}

export interface WrittenFor {
  /** Whole: `fraud-model/prod`. */
  readonly stack: string;
  /** As it is deployed: all that is written follows from it, and from the update history where a slot has another model by now. */
  readonly config: StackConfig;
  /** Where registries have models that were on its slots before. */
  readonly left: readonly string[];
  readonly updates: StackStore["updates"];
}

/** Registries that have one of these models. */
export const registriesOf = (
  addresses: readonly string[],
  registries: readonly Registry[],
): readonly Registry[] =>
  registries.filter(({ scheme }) => addresses.some((address) => address.startsWith(scheme)));

/** Brings registries in line with what is deployed. A registry that cannot be reached is an answer, not an exception. */
export async function writeToRegistries(
  { stack, config, left, updates }: WrittenFor,
  registries: readonly Registry[],
  tools: RegistryTools,
): Promise<readonly RegistryWrite[]> {
  let known: ReturnType<typeof releasesOf> | undefined;
  const past = async (id: string) => {
    known ??= releasesOf(await updates(KNOWN_UPDATES));
    return known.find((release) => release.id === id);
  };
  const marks = slotMarks(config);
  const written: RegistryWrite[] = [];
  for (const { scheme, writeBack } of registries) {
    if (writeBack === undefined) continue;
    const own = marks.filter(({ registry }) => registry.startsWith(scheme));
    const before = left.filter((address) => address.startsWith(scheme));
    const done = await attempt(() => writeBack({ stack, marks: own, left: before, past }, tools));
    written.push(done.readable ? { scheme, changes: done.value } : { scheme, changes: [], why: done.why });
  }
  return written;
}
