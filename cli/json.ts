import type { ExitCode } from "../validation/outcome.ts";

/** What is printed instead of a verb's result when it could not be carried out. */
export interface ErrorResult {
  readonly exitCode: ExitCode;
  readonly error: {
    /** As docs/errors.md has it; absent: it is our fault. */
    readonly code?: string;
    readonly message: string;
    /** What the person can do, in words. */
    readonly fix?: string;
    /** The same where it is one command and nothing else. */
    readonly fixCommand?: string;
  };
}

/** What is printed when somebody has interrupted it. */
export interface InterruptedResult {
  readonly exitCode: number;
  readonly interrupted: string;
  readonly message: string;
}

/** Of results that have changed in a way that docs/seeing/json.md does not allow within a version. */
const VERSIONS: Readonly<Record<string, number>> = {};

let verb = "unknown";

/** `name`: undefined: the verb of this process. */
export const schemaName = (name: string = verb): string => `${name}/${VERSIONS[name] ?? 1}`;

/** The verb of this process, which carries out one. */
export const carriesOut = (name: string): void => void (verb = name);

/** A result as `--json` prints it. `name`: undefined: that of the verb. */
export const resultJson = (result: object, name: string = verb): string =>
  JSON.stringify({ schema: schemaName(name), ...result });

/** `Deploy it once: \`pulumi up\`.`: one clause and one command, so that nothing has to be chosen or done before. */
const ONE_COMMAND = /^[^`.;,]*: `((?:npx|npm|aws|pulumi) [^`<…]+)`\.$/;

/** The command that a fix consists of; undefined: it takes more than that. */
export const fixCommandIn = (fix: string): string | undefined => ONE_COMMAND.exec(fix)?.[1];
