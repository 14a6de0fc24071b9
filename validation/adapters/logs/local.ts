import { isRecord } from "../../../contract/config/field.ts";
import { bearer } from "../../../packages/local-cloud/access/address.ts";
import type { ReadLogs, TaskLog } from "../../deploy/task-log.ts";

/** The output of tasks from this local cloud. */
export const localLogs =
  (cloud: { readonly url: string; readonly token: string }): ReadLogs =>
  async (serviceName, lines) => {
    const url = new URL(`/logs/${encodeURIComponent(serviceName)}?lines=${lines}`, cloud.url);
    const response = await fetch(url, { headers: bearer(cloud), signal: AbortSignal.timeout(10_000) });
    const body: unknown = await response.json();
    if (!response.ok || !Array.isArray(body)) {
      throw new Error(`${url.href} answered with status ${response.status}: ${JSON.stringify(body)}`);
    }
    return body.map(readTask);
  };

function readTask(raw: unknown): TaskLog {
  if (!isRecord(raw) || typeof raw["taskId"] !== "string" || !Array.isArray(raw["lines"])) {
    throw new Error("the local cloud's answer is no list of task logs");
  }
  const { taskId, taskDefinition, container } = raw;
  return {
    taskId,
    ...(typeof container === "string" ? { container } : {}),
    ...(typeof taskDefinition === "string" ? { taskDefinition } : {}),
    lines: raw["lines"].map(String),
  };
}
