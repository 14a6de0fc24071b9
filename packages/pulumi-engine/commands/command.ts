import { EXIT, UserError } from "../errors.ts";
import { brokenFile, readIfThere, removeIfThere, writeAtomically } from "../state/files.ts";
import type { Flags, ParsedArguments } from "./arguments.ts";
import type { Parts } from "../operation/run.ts";
import { isStackName } from "../state/state.ts";
import { join } from "node:path";

/** What a command gets to work with. */
export interface Invocation {
  parts: Parts;
  args: ParsedArguments;
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal?: AbortSignal | undefined;
  print(text: string): void;
  printError(text: string): void;
  /** Asks the person; undefined: nobody can answer. */
  confirm?: ((question: string) => Promise<boolean>) | undefined;
}

export interface Command {
  flags: Flags;
  /** How many words may follow the command. */
  positionals: { min: number; max: number };
  /** Resolves to the exit code. Throws UserError. */
  run(invocation: Invocation): Promise<number>;
}

/** The stack of `--stack`, of the command's own words, or the selected one. Throws UserError when there is none. */
export async function chosenStack({ args, parts }: Invocation, word?: string): Promise<string> {
  const named = args.text("stack") ?? word ?? (await selectedStack(parts));
  if (named === undefined) {
    throw new UserError(
      "no stack selected; please use `pulumi stack select` to choose one, or name it with --stack",
      EXIT.stackNotFound,
    );
  }
  return shortStackName(named);
}

/** `organization/project/stack` is the same as `stack`. */
export function shortStackName(name: string): string {
  return name.split("/").at(-1) ?? name;
}

export async function selectedStack({ stateDirectory }: Parts): Promise<string | undefined> {
  const path = join(stateDirectory, "selected-stack");
  const stack = (await readIfThere(path))?.trim();
  if (stack === undefined || isStackName(stack)) return stack;
  throw brokenFile(path, "it has no stack's name", "choose one anew with `pulumi stack select <stack>`");
}

/** After its removal, when it was the selected one: the next command asks for a stack, and does not find it missing. */
export async function unselectStack(parts: Parts, stack: string): Promise<void> {
  if ((await selectedStack(parts)) === stack)
    await removeIfThere(join(parts.stateDirectory, "selected-stack"));
}

export async function selectStack({ stateDirectory }: Parts, stack: string): Promise<void> {
  await writeAtomically(join(stateDirectory, "selected-stack"), `${stack}\n`);
}

export function printJson({ print }: Invocation, value: unknown): void {
  print(`${JSON.stringify(value, undefined, 2)}\n`);
}
