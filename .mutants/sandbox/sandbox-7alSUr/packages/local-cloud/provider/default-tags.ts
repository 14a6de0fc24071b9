import { isRecord } from "../is-record.ts";
import { UserError } from "../../pulumi-engine/errors.ts";
import { leafChanges } from "../../pulumi-engine/values/property-diff.ts";
import {
  PartialFailure,
  UNKNOWN,
  type Properties,
  type Provider,
} from "../../pulumi-engine/values/provider.ts";
import { takesDefaultTags } from "./sdk-types.ts";
import { asProperties } from "./shape.ts";

const KEY = "aws:defaultTags";

/** A provider that takes `aws:defaultTags` from the stack's configuration. Throws UserError when it cannot be read. */
export function takingDefaultTags(cloud: Provider): Provider {
  return { ...cloud, configure: (config) => withDefaultTags(cloud, readDefaultTags(config)) };
}

/** The default tags of a configuration: `{"tags": {…}}`, as JSON. Throws UserError. */
export function readDefaultTags(config: Readonly<Record<string, string>>): Properties {
  const text = config[KEY];
  if (text === undefined) return {};
  const tags = tagsIn(text);
  if (tags !== undefined) return tags;
  throw new UserError(
    `${KEY} is ${text}; allowed: {"tags": {"<name>": "<text>"}}. Fix it: pulumi config set --path ${KEY}.tags.<name> <text>`,
  );
}

function tagsIn(text: string): Properties | undefined {
  try {
    const given: unknown = JSON.parse(text);
    if (!isRecord(given)) return undefined;
    const tags = given["tags"] ?? {};
    return isRecord(tags) && Object.values(tags).every((value) => typeof value !== "object")
      ? tags
      : undefined;
  } catch {
    // No JSON: told by the caller as what it is.
    return undefined;
  }
}

/**
 * As the real provider does (pulumi-aws, provider/tags.go, applyTags): the checked inputs of a type that takes tags
 * have `tagsAll`, the default tags beneath the resource's own, and that is what AWS gets. `tags` stays the resource's.
 */
export function withDefaultTags(cloud: Provider, defaults: Properties): Provider {
  const texts = Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, String(value)]));
  const isTagged = (type: string) => takesDefaultTags(type);
  // Resources that were made while there were default tags have them still, whatever the configuration says now.
  const toCloud = ({ tagsAll, ...inputs }: Properties): Properties =>
    tagsAll === undefined ? inputs : { ...inputs, tags: tagsAll };
  const fromCloud = (type: string, outputs: Properties, { tags }: Properties): Properties =>
    isTagged(type) ? { ...outputs, tags: tags ?? {} } : outputs;

  return {
    ...cloud,
    async check(r) {
      const checked = await cloud.check({
        ...r,
        news: withoutAll(r.news),
        ...(r.olds && { olds: withoutAll(r.olds) }),
      });
      if (!isTagged(r.type) || Object.keys(texts).length === 0) return checked;
      const tags = checked.inputs["tags"] ?? {};
      const tagsAll = JSON.stringify(tags).includes(UNKNOWN) ? UNKNOWN : { ...texts, ...asProperties(tags) };
      return { ...checked, inputs: { ...checked.inputs, tagsAll } };
    },
    async diff(r) {
      const found = await cloud.diff({ ...r, olds: toCloud(r.olds), news: toCloud(r.news) });
      const others = found.changes.filter((path) => !/^tags\b/.test(path));
      if (others.length === found.changes.length) return found;
      const tags = ["tags", "tagsAll"].flatMap((name) => leafChanges(r.olds[name], r.news[name], name));
      return { ...found, changes: [...others, ...tags.map(({ path }) => path)] };
    },
    async create(r) {
      const made = await partly(cloud.create({ ...r, inputs: toCloud(r.inputs) }), (outputs) =>
        fromCloud(r.type, outputs, r.inputs),
      );
      return { ...made, outputs: fromCloud(r.type, made.outputs, r.inputs) };
    },
    async update(r) {
      const { outputs } = await partly(
        cloud.update({ ...r, olds: toCloud(r.olds), news: toCloud(r.news) }),
        (half) => fromCloud(r.type, half, r.news),
      );
      return { outputs: fromCloud(r.type, outputs, r.news) };
    },
    async read(r) {
      const found = await cloud.read({ ...r, inputs: toCloud(r.inputs) });
      if (found === undefined || r.inputs["tagsAll"] === undefined) return found;
      const all = asProperties(found.inputs["tags"]);
      const own = asProperties(r.inputs["tags"]);
      // terraform-provider-aws: a live tag that only repeats a default is none of the resource's own.
      const isOwn = ([name, value]: [string, unknown]) => name in own || texts[name] !== value;
      const tags = Object.fromEntries(Object.entries(all).filter(isOwn));
      const inputs = { ...found.inputs, tags, tagsAll: all };
      return { inputs, outputs: { ...found.outputs, tags } };
    },
  };
}

function withoutAll(given: Properties): Properties {
  const { tagsAll: _, ...inputs } = given;
  return inputs;
}

/** A half-made resource travels with its outputs in the error. */
async function partly<T>(action: Promise<T>, outputsOf: (outputs: Properties) => Properties): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    throw new PartialFailure(error.message, error.id, outputsOf(error.outputs));
  }
}
