import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { StackFiles } from "../../insight/diff.ts";
import { UserError } from "../../errors.ts";
import { messageOf } from "../../reading.ts";
import { outOfStep, parseStackFile, readStackFile, standInsOf } from "./stack-file.ts";

const run = promisify(execFile);
const git = async (directory: string, ...args: readonly string[]) =>
  (await run("git", ["-C", directory, ...args], { maxBuffer: 4 * 1024 * 1024 })).stdout;

/**
 * The stack file of a Git revision beside that of the checkout, without a key for its secrets. A revision that has none
 * yet has an empty one. Throws UserError for a revision that is not there, and without a file in the checkout.
 */
export async function stackFiles(
  {
    directory,
    stack,
    project,
    model,
  }: {
    readonly directory: string;
    readonly stack: string;
    readonly project: string;
    readonly model?: string | undefined;
  },
  revision: string,
): Promise<StackFiles> {
  const name = `Pulumi.${stack}.yaml`;
  const path = join(directory, name);
  const now = await readStackFile(path, project, model);
  if (now === undefined) throw new UserError("BG104", `Looked for ${path}.`);
  const text = await textAt(directory, name, revision);
  const before = standInsOf(parseStackFile(text, `${revision}:${name}`, project, model));
  const after = standInsOf(now);
  const changed = outOfStep({ ...now, revealed: after }, before);
  return { before: plain(before), after: plain(after), outOfStep: changed };
}

/** A stand-in is no address; whether the webhook is one only its owner can tell. */
const plain = ({ notifyUrl, ...values }: Readonly<Record<string, string>>) => ({
  ...values,
  ...(notifyUrl === undefined ? {} : { notifyUrl: `https://${notifyUrl}` }),
});

async function textAt(directory: string, name: string, revision: string): Promise<string> {
  const commit = await git(
    directory,
    "rev-parse",
    "--verify",
    "--end-of-options",
    `${revision}^{commit}`,
  ).catch((error: unknown) => {
    throw new UserError("BG291", `It is ${revision}. ${messageOf(error).split("\n")[1] ?? ""}`);
  });
  // `./`: from this directory, and not from the top of the repository.
  const listed = await git(directory, "ls-tree", "--name-only", commit.trim(), "--", `./${name}`);
  return listed.trim() === "" ? "" : git(directory, "show", `${commit.trim()}:./${name}`);
}
