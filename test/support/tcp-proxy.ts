import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** The way of a byte: from the client, or back to it. */
export type Way = "call" | "answer";

/** A network between a client and a server on this machine, that can be slow and can break. */
export interface TcpProxy {
  readonly port: number;
  /** Each piece takes so long on each way, real milliseconds. */
  delayBy(ms: number): void;
  /**
   * Nothing passes on these ways, and nobody is told: what was sent arrives when they are open again, as TCP sends it
   * again until then (RFC 9293, 3.8). Both: a partition. `answer` alone: a connection that is half open.
   */
  block(...ways: readonly Way[]): void;
  /** Every connection breaks (RST). */
  reset(): void;
  close(): Promise<void>;
}

export async function openTcpProxy(upstreamPort: number): Promise<TcpProxy> {
  let latencyMs = 0;
  let blocked: readonly Way[] = [];
  const waiting = new Set<() => void>();
  const sockets = new Set<Socket>();

  const opened = async (way: Way) => {
    while (blocked.includes(way)) await new Promise<void>((resolve) => waiting.add(resolve));
  };
  const carry = async (from: Socket, to: Socket, way: Way) => {
    try {
      for await (const piece of from) {
        if (latencyMs > 0) await delay(latencyMs);
        await opened(way);
        to.write(piece);
      }
      await opened(way);
      to.end();
    } catch {
      // One side has broken; so does the other.
      to.destroy();
    }
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ port: upstreamPort, host: "127.0.0.1", allowHalfOpen: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    }
    void carry(client, upstream, "call");
    void carry(upstream, client, "answer");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const reset = () => sockets.forEach((socket) => socket.resetAndDestroy());
  return {
    // A listening TCP server has a socket address.
    port: (server.address() as AddressInfo).port,
    delayBy(ms) {
      latencyMs = ms;
    },
    block(...ways) {
      blocked = ways;
      for (const go of waiting) go();
      waiting.clear();
    },
    reset,
    async close() {
      blocked = [];
      reset();
      server.close();
      await once(server, "close");
    },
  };
}
