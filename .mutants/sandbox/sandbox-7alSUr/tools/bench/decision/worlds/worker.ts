import { parentPort } from "node:worker_threads";
import { runWorldTask, type WorldTask } from "./run.ts";

parentPort?.on("message", (task: WorldTask) => {
  parentPort?.postMessage(runWorldTask(task));
});
