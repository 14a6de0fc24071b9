import { parseConfig } from "../../../../contract/config/parse.ts";
import type { Sides } from "../../../../validation/suite/measure.ts";
import { introductions, type Introductions } from "../../../../validation/suite/speakers.ts";
import type { Machine } from "../../../../validation/suite/machine.ts";
import type { PerSlot, Slot } from "../../../../contract/slot.ts";
import type { Ask, Question, Reply } from "../../../../validation/protocols/ask.ts";

/**
 * A machine whose time jumps to whatever comes next, as soon as nobody has anything else to do: what is asked at the same
 * time is answered at the same time, and nothing sleeps.
 */
export function virtualMachine(): Machine {
  let nowMs = 0;
  const waiting: { readonly dueMs: number; readonly go: () => void }[] = [];
  const jump = () => {
    const [first] = waiting.toSorted((a, b) => a.dueMs - b.dueMs);
    if (first === undefined) return;
    waiting.splice(waiting.indexOf(first), 1);
    nowMs = Math.max(nowMs, first.dueMs);
    first.go();
    if (waiting.length > 0) setImmediate(jump);
  };
  return {
    wall: () => nowMs,
    wait: (ms) =>
      new Promise<void>((go) => {
        waiting.push({ dueMs: nowMs + ms, go });
        if (waiting.length === 1) setImmediate(jump);
      }),
  };
}

/** A model service in memory. */
export type Service = (
  question: Question,
  count: number,
) => Pick<Reply, "status" | "text"> & { readonly seconds?: number };

export interface FakeSlots {
  readonly ask: Ask;
  readonly asked: readonly { readonly slot: Slot; readonly question: Question }[];
  /** Milliseconds of a clock that only answers and waiting move. */
  readonly wall: () => number;
  readonly machine: Machine;
}

/** Slots whose answers take as long as they say, by a clock of their own. */
export function fakeSlots(services: PerSlot<Service>): FakeSlots {
  const asked: { readonly slot: Slot; readonly question: Question }[] = [];
  const machine = virtualMachine();
  return {
    asked,
    wall: machine.wall,
    machine,
    ask: async (slot, question) => {
      asked.push({ slot, question });
      const { seconds = 0.01, ...reply } = services[slot](question, asked.length);
      await machine.wait(seconds * 1000);
      return { ...reply, seconds };
    },
  };
}

/** Answers `{"x": n}` with n modulo 3, and refuses everything else, as a service should. */
export function goodService(version: string): Service {
  return ({ method, path, contentType, body }) => {
    if (path === "/health") return json(200, { status: "ok" });
    if (path === "/metadata") return json(200, { modelVersion: version });
    if (method !== "POST" || contentType === "text/plain") return json(405, {});
    const x = numberIn(body);
    return x === undefined ? json(400, {}) : json(200, { prediction: x % 3, modelVersion: version });
  };
}

export const json = (status: number, body: unknown) => ({ status, text: JSON.stringify(body) });

function numberIn(body: Question["body"]): number | undefined {
  try {
    const { x } = JSON.parse(String(body)) ?? {};
    return Number.isSafeInteger(x) ? x : undefined;
  } catch {
    // What is no JSON has no number either.
    return undefined;
  }
}

/** How these slots are asked, whose servers name their version in every answer as the example's does. */
export function introduced(ask: Ask, sides: Sides): Promise<Introductions> {
  const parsed = parseConfig({ service: JSON.stringify({ servingProtocol: "bluegreen" }) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return introductions(ask, parsed.config, sides, { x: 1 });
}

/** A golden set for `goodService`. */
export const golden = (n: number) =>
  Array.from({ length: n }, (_, x) => JSON.stringify({ x, label: x % 3 })).join("\n");
