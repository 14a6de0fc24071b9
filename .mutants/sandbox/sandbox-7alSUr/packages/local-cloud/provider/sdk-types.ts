import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { hasCode } from "../../pulumi-engine/errors.ts";

/** What the SDK that programs use (@pulumi/aws) says of a resource type. */
export interface SdkType {
  readonly inputs: readonly string[];
  /** Properties that are outputs alone: only a provider can know them. */
  readonly computed: readonly string[];
}

const known = new Map<string, SdkType | undefined>();

/** `aws:sns/topic:Topic` is @pulumi/aws/sns/topic.js. undefined: the SDK has no such type. */
export function sdkType(type: string): SdkType | undefined {
  if (!known.has(type)) known.set(type, readType(type));
  return known.get(type);
}

function readType(type: string): SdkType | undefined {
  const [, file] = /^aws:([A-Za-z0-9]+\/[A-Za-z0-9]+):[A-Za-z0-9]+$/.exec(type) ?? [];
  if (file === undefined) return undefined;
  const source = sourceOf(`@pulumi/aws/${file}.js`);
  // As the SDK's generator writes a constructor: what the arguments give, and after it what the provider gives.
  const [, body] = /const args = argsOrState;(.*?)super\(/s.exec(source ?? "") ?? [];
  if (body === undefined) return undefined;
  const found = [...body.matchAll(/resourceInputs\["(\w+)"\] = (undefined \/\*out\*\/)?/g)];
  const namesOf = (isComputed: boolean) =>
    found.filter(([, , out]) => (out !== undefined) === isComputed).map(([, name = ""]) => name);
  return { inputs: namesOf(false), computed: namesOf(true) };
}

function sourceOf(file: string): string | undefined {
  try {
    return readFileSync(createRequire(import.meta.url).resolve(file), "utf8");
  } catch (error) {
    if (hasCode(error, "MODULE_NOT_FOUND")) return undefined;
    throw error;
  }
}

/** Types whose tags are a map and have the provider's default tags beneath them (terraform-provider-aws, tags_all). */
export function takesDefaultTags(type: string): boolean {
  const found = sdkType(type);
  return found !== undefined && found.inputs.includes("tags") && found.computed.includes("tagsAll");
}
