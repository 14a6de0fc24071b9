import { isRecord } from "./field.ts";

/** A check of the user's own: a program or a URL that gets the context of a check as JSON and answers. */
export interface CustomGate {
  readonly name: string;
  /** How long it may take, in real seconds: the machine's, also on a local cloud with a fast clock. */
  readonly timeoutSeconds: number;
  readonly asks: CustomGateTarget;
}

export type CustomGateTarget =
  /** Program and arguments, started as they are: no shell reads them. */
  | { readonly kind: "command"; readonly argv: readonly [string, ...string[]] }
  | { readonly kind: "url"; readonly url: string };

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const DEFAULT_TIMEOUT_SECONDS = 10;
// A check waits for its gates, and a rollback for the check: a minute is the alarms' own period.
const LONGEST_TIMEOUT_SECONDS = 60;

export const CUSTOM_GATE_ALLOWED =
  "a list of `{name, command: [program, arguments…]}` or `{name, url}`, each with `timeoutSeconds` from 1 to 60 (10) if need be, and a name of its own";

/** One entry of `rollout.customGates`; undefined when it is not allowed. */
export function readCustomGate(raw: unknown): CustomGate | undefined {
  if (!isRecord(raw)) return undefined;
  const { name, command, url, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, ...unknown } = raw;
  const seconds = Number(timeoutSeconds);
  const asks = readTarget(command, url);
  const isBounded = Number.isInteger(seconds) && seconds >= 1 && seconds <= LONGEST_TIMEOUT_SECONDS;
  if (typeof name !== "string" || !NAME.test(name) || asks === undefined || !isBounded) return undefined;
  return Object.keys(unknown).length === 0 ? { name, timeoutSeconds: seconds, asks } : undefined;
}

function readTarget(command: unknown, url: unknown): CustomGateTarget | undefined {
  if (command !== undefined && url !== undefined) return undefined;
  if (typeof url === "string") return /^https?:\/\/[^\s]+$/.test(url) ? { kind: "url", url } : undefined;
  if (!Array.isArray(command)) return undefined;
  // `pulumi config set --path` stores a bare number as a number.
  const words = command.map((word: unknown) => (typeof word === "number" ? String(word) : word));
  const texts = words.filter((word) => typeof word === "string");
  const [program, ...rest] = texts;
  if (program === undefined || program === "" || texts.length !== words.length) return undefined;
  return { kind: "command", argv: [program, ...rest] };
}
