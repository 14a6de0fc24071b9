import { fork, type ChildProcess } from "node:child_process";
import { createServer, type Socket } from "node:net";
import { ownModule } from "../local/own-files.ts";
import type { LocalPlace } from "../local/place.ts";
import { listenHere } from "./http/listen.ts";
import { addressOf, newToken } from "./http/server.ts";

/** Where the console of a local cloud is found; the process behind it starts with the first page that asks. */
export interface Door {
  readonly address: string;
  close(): void;
}

/** What the process behind a door is told first. */
export interface BehindDoor {
  readonly port: number;
  readonly token: string;
}

/**
 * Takes connections and hands them to a process of its own: what it reads and computes would slow down the users whose
 * requests go through the cloud's process.
 */
export async function openDoor({ root, directory }: LocalPlace): Promise<Door> {
  const token = newToken();
  let behind: ChildProcess | undefined;
  const server = createServer({ pauseOnConnect: true }, (socket: Socket) => {
    behind ??= start();
    behind.send("connection", socket, { keepOpen: false }, (error) => {
      if (error !== null) socket.destroy();
    });
  });
  const port = await listenHere(server, 0);
  const start = (): ChildProcess => {
    const child = fork(ownModule("cli/console/behind-door"), [], {
      cwd: root,
      env: { ...process.env, BLUEGREEN_LOCAL_DIRECTORY: directory },
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    child.send({ port, token } satisfies BehindDoor);
    child.once("exit", () => (behind = undefined));
    child.once("error", () => (behind = undefined));
    return child;
  };
  return {
    address: addressOf(port, token),
    close() {
      server.close();
      behind?.kill("SIGTERM");
    },
  };
}
