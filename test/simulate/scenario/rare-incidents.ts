import { between, oneOfThem, wholeBetween, type Draw } from "../engine/dice.ts";
import type { Incident, OperatorAct } from "../engine/incidents.ts";
import { HOSTS } from "./incidents-of.ts";

const MINUTE_MS = 60_000;
const CARELESS: readonly [OperatorAct, ...OperatorAct[]] = [
  "staleUp",
  "staleUp",
  "scaleToZero",
  "scaleActiveToZero",
];

interface Troubled {
  readonly beginsMs: number;
  readonly lastsMs: number;
  /** Shares that a person has to approve. */
  readonly approvals: readonly number[];
}

/** What happens to few releases, each drawn for itself. */
export function rareIncidents(draw: Draw, { beginsMs, lastsMs, approvals }: Troubled): readonly Incident[] {
  const at = (what: string, within = 1) => beginsMs + draw("rare", what) * lastsMs * within;
  const ms = (what: string, min: number, max: number) =>
    Math.round(between(draw("rare for", what), min, max) * MINUTE_MS);
  const comes = (what: string, chance: number) => draw("rarely", what) < chance;
  const found: Incident[] = [];
  // What a model asks for its answers is down: it is the same for both slots.
  if (comes("outage", 0.15)) found.push({ kind: "outage", atMs: at("outage", 0.6), ms: ms("outage", 2, 8) });
  if (comes("active down", 0.1))
    found.push({ kind: "activeDown", atMs: at("active down", 0.5), ms: ms("active down", 4, 12) });
  if (comes("partial", 0.12))
    found.push({ kind: "partialAlarms", atMs: at("partial", 0.4), ms: ms("partial", 3, 10) });
  // ECS replaces tasks, and ELB takes those that fail their checks out of use; the others go on.
  if (comes("allSick", 0.1))
    found.push({ kind: "allSick", atMs: at("allSick", 0.6), ms: ms("allSick", 0.5, 8) });
  if (comes("few", 0.15)) found.push({ kind: "fewTasks", atMs: at("few", 0.6), ms: ms("few", 1, 10) });
  // ECS guide, "Deployment circuit breaker": a deployment that fails goes back to the last one that was completed.
  if (comes("back", 0.05)) found.push({ kind: "wentBack", atMs: at("back", 0.5), ms: ms("back", 5, 20) });
  const person = (what: string) => ({
    kind: "act" as const,
    host: oneOfThem(draw("rare host", what), HOSTS),
    percent: 0,
    beside: draw("rarely beside", what) < 0.3,
  });
  if (comes("careless", 0.25)) {
    const act = oneOfThem(draw("careless"), CARELESS);
    found.push({ ...person("careless"), act, atMs: at("careless") });
  }
  if (comes("memo", 0.08)) {
    const after = wholeBetween(draw("memo operations"), 0, 20);
    found.push({ kind: "call", reach: "memo", fault: "killed", atMs: at("memo", 0.3), ms: after });
  }
  // Whoever goes on with a paused release has not resumed it.
  if (comes("paused", 0.12)) {
    const pausedMs = at("paused", 0.4);
    const goesOnMs = pausedMs + ms("paused", 1, 6);
    found.push({ ...person("pauses"), act: "pause", atMs: pausedMs });
    found.push({ ...person("goes on"), act: "secondRolloutByForce", atMs: goesOnMs });
  }
  for (const share of approvals)
    for (const time of ["soon", "later"])
      found.push({ ...person(`${share} ${time}`), act: "approve", atMs: at(`${share} ${time}`, 0.7) });
  return found;
}
