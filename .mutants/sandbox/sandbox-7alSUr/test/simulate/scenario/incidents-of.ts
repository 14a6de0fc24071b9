import { between, oneOfThem, wholeBetween, type Draw } from "../engine/dice.ts";
import type { CallFault, Incident, IncidentKind, OperatorAct, Reach } from "../engine/incidents.ts";

export const HOSTS = ["a", "b", "c"] as const;
const REACHES: readonly [Reach, ...Reach[]] = [
  "route",
  "route",
  "tags",
  "health",
  "services",
  "alarms",
  "metrics",
  "store",
  "engine",
];
const FAULTS: readonly [CallFault, ...CallFault[]] = [
  "throttled",
  "throttledForLong",
  "lostBefore",
  "lostAfter",
  "late",
  "twice",
  "stale",
];
const ACTS: readonly [OperatorAct, ...OperatorAct[]] = [
  "revert",
  "revert",
  "revertToCandidate",
  "pause",
  "resume",
  "approve",
  "approve",
  "promote",
  "promoteWithoutEvidence",
  "restore",
  "step",
  "step",
  "editBakes",
  "setShare",
  "setShareZero",
  "secondRollout",
  "secondRollout",
  "secondRolloutByForce",
];

/** What goes wrong, and what people do, in the time that is given to it. */
export function incidentsOf(draw: Draw, beginsMs: number, lastsMs: number): readonly Incident[] {
  // Most releases have a few, some have many, and some have none but those of a kind.
  const calls = wholeBetween(draw("calls"), 0, 14);
  const others = wholeBetween(draw("others"), 0, 6);
  // Most while the release has its first users: many are over soon.
  const at = (what: string, number: number) => beginsMs + draw("when", what, number) ** 1.6 * lastsMs;
  const all = [
    ...Array.from({ length: calls }, (_, number) => ({
      atMs: at("call", number),
      ...callIncident(draw, number),
    })),
    ...Array.from({ length: others }, (_, number) => ({
      atMs: at("other", number),
      ...otherIncident(draw, number),
    })),
  ];
  return all.toSorted((a, b) => a.atMs - b.atMs);
}

const callIncident = (draw: Draw, number: number): IncidentKind => ({
  kind: "call",
  reach: oneOfThem(draw("reach", number), REACHES),
  fault: oneOfThem(draw("fault", number), FAULTS),
  ms: Math.round(between(draw("for", number), 2_000, 45_000)),
});

function otherIncident(draw: Draw, number: number): IncidentKind {
  const host = oneOfThem(draw("host", number), HOSTS);
  const minutes = (min: number, max: number) =>
    Math.round(between(draw("minutes", number), min, max) * 60_000);
  const beside = draw("beside", number) < 0.5;
  const kind = draw("kind", number);
  if (kind < 0.12) return { kind: "network", host, ms: minutes(0.5, 8) };
  // SigV4 refuses a clock that is five minutes off; machines with NTP are seconds off, and minutes after a suspend.
  if (kind < 0.18) return { kind: "clock", host, ms: minutes(-1.5, 1.5) };
  if (kind < 0.24) return { kind: "fullDisk", host, ms: minutes(1, 20) };
  if (kind < 0.42) {
    const afterMs = minutes(0.1, 8);
    const force = draw("force", number) < 0.3;
    return { kind: "kill", reborn: host, afterMs, force, engine: draw("engine", number) < 0.3, beside };
  }
  if (kind < 0.52) return { kind: "lateMetrics", ms: minutes(3, 15) };
  if (kind < 0.56) return { kind: "partialAlarms", ms: minutes(1, 10) };
  if (kind < 0.6) return { kind: "sickTasks", ms: minutes(1, 12) };
  if (kind < 0.64) {
    const ms = wholeBetween(draw("operations", number), 0, 5);
    return { kind: "call", reach: "evidence", fault: "killed", ms };
  }
  const act = oneOfThem(draw("act", number), ACTS);
  return { kind: "act", act, host, percent: wholeBetween(draw("percent", number), 1, 99), beside };
}
