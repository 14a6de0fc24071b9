import type { Hints } from "../../packages/local-cloud/hints.ts";

/** Starts the local cloud. */
export const START = "npx bluegreen local";

/** How a person does what messages of the local cloud ask for. */
export const HINTS: Hints = {
  start: START,
  keys: "The keys of this local cloud: npx bluegreen local env",
  token: "npx bluegreen local env prints the address of its dashboard, and with --json the token",
  // `up` alone would be refused: the last update left users on the stack, and a new route has no healthy targets yet.
  rebuild:
    "the cloud then starts empty, and\n" +
    "  `npx bluegreen pulumi refresh --yes`, `npx bluegreen pulumi destroy --yes` and `npx bluegreen pulumi up`\n" +
    "  build the stack anew in it",
  dashboard: "npx bluegreen pulumi up",
};
