import { isRecord } from "../../../is-record.ts";
import { sameJson } from "../../../../pulumi-engine/values/property-diff.ts";
import { UNKNOWN } from "../../../../pulumi-engine/values/provider.ts";
import type { Shape } from "../../shape.ts";

/**
 * Pulumi has the container definitions as JSON text, ECS as structures. The canonical text has sorted keys and no
 * nulls, so that two spellings of the same definitions are no change.
 */
export function containerDefinitions(): Shape {
  return {
    canonical(value, path, refuse) {
      if (value === UNKNOWN) return value;
      const parsed = typeof value === "string" ? parse(value) : undefined;
      if (Array.isArray(parsed)) return JSON.stringify(tidy(parsed));
      refuse({ property: path, reason: "must be a JSON list of container definitions" });
      return undefined;
    },
    toApi: (value) => parse(String(value)),
    fromApi: (value) => JSON.stringify(tidy(value)),
    // ECS answers more than was registered (`cpu: 0`, empty lists): only what was declared is compared.
    project(declared, live) {
      const wanted = parse(String(declared));
      return sameJson(restrict(parse(String(live)), wanted), wanted) ? declared : live;
    },
  };
}

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, entry]) => entry !== undefined && entry !== null);
  return Object.fromEntries(
    kept.map(([key, entry]) => [key, tidy(entry)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What of `value` has a counterpart in `wanted`. */
function restrict(value: unknown, wanted: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(wanted) && value.length === wanted.length)
    return value.map((member, index) => restrict(member, wanted[index]));
  if (!isRecord(value) || !isRecord(wanted)) return value;
  const shared = Object.entries(value).filter(([key]) => Object.hasOwn(wanted, key));
  return Object.fromEntries(shared.map(([key, entry]) => [key, restrict(entry, wanted[key])]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text that is no JSON is refused by `canonical`, with the property's name.
    return undefined;
  }
}
