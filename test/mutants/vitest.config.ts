import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { AREAS } from "./areas.ts";

// The tests of the area that main.ts mutates; thousands of times, so all in one process.
const area = AREAS.find(({ name }) => name === process.env["MUTANTS_AREA"]);

export default defineConfig({
  root: join(import.meta.dirname, "..", ".."),
  test: {
    include: [...(area?.tests ?? AREAS.flatMap(({ tests }) => tests))],
    isolate: false,
    pool: "threads",
    testTimeout: 20_000,
    unstubEnvs: true,
    env: { BLUEGREEN_ENGINE: "embedded" },
  },
});
