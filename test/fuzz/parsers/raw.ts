import { connect } from "node:net";

/** A connection that is not over by then hangs. */
const OVER_MS = 10_000;
/** Who waits for more than it was sent says nothing for so long. */
const SILENT_MS = 60;

/**
 * Writes bytes on a new connection, in two pieces, and ends its side; answers with all that came back, and whether the
 * other side ended the connection, too.
 */
export function sendBytes(
  port: number,
  bytes: Buffer,
): Promise<{ readonly text: string; readonly isOver: boolean }> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let text = "";
    const done = (isOver: boolean) => {
      clearTimeout(timer);
      clearTimeout(silence);
      socket.destroy();
      resolve({ text, isOver });
    };
    const timer = setTimeout(() => done(false), OVER_MS);
    let silence = setTimeout(() => socket.end(), SILENT_MS);
    socket.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      clearTimeout(silence);
      silence = setTimeout(() => socket.end(), SILENT_MS);
    });
    // A reset is an end like any other: what came before it counts.
    socket.on("error", () => done(true)).on("close", () => done(true));
    const half = Math.floor(bytes.length / 2);
    socket.write(bytes.subarray(0, half));
    socket.write(bytes.subarray(half));
  });
}

/** Of every answer on a connection. */
export const statusesOf = (text: string): readonly number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
