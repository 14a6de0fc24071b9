import { randomBytes } from "node:crypto";
import type { Properties } from "../../pulumi-engine/values/provider.ts";
import type { AccountRegion } from "./recorded-outputs.ts";
import { recordedAs } from "./recorded-types.ts";
import type { RecordStore } from "./records.ts";
import type { ResourceType } from "./resource-type.ts";
import { asProperties, type Shape } from "./shape.ts";

/**
 * A type that is recorded, not simulated: accepted with whatever inputs, given an id and plausible outputs, and kept,
 * so that what refers to it finds it. Nothing acts on it.
 */
export function recordedType(type: string, place: AccountRegion, store: RecordStore): ResourceType {
  const known = recordedAs(type);
  const put = (id: string, outputs: Properties) =>
    store.put({ type, id, outputs: { ...outputs, tagsAll: outputs["tags"] ?? {} } });
  return {
    inputs: anything,
    replacedBy: [...(known.replacedBy ?? []), "region"],
    identity: known.named === undefined ? [] : [known.named.property],
    ...(known.named && { named: known.named }),
    create(inputs) {
      const hex = randomBytes(9).toString("hex").slice(0, 17);
      const arn = (service: string, resource: string, region = place.region) =>
        `arn:aws:${service}:${region}:${place.accountId}:${resource}`;
      const { id, ...outputs } = known.outputs({ ...place, hex, inputs, arn });
      put(id, { ...outputs, ...inputs });
      return Promise.resolve({ id, arn: String(outputs["arn"] ?? "") });
    },
    steps: [
      {
        properties: "any",
        apply({ id, news, olds }) {
          const kept = Object.entries(store.get(type, id)?.outputs ?? {}).filter(([name]) => !(name in olds));
          put(id, { ...Object.fromEntries(kept), ...news });
          return Promise.resolve();
        },
      },
    ],
    describe: ({ id }) => Promise.resolve(store.get(type, id)?.outputs),
    delete({ id }) {
      store.remove(type, id);
      return Promise.resolve();
    },
  };
}

/** Any inputs, without what is not there. */
const anything: Shape = {
  canonical: (value) => withoutNothing(value),
  toApi: (value) => value,
  fromApi: (value) => value,
  project(declared, live) {
    const found = asProperties(live);
    const names = Object.keys(asProperties(declared)).filter((name) => found[name] !== undefined);
    return Object.fromEntries(names.map((name) => [name, found[name]]));
  },
};

function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothing);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, entry]) => entry !== undefined && entry !== null);
  return Object.fromEntries(kept.map(([name, entry]) => [name, withoutNothing(entry)]));
}
