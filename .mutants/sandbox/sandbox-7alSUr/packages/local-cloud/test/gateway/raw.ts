import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { once } from "node:events";
import { onTestFinished } from "vitest";

/** A client's connection on which a test writes and reads bytes as it likes; gone with the test. */
export interface RawConnection {
  readonly socket: Socket;
  /** All that has come so far. */
  received(): string;
  isOver(): boolean;
  /** Resolves when what has come matches. Rejects when the connection ends before. */
  until(pattern: RegExp): Promise<string>;
  /** Everything that came until the other side ended the connection. */
  ended(): Promise<string>;
}

export async function rawConnection(url: string): Promise<RawConnection> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  let received = "";
  let wake = () => {};
  let isOver = false;
  socket.on("data", (chunk: Buffer) => {
    received += chunk.toString("latin1");
    wake();
  });
  socket.on("close", () => {
    isOver = true;
    wake();
  });
  // A reset is an end like any other here; tests look at what came before.
  socket.on("error", () => {});
  await once(socket, "connect");
  const when = async (isThere: () => boolean) => {
    while (!isThere()) {
      if (isOver) throw new Error(`the connection ended after: ${received}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
    return received;
  };
  return {
    socket,
    received: () => received,
    isOver: () => isOver,
    until: (pattern) => when(() => pattern.test(received)),
    ended: () => when(() => isOver),
  };
}

/** Writes bytes on a new connection and answers what comes back until its end. */
export async function sendRaw(url: string, bytes: string): Promise<string> {
  const connection = await rawConnection(url);
  connection.socket.write(bytes, "latin1");
  return connection.ended();
}

/** The status of an answer. */
export function statusOf(answer: string): number {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1] ?? Number.NaN);
}

/** A server that answers each request with bytes as the test likes; gone with the test. */
export async function rawServer(
  answer: (socket: Socket, request: string) => void,
): Promise<{ readonly host: string; readonly port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (request) => answer(socket, request.toString("latin1")));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  // A TCP server's address is an object.
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}
