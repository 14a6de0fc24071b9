import { Pool } from "undici";
import { NEW_TARGET } from "./health.ts";
import type { Health } from "./health.ts";

/** One registered target at run time: its connections, its health, and what is in flight to it. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly pool: Pool;
  health: Health;
  /** Set once it is deregistering; resolves when it is gone. */
  draining: Promise<void> | undefined;
  readonly inFlight: Set<Exchange>;
  stopProbing: () => void;
  /** Called when the last request in flight has ended. */
  onIdle: () => void;
}

/** A request on its way through a target. */
export interface Exchange {
  /** Ends it from the load balancer's side: the client gets a 502, or a broken body when it has begun. */
  cut(): void;
}

export interface TargetAddress {
  readonly host: string;
  readonly port: number;
}

export function createTarget({ host, port }: TargetAddress): Target {
  return {
    host,
    port,
    // ELB guide, HTTP 504: the load balancer gives up on a connection after 10 seconds.
    pool: new Pool(originOf({ host, port }), { connectTimeout: 10_000 }),
    health: NEW_TARGET,
    draining: undefined,
    inFlight: new Set(),
    stopProbing: () => {},
    onIdle: () => {},
  };
}

export function begin(target: Target, exchange: Exchange): void {
  target.inFlight.add(exchange);
}

export function end(target: Target, exchange: Exchange): void {
  target.inFlight.delete(exchange);
  if (target.inFlight.size === 0) target.onIdle();
}

/** Ends what is in flight and closes all connections. */
export function disposeTarget(target: Target): void {
  target.stopProbing();
  for (const exchange of target.inFlight) exchange.cut();
  // Nothing waits for the sockets: whoever used them has been told above.
  void target.pool.destroy();
}

export function addressKey({ host, port }: TargetAddress): string {
  return `${host}:${port}`;
}

export function originOf(address: TargetAddress): string {
  return `http://${addressKey(address)}`;
}
