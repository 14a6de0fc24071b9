import { enableCompileCache } from "node:module";
import { join } from "node:path";

// As cli/main.ts does, and in the same place: what was compiled once is there half a second earlier.
enableCompileCache(join(import.meta.dirname, "..", "..", "node_modules", ".cache", "bluegreen"));

await import("./main.ts");
