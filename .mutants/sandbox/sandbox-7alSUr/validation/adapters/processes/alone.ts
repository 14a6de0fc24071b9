import { createHash } from "node:crypto";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 30_000;
const RETRY_EVERY_MS = 100;

/**
 * Runs `use` while no other process of this machine runs its own under the same name; undefined when that does not come
 * to be within half a minute, or the system cannot promise it. The promise is an abstract socket's (unix(7), Linux
 * alone), which the kernel takes away from a process that dies.
 */
export async function alone<T>(name: string, use: () => Promise<T>): Promise<T | undefined> {
  if (process.platform !== "linux") return undefined;
  const hashed = createHash("sha256").update(name).digest("hex").slice(0, 32);
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const held = await take(`\0bluegreen-${process.getuid?.()}-${hashed}`);
    if (held !== undefined) {
      try {
        return await use();
      } finally {
        held.close();
      }
    }
    if (performance.now() >= untilMs) return undefined;
    await sleep(RETRY_EVERY_MS);
  }
}

function take(address: string): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", () => resolve(undefined));
    server.listen(address, () => resolve(server));
  });
}
