import { CONFIG_KEYS } from "./keys.ts";
import { isRecord } from "./field.ts";
import type { Problem } from "../checks/problem.ts";
import { perSlot, SLOTS, type PerSlot } from "../slot.ts";
import type { StackConfig } from "./stack-config.ts";

/*
 * Of a key with a secret anywhere in it (`pulumi config set --secret --path green.overrides.environment.API_KEY`)
 * Pulumi tells a program no more than that it has one, and gives the whole value in clear. So all variables of a slot
 * are kept secret when one may be, and a secret anywhere else, which would stand in clear in the state, is refused.
 */

/** Keys of which no part comes into the state: the tools alone read them. */
const TOOLS_ONLY: readonly string[] = ["rollout", "signals", "suite"];
/** Keys in which variables stand. */
const WITH_VARIABLES: readonly string[] = ["service", ...SLOTS];

/**
 * Whether variables of each slot are to be kept secret.
 * @param secretKeys bare keys of the project with a secret in them.
 */
export const hiddenVariables = (secretKeys: readonly string[]): PerSlot<boolean> =>
  perSlot((slot) => secretKeys.includes("service") || secretKeys.includes(slot));

/** Secrets that cannot be kept. Values are not repeated. */
export function secretProblems(secretKeys: readonly string[], config: StackConfig): readonly Problem[] {
  const keys = Object.keys(CONFIG_KEYS).filter(
    (key) => secretKeys.includes(key) && !TOOLS_ONLY.includes(key),
  );
  return keys.flatMap((key) => {
    const hasVariables = WITH_VARIABLES.includes(key) && variablesIn(valueOf(config, key)).length > 0;
    if (hasVariables) return [];
    return [
      {
        key,
        got: "a secret",
        allowed:
          "no secret but in an `environment`, in testToken and in notifyUrl; anywhere else it would stand in clear in Pulumi's state. One that AWS keeps is named in service.secrets",
        fix: `pulumi config set --plaintext ${key in config.slots || key === "service" ? `--path ${key}.<field>` : key} <value>`,
      },
    ];
  });
}

const valueOf = (config: StackConfig, key: string): unknown =>
  key === "blue" || key === "green" ? config.slots[key] : key === "service" ? config.service : undefined;

/** Where a text stands in an object. */
export interface Variable {
  readonly path: readonly string[];
  readonly text: string;
}

/** Every text of every `environment` in a configuration object, however deep. */
export function variablesIn(value: unknown, path: readonly string[] = []): readonly Variable[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    const here = [...path, name];
    if (name !== "environment" || !isRecord(member)) return variablesIn(member, here);
    return Object.entries(member).map(([variable, text]) => ({
      path: [...here, variable],
      text: String(text),
    }));
  });
}
