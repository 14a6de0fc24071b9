import { UserError } from "../errors.ts";
import { newStackValues, type StackValues } from "./init/new-stack.ts";
import type { Answers } from "./init/questions.ts";

/** Where the file of a new stack goes. */
export interface NewStackFiles {
  /** The path of the file that a stack has already; undefined: none, or one in which `pulumi stack init` alone has written. */
  existing(stack: string): Promise<string | undefined>;
  /**
   * The file's path, and whether Pulumi has made the stack before; what it has written stays.
   * @throws UserError BG301 when a file has come to be meanwhile.
   */
  write(stack: string, values: StackValues): Promise<{ readonly path: string; readonly isMade: boolean }>;
}

export interface NewStack {
  readonly file: string;
  /** The commands that follow, in their order, each with why. */
  readonly next: readonly { readonly command: string; readonly why: string }[];
}

/** @throws UserError BG303 */
export function refuseName(stack: string): void {
  if (!/^[A-Za-z0-9._-]{1,100}$/.test(stack) || stack === "local")
    throw new UserError("BG303", `It is ${JSON.stringify(stack)}.`);
}

/** @throws UserError BG301, before anybody is asked anything. */
export async function refuseExisting(stack: string, files: NewStackFiles): Promise<void> {
  const path = await files.existing(stack);
  if (path !== undefined) throw new UserError("BG301", `It is ${path}.`);
}

/**
 * Writes the file of a new stack, with what a production needs.
 * @throws UserError BG300 to BG303; then nothing is written.
 */
export async function initStack(stack: string, answers: Answers, files: NewStackFiles): Promise<NewStack> {
  refuseName(stack);
  await refuseExisting(stack, files);
  const { path: file, isMade } = await files.write(stack, newStackValues(answers));
  const next = nextOf(stack, answers["suite.goldenSet"] !== undefined);
  return { file, next: isMade ? next.slice(1) : next };
}

function nextOf(stack: string, hasGoldenSet: boolean): NewStack["next"] {
  const here = `--stack ${stack}`;
  const golden = {
    command: `pulumi config set ${here} --path suite.goldenSet <file>`,
    why: "examples that `npx bluegreen test` asks with",
  };
  return [
    {
      command: `pulumi stack init ${stack} --secrets-provider "awskms://alias/<key>?region=<region>"`,
      why: "without a key of KMS a passphrase, which no job of GitHub has (docs/github.md)",
    },
    {
      command: `pulumi config set ${here} --secret testToken $(openssl rand -hex 24)`,
      why: "lets a request choose its slot",
    },
    ...(hasGoldenSet ? [] : [golden]),
    { command: `npx bluegreen doctor ${here}`, why: "is everything in place, and what is unprotected?" },
    { command: `npx bluegreen cost ${here}`, why: "what it will cost a month" },
    { command: `pulumi up ${here}`, why: "the stack, with the first model on blue" },
  ];
}
