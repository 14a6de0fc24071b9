import { isRecord } from "../../contract/config/field.ts";

/** What a JSON Pointer (RFC 6901) leads to; undefined: nothing is there. */
export function pointed(value: unknown, pointer: string): unknown {
  const steps = pointer.split("/").slice(1);
  return steps.reduce<unknown>((at, step) => {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(at)) return /^(0|[1-9]\d*)$/.test(name) ? at[Number(name)] : undefined;
    return isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }, value);
}
