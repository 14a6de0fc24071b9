import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const PAGE = join(import.meta.dirname, "..", "page");
const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};
const OWN_FILE = /^\/(?:[a-z-]+\/)?[a-z-]+\.(?:js|css|svg)$/;
/** Served as they lie in its package: there is no build step. */
const OF_CHARTS: Readonly<Record<string, string>> = {
  "/uplot.js": "uPlot.iife.min.js",
  "/uplot.css": "uPlot.min.css",
};

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** The file of the page at a path; undefined: there is none. */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  const at = placeOf(path);
  if (at === undefined) return undefined;
  try {
    return { type: TYPES[at.slice(at.lastIndexOf(".") + 1)] ?? "", body: await readFile(at) };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

function placeOf(path: string): string | undefined {
  if (path === "/") return join(PAGE, "index.html");
  const chart = OF_CHARTS[path];
  if (chart !== undefined) {
    const manifest = createRequire(import.meta.url).resolve("uplot/package.json");
    return join(dirname(manifest), "dist", chart);
  }
  return OWN_FILE.test(path) ? join(PAGE, path) : undefined;
}
