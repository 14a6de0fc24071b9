import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { UserError } from "../../validation/errors.ts";
import { messageOf } from "../../validation/reading.ts";

/** The rows that were named: a file, or standard input. @throws UserError BG340. */
export async function textOf(file: string): Promise<string> {
  if (file === "-") return text(process.stdin);
  return readFile(file, "utf8").catch((error: unknown) => {
    throw new UserError("BG340", `${messageOf(error)}.`);
  });
}
