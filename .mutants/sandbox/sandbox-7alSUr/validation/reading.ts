import type { Reading } from "./core/observation.ts";

/** What `read` gives, or why it could not be read: a failure to read is something seen, not an exception. */
export async function attempt<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { readable: true, value: await read() };
  } catch (error) {
    return { readable: false, why: messageOf(error) };
  }
}

export const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
