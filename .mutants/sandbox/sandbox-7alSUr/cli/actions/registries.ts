import type { Context } from "../../validation/ports.ts";
import { ALL_REGISTRIES } from "../../validation/registries/all.ts";
import { registryWords, syncRegistries } from "../../validation/registries/sync.ts";
import type { SyncOutcome } from "../../validation/stack/sync.ts";
import { registryToolsFor } from "../registries.ts";
import type { StackTarget } from "../stack-target.ts";

/** `sync --registry`: after the stack file, the registries. Throws UserError. */
export async function registriesOnDemand(context: Context, target: StackTarget, synced: SyncOutcome) {
  const registries = await syncRegistries(context, ALL_REGISTRIES, registryToolsFor(target));
  return { ...synced, registries, sentence: `${synced.sentence}; ${registryWords(registries)}` };
}
