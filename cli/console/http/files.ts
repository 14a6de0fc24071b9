import { createHash } from "node:crypto";
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
  /** What its content security policy allows besides: the digests of its own styles. */
  readonly styles?: readonly string[];
}

/** The file of the page at a path; undefined: there is none. */
export async function pageFile(path: string): Promise<PageFile | undefined> {
  const at = placeOf(path);
  if (at === undefined) return undefined;
  if (path === "/") return withStyles(await readFile(at, "utf8"));
  try {
    return { type: TYPES[at.slice(at.lastIndexOf(".") + 1)] ?? "", body: await readFile(at) };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

const STYLESHEET = /<link rel="stylesheet" href="([^"]+)" \/>/;

/** The page with its styles in it: what a person sees first waits for one answer instead of four. */
async function withStyles(page: string): Promise<PageFile> {
  const [before = "", ...rest] = page.split(STYLESHEET);
  let body = before;
  const styles: string[] = [];
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const [href = "", after = ""] = rest.slice(at, at + 2);
    const place = placeOf(href);
    if (place === undefined) throw new Error(`The page names ${href}, which is none of its files.`);
    const style = await readFile(place, "utf8");
    // CSP level 3, 2.3.1: a digest is of the element's text.
    styles.push(`sha256-${createHash("sha256").update(style).digest("base64")}`);
    body += `<style>${style}</style>${after}`;
  }
  return { type: TYPES["html"] ?? "", body: Buffer.from(body), styles };
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
