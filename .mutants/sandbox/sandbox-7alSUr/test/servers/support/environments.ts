import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the requirements are frozen for. */
export const PYTHON_VERSION = "3.11";
export const ROOT = join(import.meta.dirname, "..", "..", "..");
/** In .gitignore: gigabytes. */
export const SERVERS_FOLDER = join(ROOT, ".servers");
export const MODELS_FOLDER = join(SERVERS_FOLDER, "models");

/** One for each server: what they pin excludes each other. Flask lives with FastAPI. */
export const ENVIRONMENTS = ["fastapi", "mlserver", "mlflow", "bentoml", "kserve", "litellm"] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

export const requirementsOf = (name: EnvironmentName) =>
  join(ROOT, "test", "servers", name, "requirements.txt");

/** Whether the environment is whole, and of these requirements. */
export function installedIn(name: EnvironmentName): boolean {
  const mark = join(SERVERS_FOLDER, name, "installed.txt");
  return existsSync(mark) && readFileSync(mark, "utf8") === readFileSync(requirementsOf(name), "utf8");
}

/** For a suite's title: why it is skipped. */
export function without(names: readonly EnvironmentName[]): string {
  const missing = names.filter((name) => !installedIn(name));
  if (missing.length === 0) return "";
  return ` (skipped: ${missing.join(", ")} not installed, or of other versions; npm run test:servers:setup)`;
}
