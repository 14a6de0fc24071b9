import { mkdir, readFile, writeFile } from "node:fs/promises";
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
      return routeArn === "" ? undefined : routeArn;
    },
    async write(routeArn) {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, `${routeArn}\n`);
    },
  };
}
