import { resolve } from "node:path";

import { GLOBAL_FLAGS, parseCommandLine } from "./arguments.ts";
import { chosenStack, printJson, type Command, type Invocation } from "./command.ts";
import { CONFIG_COMMANDS } from "./config-commands.ts";
import { EXIT, FileError, ForeignSecrets, messageOf, notSupported, UserError } from "../errors.ts";
import { STACK_COMMANDS } from "./stack-commands.ts";
import { UPDATE_COMMANDS } from "./update-commands.ts";
import { userName } from "../state/user-name.ts";

/** Above 3.205.0 the Automation API takes events over gRPC (automation/stack.ts, setupEventLog). */
export const VERSION = "3.270.0-embedded";

const COMMANDS: Record<string, Command> = {
  ...UPDATE_COMMANDS,
  ...STACK_COMMANDS,
  ...CONFIG_COMMANDS,
  version: { flags: {}, positionals: { min: 0, max: 0 }, run: version },
  whoami: { flags: { json: { kind: "switch", short: "j" } }, positionals: { min: 0, max: 0 }, run: whoAmI },
  cancel: { flags: { yes: { kind: "switch", short: "y" } }, positionals: { min: 0, max: 1 }, run: cancel },
};

const OTHER_NAMES: Record<string, string> = { update: "up", pre: "preview", "config remove": "config rm" };

/**
 * Carries out one Pulumi command line; the exit code says how it went, and errors go to `printError`. Throws FileError
 * for a file or a disk that stands in the way.
 */
export async function runCommand(args: string[], invocation: Omit<Invocation, "args">): Promise<number> {
  try {
    if (args.length === 0 || args.includes("--help") || args.includes("-h")) return help(invocation);
    const { name, rest } = splitCommand(args);
    const command = COMMANDS[name];
    if (command === undefined) throw new Error(`no command ${name}`);
    const parsed = parseCommandLine(name, rest, command.flags);
    const { min, max } = command.positionals;
    const count = parsed.positionals.length;
    if (count < min || count > max)
      throw new UserError(`pulumi ${name}: ${count} arguments where ${min} to ${max} belong`);
    const cwd = resolve(invocation.cwd, parsed.text("cwd") ?? ".");
    return await command.run({ ...invocation, cwd, args: parsed });
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof FileError) throw error;
    const advice = error instanceof ForeignSecrets ? `: ${invocation.parts.foreignSecretsAdvice}` : "";
    invocation.printError(`error: ${messageOf(error)}${advice}\n`);
    return error.exitCode;
  }
}

// Words of their own, which `pulumi config …` and `pulumi stack …` are looked up by.
const GROUPS = ["config", "stack"];

const FLAGS_WITH_VALUE = new Set(
  [GLOBAL_FLAGS, ...Object.values(COMMANDS).map(({ flags }) => flags)].flatMap((flags) =>
    Object.entries(flags)
      .filter(([, { kind }]) => kind === "text" || kind === "texts")
      .flatMap(([name, { short }]) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]),
  ),
);

/** The command is the first word that is neither a flag nor a flag's value, or in a group the first two. */
function splitCommand(args: string[]): { name: string; rest: string[] } {
  const positions = [...args.keys()]
    .filter((index) => !args[index]?.startsWith("-") && !FLAGS_WITH_VALUE.has(args[index - 1] ?? ""))
    .slice(0, 2);
  const words = positions.map((position) => args[position] ?? "");
  const used = GROUPS.includes(words[0] ?? "") ? words : words.slice(0, 1);
  const typed = used.join(" ");
  const name = OTHER_NAMES[typed] ?? typed;
  if (!(name in COMMANDS)) throw notSupported(`the command "pulumi ${typed}"`);
  const gone = new Set(positions.slice(0, used.length));
  return { name, rest: args.filter((_, index) => !gone.has(index)) };
}

function help({ print }: Pick<Invocation, "print">): number {
  const names = Object.keys(COMMANDS).sort();
  print(
    `The embedded engine has these commands of Pulumi's:\n${names.map((name) => `  pulumi ${name}\n`).join("")}`,
  );
  return 0;
}

async function version({ print }: Invocation): Promise<number> {
  print(`v${VERSION}\n`);
  return 0;
}

async function whoAmI(invocation: Invocation): Promise<number> {
  const user = userName();
  if (invocation.args.has("json"))
    printJson(invocation, { user, organizations: [], url: invocation.parts.stateDirectory });
  else invocation.print(`${user}\n`);
  return 0;
}

async function cancel(invocation: Invocation): Promise<number> {
  const stack = await chosenStack(invocation, invocation.args.positionals[0]);
  if (!invocation.args.has("yes"))
    throw new UserError("--yes must be passed in to cancel an update", EXIT.consentMissing);
  const held = await invocation.parts.locks.cancel(stack);
  invocation.print(
    held ? `The currently running update for '${stack}' has been canceled!\n` : `'${stack}' was not locked\n`,
  );
  return 0;
}
