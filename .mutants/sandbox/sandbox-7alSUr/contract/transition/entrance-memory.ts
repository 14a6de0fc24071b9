import * as v from "valibot";
import { speaksHttps } from "../checks/host-name.ts";
import type { StackConfig } from "../config/stack-config.ts";

export type Scheme = "http" | "https";

/** How users come to the stack's own load balancer; undefined: it has none, and the shared listener is another's. */
export function schemeOf({ network, service }: Pick<StackConfig, "network" | "service">): Scheme | undefined {
  if (network.listenerArn !== undefined) return undefined;
  return speaksHttps(service) ? "https" : "http";
}

/** Version 0.1 called the listener of the route `listener`, with a certificate at port 443; the other was `redirect`. */
export type HttpListener = "listener" | "redirect";

/** What the outputs remember of the stack's own load balancer. */
export interface EntranceMemory {
  /** What the listener at port 80 is called in the program: it keeps its name, and its port. */
  readonly httpListener: HttpListener;
  /** `rollout.protect`: listeners and route were protected from deletion. */
  readonly isProtected: boolean;
  /** Zone of the record that the stack makes; "": it makes none. */
  readonly hostedZoneId: string;
  /** By which users call; "": the load balancer's own name. */
  readonly hostName: string;
}

type Entered = Pick<StackConfig, "network" | "rollout" | "service">;

/** undefined: the entrance is another's. */
export function entranceMemory(
  { network, rollout, service }: Entered,
  httpListener: HttpListener,
): EntranceMemory | undefined {
  if (network.listenerArn !== undefined) return undefined;
  const { hostedZoneId = "", hostName = "" } = service;
  return { httpListener, isProtected: rollout.protect, hostedZoneId, hostName };
}

const remembered = v.object({
  httpListener: v.picklist(["listener", "redirect"]),
  isProtected: v.fallback(v.optional(v.boolean(), false), false),
  hostedZoneId: v.fallback(v.optional(v.string(), ""), ""),
  hostName: v.fallback(v.optional(v.string(), ""), ""),
});

/** As an output gives it back; undefined: it did not remember, or the entrance was another's. */
export function readEntrance(raw: unknown): EntranceMemory | undefined {
  const read = v.safeParse(remembered, raw);
  return read.success ? read.output : undefined;
}
