import { randomUUID } from "node:crypto";
import type { ServiceRecord } from "./model.ts";

/** ECS API, Service.events: the newest 100 are answered. */
const EVENTS_KEPT = 100;

/** Adds an event in the words that ECS uses; `message` comes after the service's name. */
export function addEvent(service: ServiceRecord, message: string, nowMs: number): void {
  const event = { id: randomUUID(), atMs: nowMs, message: `(service ${service.name}) ${message}` };
  service.events = [event, ...service.events].slice(0, EVENTS_KEPT);
}
