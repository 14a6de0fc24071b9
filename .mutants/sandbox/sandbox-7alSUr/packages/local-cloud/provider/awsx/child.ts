import { createHash } from "node:crypto";
import { UNKNOWN, type Properties, type RegisterChild } from "../../../pulumi-engine/values/provider.ts";

/** A registered child. */
export type Child = Awaited<ReturnType<RegisterChild>>;

/** A property of a child; UNKNOWN as long as AWS has not computed it. */
export function output({ id, outputs }: Child, name: string): unknown {
  return outputs[name] ?? (id === UNKNOWN ? UNKNOWN : undefined);
}

/**
 * A child as a component's output, for programs that read its properties (`alb.loadBalancer.arn`). `computed` are
 * those that are there only once it exists: a plain object that lacked them would read as undefined in a preview.
 */
export function resourceOutput(child: Child, computed: readonly string[]): Properties {
  const late = computed.map((name) => [name, output(child, name)] as const);
  return { ...child.outputs, ...Object.fromEntries(late), id: child.id, urn: child.urn };
}

export function refuseArgs(component: string, inputs: Properties, known: readonly string[]): void {
  for (const [name, value] of Object.entries(inputs)) {
    const isNothing = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
    if (!isNothing && !known.includes(name))
      throw new Error(`${component} on the local cloud does not take ${name}`);
  }
}

export function hasUnknown(value: unknown): boolean {
  if (value === UNKNOWN) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(hasUnknown);
}

/** Eight hexadecimal digits that stay the same for the same text. */
export function shortHash(text: string): string {
  return createHash("sha1").update(text).digest("hex").slice(0, 8);
}
