import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createExclusively } from "../../packages/pulumi-engine/state/files.ts";
import type { LabelStore } from "../../validation/ports.ts";

/** Labels in files, where the stack stands on a local cloud. */
export function labelFiles(directory: string): LabelStore {
  return {
    async list(prefix) {
      const names = await readdir(join(directory, prefix)).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      return names.filter((name) => name.endsWith(".json")).map((name) => `${prefix}${name}`);
    },
    read: (names) => Promise.all(names.map((name) => readFile(join(directory, name), "utf8"))),
    async create(name, text) {
      const path = join(directory, name);
      await mkdir(dirname(path), { recursive: true });
      return createExclusively(path, text);
    },
  };
}

const isMissing = (error: unknown) => error instanceof Error && "code" in error && error.code === "ENOENT";
