/**
 * Loaded before the product (main.ts): its files are written onto simulated disks, and a planted defect
 * (planted/defects.ts) is put into the source as it is read. Nothing of the product knows of either.
 */
import { registerHooks } from "node:module";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DEFECTS, type Defect } from "./planted/defects.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ON_SIMULATED_DISKS = ["packages/pulumi-engine/state/files.ts", "validation/adapters/route-memo.ts"];
const SIMULATED_FS = new URL("./disk/fs.ts", import.meta.url).href;

const inTree = (url: string | undefined) =>
  url?.startsWith("file:") === true ? fileURLToPath(url).slice(ROOT.length) : undefined;

/** `planted`: the name of a defect; undefined: the product as it is. Throws when there is none of that name. */
export function install(planted: string | undefined): void {
  const defect = planted === undefined ? undefined : defectCalled(planted);
  registerHooks({
    resolve(specifier, context, next) {
      const parent = inTree(context.parentURL);
      const isSimulated = specifier === "node:fs/promises" && ON_SIMULATED_DISKS.includes(parent ?? "");
      return isSimulated ? { url: SIMULATED_FS, shortCircuit: true } : next(specifier, context);
    },
    load(url, context, next) {
      return defect !== undefined && inTree(url) === defect.file
        ? { format: "module-typescript", source: withDefect(defect), shortCircuit: true }
        : next(url, context);
    },
  });
}

export function defectCalled(name: string): Defect {
  const found = DEFECTS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no defect is called ${name}`);
  return found;
}

/** Throws when the source is no longer what the defect was planted into: it would be none. */
export function withDefect({ name, file, from, to }: Defect): string {
  const source = readFileSync(`${ROOT}${file}`, "utf8");
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`${name}: ${file} has its text ${parts.length - 1} times`);
  return parts.join(to);
}
