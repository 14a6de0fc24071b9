import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

import { messageOf, notSupported, UserError } from "../errors.ts";

export type FlagKind = "switch" | "text" | "texts" | "on-off";

/** The flags of one command, by their long names; `-x` where Pulumi has one. */
export type Flags = Record<string, { kind: FlagKind; short?: string }>;

/** Accepted everywhere. They change nothing here: there is no colour, prompt or trace. */
export const GLOBAL_FLAGS: Flags = {
  stack: { kind: "text", short: "s" },
  cwd: { kind: "text", short: "C" },
  "non-interactive": { kind: "switch" },
  color: { kind: "text" },
  emoji: { kind: "switch" },
  logtostderr: { kind: "switch" },
  logflow: { kind: "switch" },
  verbose: { kind: "text", short: "v" },
  tracing: { kind: "text" },
  "disable-integrity-checking": { kind: "switch" },
  "fully-qualify-stack-names": { kind: "switch" },
};

export interface ParsedArguments {
  positionals: string[];
  has(flag: string): boolean;
  text(flag: string): string | undefined;
  texts(flag: string): string[];
  /** `--flag`, `--flag=true` or `--flag=false`; undefined when absent. */
  onOff(flag: string): boolean | undefined;
}

/** Reads the arguments of one command. Throws UserError that names the flag which the command does not have. */
export function parseCommandLine(command: string, args: string[], flags: Flags): ParsedArguments {
  const all = { ...GLOBAL_FLAGS, ...flags };
  const values = readValues(command, bareSwitchesSpelledOut(args, all), all);
  const { values: found, positionals } = values;
  const textsOf = (flag: string): string[] => {
    const value = found[flag];
    if (Array.isArray(value)) return value.map(String);
    return value === undefined ? [] : [String(value)];
  };
  return {
    positionals,
    has: (flag) => found[flag] !== undefined,
    text: (flag) => textsOf(flag).at(-1),
    texts: textsOf,
    onOff: (flag) => (found[flag] === undefined ? undefined : textsOf(flag).at(-1) !== "false"),
  };
}

function readValues(command: string, args: string[], flags: Flags) {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(flags).map(([name, { kind, short }]) => [
      name,
      {
        type: kind === "switch" ? "boolean" : "string",
        multiple: true,
        ...(short !== undefined && { short }),
      } as const,
    ]),
  );
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const unknown = /^Unknown option '([^']+)'/.exec(messageOf(error))?.[1];
    if (unknown !== undefined) throw notSupported(`the flag ${unknown} of "pulumi ${command}"`);
    throw new UserError(`pulumi ${command}: ${messageOf(error)}`);
  }
}

/** `--refresh` alone means `--refresh=true`; node's parser has no optional values. */
function bareSwitchesSpelledOut(args: string[], flags: Flags): string[] {
  const end = args.indexOf("--");
  return args.map((argument, index) => {
    if (end !== -1 && index > end) return argument;
    const flag = Object.entries(flags).find(
      ([name, { kind, short }]) =>
        kind === "on-off" && (argument === `--${name}` || argument === `-${short}`),
    );
    return flag === undefined ? argument : `--${flag[0]}=true`;
  });
}
