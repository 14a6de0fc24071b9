import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Document, isMap, isPair, isScalar, parseDocument } from "yaml";
import { CONFIG_KEYS } from "../../../contract/config/keys.ts";
import { UserError } from "../../errors.ts";
import type { NewStackFiles } from "../../stack/init.ts";
import type { StackValues } from "../../stack/init/new-stack.ts";
import { fieldOf } from "../../stack/init/questions.ts";

/** What `pulumi stack init` writes of secrets, and nothing else. */
const PULUMIS = ["secretsprovider", "encryptedkey", "encryptionsalt"];

/** Stack files of a project's directory. A file is made, or completed where it is Pulumi's alone, and never overwritten. */
export function newStackFiles(directory: string): NewStackFiles {
  const pathOf = (stack: string) => join(directory, `Pulumi.${stack}.yaml`);
  return {
    async existing(stack) {
      const path = pathOf(stack);
      const text = await readIfThere(path);
      return text === undefined || isPulumisAlone(text) ? undefined : path;
    },
    async write(stack, values) {
      const path = pathOf(stack);
      const text = stackFileText(stack, values);
      const pulumis = await readIfThere(path);
      if (pulumis !== undefined) {
        if (!isPulumisAlone(pulumis)) throw new UserError("BG301", `It is ${path}.`);
        await writeFile(path, `${pulumis}\n${text}`, { flush: true });
        return { path, isMade: true };
      }
      await writeFile(path, text, { flag: "wx", flush: true }).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") throw new UserError("BG301", `It is ${path}.`);
        // Half a file of ours would be in the way of the next try.
        await rm(path, { force: true });
        throw error;
      });
      return { path, isMade: false };
    },
  };
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

function isPulumisAlone(text: string): boolean {
  const { contents, errors } = parseDocument(text);
  return (
    errors.length === 0 &&
    isMap(contents) &&
    contents.items.length > 0 &&
    contents.items.every(({ key }) => PULUMIS.includes(String(key)))
  );
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
