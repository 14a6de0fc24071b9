import { fullName } from "../../contract/names/names.ts";
import { UserError } from "../errors.ts";
import type { Context } from "../ports.ts";
import { addressesIn } from "../core/slot-marks.ts";
import { requireDeployed } from "../stack/apply.ts";
import { KNOWN_UPDATES } from "../stack/time-limits.ts";
import type { Registry, RegistryTools } from "./define.ts";
import { registriesOf, writeToRegistries, type RegistryWrite } from "./write-back.ts";

/**
 * Repairs what registries say of this stack: those that have a model of it, or had one as far as the update history goes,
 * and those that the environment names. @throws UserError BG332 when one of them could not be written.
 */
export async function syncRegistries(
  context: Context,
  registries: readonly Registry[],
  tools: RegistryTools,
): Promise<readonly RegistryWrite[]> {
  const { config } = await requireDeployed(context);
  const { updates } = context.store;
  const known = await updates(KNOWN_UPDATES);
  const left = [...new Set(known.flatMap(({ registries: addresses = [] }) => addresses))];
  const used = registriesOf([...addressesIn(config.slots), ...left], registries);
  const named = registries.filter((one) => used.includes(one) || one.isNamed?.(tools) === true);
  const asked = { stack: fullName(context), config, left, updates: async () => known };
  const written = await writeToRegistries(asked, named, tools);
  const failed = written.flatMap(({ scheme, why }) => (why === undefined ? [] : [`${scheme} ${why}`]));
  if (failed.length > 0) throw new UserError("BG332", `${failed.join("; ")}.`);
  return written;
}

/** For the end of `sync`. */
export function registryWords(written: readonly RegistryWrite[]): string {
  if (written.length === 0) return "no slot has a model of a registry that is written to";
  const changes = written.flatMap((one) => one.changes);
  return changes.length === 0 ? "the registry is in line" : changes.join(", ");
}
