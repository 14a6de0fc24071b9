/** Inside a PID namespace of its own: starts what it is told on standard input, a line of JSON each, and tells how it ended. */
import { createInterface } from "node:readline";
import type { LocalPlace } from "../../cli/local/place.ts";
import { startVerb } from "../scenario/support/verb.ts";

// `host.ts` is the only one that starts this, with exactly that.
const place = JSON.parse(process.argv[2] ?? "") as LocalPlace;
createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, args } = JSON.parse(line) as { readonly id: number; readonly args: readonly string[] };
  void startVerb(place, args).ended.then((ran) => {
    process.stdout.write(`${JSON.stringify({ id, endedMs: Date.now(), ran })}\n`);
  });
});
