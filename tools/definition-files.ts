import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** Files of a folder with one `definition` each, made by this function, by name. */
export const definitionFiles = (folder: string, define: string): readonly string[] =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith(".ts"))
    .filter((file) =>
      readFileSync(join(root, folder, file), "utf8").includes(`export const definition = ${define}(`),
    )
    .sort();

/** `client-errors.ts` as a name in code. */
const nameOf = (file: string) =>
  file.replace(/\.ts$/, "").replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** One import for each, and the names under which they are imported, in the same order. */
export const importsOf = (files: readonly string[], from: string) => ({
  imports: files.map((file) => `import { definition as ${nameOf(file)} } from "${from}/${file}";`).join("\n"),
  names: files.map(nameOf),
});
