import { join } from "node:path";
import { defineConfig } from "vitest/config";

// Tests that start no process and open no port: mutants run them thousands of times (`npm run mutants`).
const PURE = [
  "test/contract/**/*.test.ts",
  "test/validation/core/**/*.test.ts",
  "test/validation/gates/**/*.test.ts",
  "test/validation/rollout/**/*.test.ts",
  "test/validation/rollback/**/*.test.ts",
  "test/validation/stack/**/*.test.ts",
  "test/watchdog/**/*.test.ts",
  "packages/local-cloud/test/gateway/{algorithms,choose-group,split,slow-start,sticky-cookie,match-rule}.test.ts",
];

export default defineConfig({
  root: join(import.meta.dirname, "..", ".."),
  test: {
    include: PURE,
    exclude: [
      "**/node_modules/**",
      // They start a local cloud.
      "test/watchdog/{alone,lag}.test.ts",
    ],
    isolate: false,
    pool: "threads",
    testTimeout: 20_000,
    unstubEnvs: true,
    env: { BLUEGREEN_ENGINE: "embedded" },
  },
});
