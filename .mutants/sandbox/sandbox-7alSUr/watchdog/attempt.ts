import type { Ports } from "./ports.ts";

/** What an action answers; undefined, and a line in the log, when it failed. */
export async function attempt<T>(
  ports: Pick<Ports, "log">,
  what: string,
  action: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    ports.log(`${what} could not be had: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
