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
  note(`${reference} is ${modelWords(found)}`);
  for (const words of found.notes ?? []) note(words);
  return modelVersion === undefined ? found : { ...found, modelVersion };
}

/** All that its registry knows of it. */
function modelWords(model: RegisteredModel): string {
  const { image, modelVersion, servingProtocol, modelName, revision, port, goldenSet, signature } = model;
  return [
    `${image}, version ${modelVersion}`,
    servingProtocol === undefined ? [] : `asked as ${servingProtocol}`,
    modelName === undefined ? [] : `called ${modelName} on its server`,
    revision === undefined ? [] : `made from ${revision}`,
    port === undefined ? [] : `on port ${port}`,
    goldenSet === undefined ? [] : `golden set ${goldenSet}`,
    signature === undefined ? [] : `takes ${signature}`,
  ]
    .flat()
    .join(", ");
}
