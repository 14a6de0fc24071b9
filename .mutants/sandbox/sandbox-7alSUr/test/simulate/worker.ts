/** Simulates what it is given by `main.ts`: a process of its own, because a planted defect is in all that it loads. */
import type { WorkerTask } from "./lanes.ts";
import { install } from "./hooks.ts";

process.once("message", async (task: WorkerTask) => {
  install(task.planted);
  const { simulateSeed, shrunk } = await import("./one-seed.ts");
  for (let seed = task.first; seed < task.first + task.count * task.every; seed += task.every) {
    const outcome = await simulateSeed(seed, task.keep);
    const isBroken = outcome.violations.length > 0;
    process.send?.(isBroken && task.shrinks ? await shrunk(outcome) : outcome);
    if (isBroken && task.stopAtFirst) break;
  }
  process.disconnect();
});
