import type { Slot } from "../../../contract/slot.ts";
import type { SlotConfig } from "../../../contract/config/keys.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { nextGeneration, type KeyChange } from "./changes.ts";
import { asRecord, written } from "./written.ts";
import { iso } from "../iso.ts";

const KINDS = ["secrets", "environment"] as const;

/** What a template says of variables. */
export type Template = Readonly<Record<(typeof KINDS)[number], Readonly<Record<string, string>>>>;

/** A variable of a slot's copy that the template has with another value. */
export interface Stale {
  readonly kind: (typeof KINDS)[number];
  readonly name: string;
  readonly value: string;
}

/**
 * What `rotate` takes from the template: other ARNs of secrets, and other values of secret variables, of names that the
 * slot's copy has already. What this model alone was given by `deploy --env` is the model's own.
 * @param secretPaths of what is encrypted in the stack file; a whole key stands for all that is in it.
 */
export function staleVariables(
  { service: copy, overrides }: SlotConfig,
  template: Template,
  secretPaths: readonly string[],
): readonly Stale[] {
  const isSecret = (path: string) => secretPaths.some((secret) => `${path}.`.startsWith(`${secret}.`));
  return KINDS.flatMap((kind) =>
    Object.entries(copy[kind] ?? {}).flatMap(([name, known]) => {
      const value = Object.hasOwn(template[kind], name) ? template[kind][name] : undefined;
      const isOther = value !== undefined && value !== known;
      const isOurs = kind === "secrets" || isSecret(`service.environment.${name}`);
      const isOwn = kind === "environment" && Object.hasOwn(overrides.environment, name);
      return isOther && isOurs && !isOwn ? [{ kind, name, value }] : [];
    }),
  );
}

/** The slot as it was deployed, with these values in its copy, and tasks that start at `nowMs` or later. */
export function rotateChange(
  config: StackConfig,
  raw: Readonly<Record<string, string>>,
  slot: Slot,
  stale: readonly Stale[],
  nowMs: number,
): KeyChange {
  const own = written(raw, slot);
  const copy = asRecord(own["service"]);
  const service = KINDS.reduce((all, kind) => {
    const values = stale.filter((one) => one.kind === kind).map(({ name, value }) => [name, value]);
    return values.length === 0
      ? all
      : { ...all, [kind]: { ...asRecord(all[kind]), ...Object.fromEntries(values) } };
  }, copy);
  const renewed = stale.length === 0 ? {} : { service };
  return nextGeneration(config, { [slot]: { ...own, ...renewed, rotated: iso(nowMs) } });
}
