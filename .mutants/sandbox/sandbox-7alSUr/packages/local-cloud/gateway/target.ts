import { Pool } from "undici";
import { NEW_TARGET } from "./health.ts";
import type { Health } from "./health.ts";
import type { SlowStart } from "./slow-start.ts";

/** One registered target at run time: its connections, its health, and what is in flight to it. */
export interface Target {
  readonly host: string;
  readonly port: number;
  /** Availability Zone that it stands for: the machine has none, but its metrics and its health name one. */
  readonly zone: string;
  readonly pool: Pool;
  health: Health;
  /** undefined: it gets its whole share. */
  slowStart: SlowStart | undefined;
  /** Set once it is deregistering; resolves when it is gone. */
  draining: Promise<void> | undefined;
  /** In no order. */
  readonly inFlight: Exchange[];
  stopProbing: () => void;
  /** Called when the last request in flight has ended. */
  onIdle: () => void;
}

/** A request on its way through a target. */
export interface Exchange {
  /** Its index among the target's exchanges in flight. */
  place: number;
  /** Ends it from the load balancer's side: the client gets a 502, or a broken body when it has begun. */
  cut(): void;
}

export interface TargetAddress {
  readonly host: string;
  readonly port: number;
}

export function createTarget({ host, port }: TargetAddress, zone: string): Target {
  return {
    host,
    port,
    zone,
    pool: new Pool(originOf({ host, port }), {
      // ELB guide, HTTP 504: the load balancer gives up on a connection after 10 seconds.
      connectTimeout: 10_000,
      // ELB quotas: the whole response header may have 32 KB; more is a 502.
      maxHeaderSize: 32 * 1024,
    }),
    health: NEW_TARGET,
    slowStart: undefined,
    draining: undefined,
    inFlight: [],
    stopProbing: () => {},
    onIdle: () => {},
  };
}

/**
 * An array in which the last one takes the place of one that ends. A Set would do, but V8 links each table that a Set
 * has outgrown to the next one: with every promoted table the finished requests in it stay until a full collection,
 * and the short collections take ten times as long (measured: a third of the load balancer's time).
 */
export function begin(target: Target, exchange: Exchange): void {
  exchange.place = target.inFlight.push(exchange) - 1;
}

export function end(target: Target, exchange: Exchange): void {
  const last = target.inFlight.pop();
  if (last !== undefined && last !== exchange) {
    target.inFlight[exchange.place] = last;
    last.place = exchange.place;
  }
  if (target.inFlight.length === 0) target.onIdle();
}

/** Ends what is in flight and closes all connections. */
export function disposeTarget(target: Target): void {
  target.stopProbing();
  for (const exchange of target.inFlight.slice()) exchange.cut();
  // Nothing waits for the sockets: whoever used them has been told above.
  void target.pool.destroy();
}

export function addressKey({ host, port }: TargetAddress): string {
  return `${host}:${port}`;
}

export function originOf(address: TargetAddress): string {
  return `http://${addressKey(address)}`;
}
