/**
 * `npm run picture`: runs the demo and draws docs/demo.svg from what it printed, minute by minute, so that the picture
 * in the README shows a real run and nothing else. A file of earlier output as argument is drawn instead.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { demoPicture } from "./demo-picture/draw.ts";

const root = join(import.meta.dirname, "..");
const [given] = process.argv.slice(2);
const printed =
  given === undefined
    ? execFileSync("npm", ["run", "-s", "demo"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 24 })
    : readFileSync(given, "utf8");
writeFileSync(join(root, "docs", "demo.svg"), demoPicture(printed));
console.log("docs/demo.svg: drawn");
