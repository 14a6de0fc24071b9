import { between, drawOf, oneOfThem, wholeBetween, type Draw } from "../engine/dice.ts";
import type { Incident } from "../engine/incidents.ts";
import { incidentsOf } from "./incidents-of.ts";
import { signalOf, type SimulatedSignal } from "./signal.ts";
import { rareIncidents } from "./rare-incidents.ts";

/** How the candidate is: of its requests it fails so many, from so long after its first users on. */
export interface SimulatedModel {
  readonly word: "flawless" | "alike" | "bad" | "badLater";
  readonly failureRate: number;
  /** Milliseconds after the begin. */
  readonly fromMs: number;
}

export interface Scenario {
  readonly seed: number;
  readonly draw: Draw;
  readonly model: SimulatedModel;
  /** The active slot's own failures. */
  readonly usualRate: number;
  readonly requestsPerMinute: number;
  readonly tasks: number;
  readonly rollout: Readonly<Record<string, unknown>> & { readonly watchdog: boolean };
  /** Whether another machine runs `step` on a schedule, too. */
  readonly ticks: boolean;
  /** Of `service`; 0: users are dealt anew with each request. */
  readonly stickinessSeconds: number;
  /** When the former candidate of the slot was rolled back, which failed; undefined: long ago. */
  readonly formerUntilMs: number | undefined;
  /** undefined: the stack has none. */
  readonly signal: SimulatedSignal | undefined;
  readonly incidents: readonly Incident[];
  readonly beginsMs: number;
  /** When nothing goes wrong any more, and somebody brings the release to its end. */
  readonly healsMs: number;
}

const MINUTE_MS = 60_000;
/** The clock of every simulation begins here. */
export const BEGINS_MS = Date.UTC(2026, 0, 1);
const TROUBLED_MINUTES = 45;

export function scenarioOf(seed: number): Scenario {
  const draw = drawOf(seed);
  const model = modelOf(draw);
  const rollout = {
    advanceWhen: "blindSpot",
    steps: oneOfThem(draw("steps"), [[10, 50, 100], [10, 25, 50, 100], [20, 100], [50]]),
    bakeMinutes: oneOfThem(draw("bake"), [1, 2, 4, 10]),
    minRequests: 50,
    deadlineMinutes: wholeBetween(draw("deadline"), 20, 45),
    atDeadline: draw("at deadline") < 0.3 ? "revert" : "hold",
    maxBlindSpots: oneOfThem(draw("detectable rate"), [[1], [0.3, 0.2]]),
    warmSeconds: 0,
    retreatMinutes: 5,
    watchdog: draw("watchdog") < 0.75,
  };
  const marked = draw("each is approved") < 0.5 ? rollout.steps.slice(1) : [100];
  // A share that is no step cannot be marked.
  const isMarked = draw("approvals") < 0.2 && rollout.steps.includes(100);
  const approvals = isMarked ? marked : [];
  const lastsMs = TROUBLED_MINUTES * MINUTE_MS;
  const incidents = [
    ...incidentsOf(draw, BEGINS_MS, lastsMs),
    ...rareIncidents(draw, { beginsMs: BEGINS_MS, lastsMs, approvals }),
  ];
  const formerMs = between(draw("former until"), 3, 8) * MINUTE_MS;
  return {
    seed,
    draw,
    model,
    usualRate: model.word === "flawless" ? 0 : between(draw("usual"), 0, 0.01),
    requestsPerMinute: oneOfThem(draw("traffic"), [120, 600, 600, 2_000]),
    tasks: wholeBetween(draw("tasks"), 2, 12),
    rollout: { ...rollout, approvals },
    ticks: draw("ticks") < 0.25,
    signal: signalOf(draw, model.word === "flawless"),
    stickinessSeconds: draw("sticky") < 0.12 ? 3_600 : 0,
    formerUntilMs: draw("former") < 0.3 ? BEGINS_MS - formerMs : undefined,
    incidents: incidents.toSorted((a, b) => a.atMs - b.atMs),
    beginsMs: BEGINS_MS,
    healsMs: BEGINS_MS + (TROUBLED_MINUTES + 75) * MINUTE_MS,
  };
}

function modelOf(draw: Draw): SimulatedModel {
  const word = oneOfThem<SimulatedModel["word"]>(draw("model"), [
    "flawless",
    "alike",
    "alike",
    "bad",
    "bad",
    "badLater",
  ]);
  const failureRate = word === "flawless" ? 0 : between(draw("failing"), 0.3, 1);
  const fromMs = word === "badLater" ? between(draw("from"), 8, 30) * MINUTE_MS : 0;
  return { word, failureRate: word === "alike" ? 0 : failureRate, fromMs };
}
