import type { RegisteredModel, Registry, RegistryTools } from "./define.ts";

/** What a registry says of the model, when the reference names one; undefined: it is an image. Throws UserError. */
export async function resolved(
  reference: string,
  registries: readonly Registry[],
  tools: RegistryTools,
): Promise<RegisteredModel | undefined> {
  const registry = registries.find(({ scheme }) => reference.startsWith(scheme));
  return registry?.resolve(reference.slice(registry.scheme.length), tools);
}
