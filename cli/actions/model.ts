import { UserError } from "../../validation/errors.ts";
import { ALL_REGISTRIES } from "../../validation/registries/all.ts";
import type { RegisteredModel, RegistryTools } from "../../validation/registries/define.ts";
import { resolved } from "../../validation/registries/resolve.ts";

/** What `deploy` was given: a reference to a model of a registry, or an image and its version. Throws UserError. */
export async function modelOf(
  reference: string,
  modelVersion: string | undefined,
  tools: RegistryTools,
  note: (words: string) => void,
): Promise<RegisteredModel> {
  const found = await resolved(reference, ALL_REGISTRIES, tools);
  if (found === undefined) {
    if (modelVersion === undefined) throw new UserError("BG188", `The model is given as ${reference}.`);
    return { image: reference, modelVersion };
  }
  const asked = found.servingProtocol === undefined ? "" : `, asked as ${found.servingProtocol}`;
  note(`${reference} is ${found.image}, version ${found.modelVersion}${asked}`);
  return modelVersion === undefined ? found : { ...found, modelVersion };
}
