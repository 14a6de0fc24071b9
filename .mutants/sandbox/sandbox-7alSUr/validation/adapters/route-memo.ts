import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { RouteMemo } from "../ports.ts";

/** Keeps the route's ARN in a file of this machine, one file per stack. */
export function fileMemo(path: string): RouteMemo {
  return {
    async read() {
      const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return "";
        throw error;
      });
      const routeArn = text.trim();
      // What else stands there helps nobody find the route, which is then searched for.
      return routeArn.startsWith("arn:") ? routeArn : undefined;
    },
    async write(routeArn) {
      await mkdir(dirname(path), { recursive: true });
      const unfinished = `${path}.${process.pid}.tmp`;
      try {
        await writeFile(unfinished, `${routeArn}\n`);
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
  };
}
