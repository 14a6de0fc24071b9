/** `npm run test:aws`: says what it costs before anything is made, then runs test/aws/ on the account at hand. */
import { spawnSync } from "node:child_process";
import { account, costWords } from "../test/aws/support/account.ts";

const found = account(process.env);
console.log(
  "missing" in found ? `No account to test in: ${found.missing}. Everything is skipped.` : costWords(),
);
const { status } = spawnSync("npx", ["vitest", "run"], {
  stdio: "inherit",
  env: { ...process.env, STORIES: "aws" },
});
process.exitCode = status ?? 1;
