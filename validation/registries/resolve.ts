import { UserError } from "../errors.ts";
import type { RegisteredModel, Registry, RegistryTools } from "./define.ts";

/** What a registry says of the model, when the reference names one; undefined: it is an image. Throws UserError. */
export async function resolved(
  reference: string,
  registries: readonly Registry[],
  tools: RegistryTools,
): Promise<RegisteredModel | undefined> {
  const registry = registries.find(({ scheme }) => reference.startsWith(scheme));
  const found = await registry?.resolve(reference.slice(registry.scheme.length), tools);
  if (found !== undefined && (found.image === "" || found.modelVersion === ""))
    throw new UserError("BG331", `${reference} has an empty image, or an empty version.`);
  return found;
}
