// Plain JavaScript: whatever Node there is has to read it, before anything is installed.
import { existsSync } from "node:fs";

/** An installed package has its JavaScript in dist/ instead. */
export const isCheckout = existsSync(new URL("main.ts", import.meta.url));
/** npm writes it when an install is whole, and takes it away when one begins. */
const WHOLE = new URL("../node_modules/.package-lock.json", import.meta.url);
/** The first major version for which the project is written: it runs TypeScript by itself. */
const NODE = 24;
const USAGE = 64;

/** As validation/errors.ts has them, which cannot be loaded yet; a test holds both equal. */
const NOT_INSTALLED = {
  code: "BG157",
  meaning: "The checkout is not installed: `npm ci` has not run here, or was cut off.",
  fix: "Run it, again if need be: `npm ci`.",
};
const OLD_NODE = {
  code: "BG158",
  meaning: "This Node is too old for the project.",
  fix: "Begin with `npx bluegreen` or `npm run`, which bring their own Node, or put a newer one on PATH.",
};

/** Ends the process with a message when the checkout cannot run as it is. */
function requireInstalled() {
  if (isCheckout && !existsSync(WHOLE)) leave(NOT_INSTALLED);
  const major = Number(process.versions.node.split(".")[0]);
  if (major < NODE) leave(OLD_NODE, `It is ${process.version}; allowed is ${NODE} or newer.`);
}

function leave({ code, meaning, fix }, details = "") {
  const message = `${meaning} ${details}`.trim();
  process.stderr.write(`${code}: ${message}\n  ${fix}\n`);
  if (process.argv.includes("--json")) {
    process.stdout.write(`${JSON.stringify({ exitCode: USAGE, error: { code, message, fix } })}\n`);
  }
  process.exit(USAGE);
}

requireInstalled();
