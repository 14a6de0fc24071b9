import { rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Document, isMap, isPair, isScalar } from "yaml";
import { CONFIG_KEYS } from "../../contract/config.ts";
import { UserError } from "../errors.ts";
import type { NewStackFiles } from "../init.ts";
import type { StackValues } from "../init/new-stack.ts";
import { fieldOf } from "../init/questions.ts";

/** Stack files of a project's directory. A file is made, and never overwritten. */
export function newStackFiles(directory: string): NewStackFiles {
  const pathOf = (stack: string) => join(directory, `Pulumi.${stack}.yaml`);
  return {
    async existing(stack) {
      const path = pathOf(stack);
      const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      return found && path;
    },
    async write(stack, values) {
      const path = pathOf(stack);
      await writeFile(path, stackFileText(stack, values), { flag: "wx", flush: true }).catch(
        async (error: NodeJS.ErrnoException) => {
          if (error.code === "EEXIST") throw new UserError("BG301", `It is ${path}.`);
          // Half a file of ours would be in the way of the next try.
          await rm(path, { force: true });
          throw error;
        },
      );
      return path;
    },
  };
}

/** The file's text: each field with the contract's own words for it. */
export function stackFileText(stack: string, values: StackValues): string {
  const document = new Document({ config: values });
  document.commentBefore = [
    ` The stack ${stack} on AWS, made by \`npx bluegreen init\`. Every key, its default and its meaning:`,
    " docs/configuration.md. You edit all but `blue`, which the tools write from the next model on; `pulumi up` deploys it.",
  ].join("\n");
  const config = document.get("config");
  for (const pair of isMap(config) ? config.items : []) {
    if (!isPair(pair) || !isScalar(pair.key)) continue;
    const section = String(pair.key.value);
    const meaning = Object.entries(CONFIG_KEYS).find(([name]) => name === section)?.[1].meaning;
    if (meaning === undefined || !isMap(pair.value)) continue;
    pair.key.spaceBefore = true;
    pair.key.commentBefore = ` ${meaning}`;
    for (const field of pair.value.items) {
      if (!isPair(field) || !isScalar(field.key)) continue;
      const says = fieldOf(`${section}.${String(field.key.value)}`)?.meaning;
      if (says !== undefined) field.key.commentBefore = ` ${says}`;
    }
  }
  return document.toString({ lineWidth: 0 });
}
