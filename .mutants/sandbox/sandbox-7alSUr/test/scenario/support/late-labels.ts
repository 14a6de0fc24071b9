import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { World } from "./world.ts";
import type { Users } from "./users.ts";

/** The users' app, which learns what was right so long after an answer, and tells it. */
export interface LateLabels {
  /** Labels that `feedback` has taken. */
  readonly taken: () => number;
  readonly stop: () => Promise<void>;
}

/** Real: the app sends what it has learned this often. */
const PAUSE_MS = 1_000;

/** Runs `feedback` as a job would, for every answer that users got so many minutes ago by the cloud's time. */
export function sendLateLabels(world: World, users: Users, afterMinutes: number, speed: number): LateLabels {
  const ending = new AbortController();
  let [sent, taken] = [0, 0];
  const afterMs = (afterMinutes * 60_000) / speed;
  const file = join(world.place.directory, "labels.jsonl");
  const send = async () => {
    const dueMs = Date.now() - afterMs;
    const all = users.answers();
    const from = sent;
    while (sent < all.length && (all[sent]?.realMs ?? Infinity) <= dueMs) sent += 1;
    const rows = all
      .slice(from, sent)
      .flatMap(({ status, labelled }) => (status === 200 && labelled !== undefined ? [labelled] : []));
    if (rows.length === 0) return;
    await writeFile(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const { exitCode, stdout, stderr } = await world.run("feedback", file, "--json");
    if (exitCode !== 0) throw new Error(`feedback ended with ${exitCode}: ${stdout}${stderr}`);
    // What the verb prints with --json.
    const said = JSON.parse(stdout) as { readonly taken: number; readonly untold?: string };
    if (said.untold !== undefined) throw new Error(`the dashboard was not told: ${said.untold}`);
    taken += said.taken;
  };
  const loop = async () => {
    while (!ending.signal.aborted) {
      await send();
      await delay(PAUSE_MS);
    }
  };
  const ended = loop();
  // Told by `stop`, whoever waits for something else meanwhile.
  ended.catch(() => {});
  return {
    taken: () => taken,
    async stop() {
      ending.abort();
      await ended;
    },
  };
}
