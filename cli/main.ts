#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

const startedWallMs = Date.now() - performance.now();
// Before anything else is loaded: a verb that was compiled once starts in half the time.
enableCompileCache(join(import.meta.dirname, "..", "node_modules", ".cache", "bluegreen"));

// On a large machine V8 lets its heap grow to four times what is in use before it collects: a rollout that uses 70 MB
// took 550 in the end. At one and a half it stays at 380 (docs/worst-day/soak.md), and takes no more time.
setFlagsFromString("--heap-growing-percent=50");

// Whoever reads the output may leave early, as `head` does; what was begun goes on to its end all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

try {
  const { run } = await import("./run.ts");
  await run(startedWallMs);
} catch (error) {
  // Only what run.ts itself needs can break here.
  const { showError } = await import("./errors.ts");
  process.exitCode = showError(error, process.argv.includes("--json"));
}
