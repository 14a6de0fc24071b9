import { randomOf } from "../../two-hosts/operations.ts";

export const INCIDENTS = [
  "kill of a verb",
  "stop of a verb",
  "kill of a task",
  "cloud restarted",
  "throttling",
  "late metrics",
] as const;
export type IncidentKind = (typeof INCIDENTS)[number];

/** A fault that is planned, and has nothing to do with any model. */
export interface PlannedIncident {
  readonly kind: IncidentKind;
  /** Virtual minutes after the beginning of the day. */
  readonly minute: number;
  /** For which it lasts, in virtual minutes. */
  readonly minutes: number;
  /** Index of the model that it is about, where it is about one. */
  readonly model: number;
}

/** One is due each so often. */
const EVERY_MINUTES = 45;
/**
 * What begins the local cloud's process anew comes in the first fifth of a day only: its memory is measured in the
 * quarters after that, and a process that is begun anew all the time hides what it leaks.
 */
const RESTARTS_UNTIL = 0.2;
const RESTARTS: readonly IncidentKind[] = ["cloud restarted", "late metrics"];

/** The faults of one virtual day, in their order. */
export function incidentsOf(seed: number, day: number, minutesOfDay: number): readonly PlannedIncident[] {
  const random = randomOf(seed * 104_729 + day);
  const found: PlannedIncident[] = [];
  for (let minute = EVERY_MINUTES; minute < minutesOfDay; minute += EVERY_MINUTES) {
    const isEarly = minute < RESTARTS_UNTIL * minutesOfDay;
    const allowed = INCIDENTS.filter((kind) => isEarly || !RESTARTS.includes(kind));
    const kind = allowed[Math.floor(random() * allowed.length)] ?? "kill of a verb";
    const at = minute + Math.floor(random() * (EVERY_MINUTES - 10));
    const incident = { minute: at, minutes: 3 + Math.floor(random() * 17), model: random() < 0.5 ? 0 : 1 };
    if (at < minutesOfDay) found.push({ kind, ...incident });
  }
  return found;
}
