import { cell, type Cell, type Clusters, type Incident } from "./cell.ts";

/** Cells in which nothing is wrong with the candidate: every rollback is a false one. */
const sessions = (minutes: 1 | 20 | 60, fails = 0.5): Clusters => ({ kind: "sessions", minutes, fails });
const lognormal: Clusters = { kind: "lognormal", median: 2, sigma: 1 };
const fixed = (size: number): Clusters => ({ kind: "fixed", size });
const incident = (from: number, failing: number, minutes = 10): readonly Incident[] => [
  { from, minutes, failing },
];

/** The twelve that the quick bench runs too: one for each way in which traffic misleads. */
export const QUICK_NULL_CELLS: readonly Cell[] = [
  cell("usual: 600/min, 10 % share, 0.5 % failing"),
  cell("little traffic: 6/min", { requestsPerMinute: 6, share: 0.5 }),
  cell("at the tolerated ratio", { ratio: 1.1, share: 0.5 }),
  cell("day and night", { load: { kind: "diurnal", swing: 0.8 } }),
  cell("bursts of four times the load", { load: { kind: "bursty", factor: 4 } }),
  cell("an incident of both slots: 10 % failing for 10 minutes", { incidents: incident(200, 0.1) }),
  cell("an incident in the history: 40 % failing for 10 minutes", { incidents: incident(-500, 0.4) }),
  cell("30 minutes of history", { historyMinutes: 30 }),
  cell("one zone", { zones: 1 }),
  cell("sessions within a minute", { clusters: sessions(1), sticky: true }),
  cell("sessions within 20 minutes", { clusters: sessions(20), sticky: true }),
  cell("lognormal clusters", { clusters: lognormal }),
];

/** What the full bench adds: other rates, shares and bases, and misleading things together. */
const MORE_NULL_CELLS: readonly Cell[] = [
  cell("0.1 % failing", { failing: 0.001 }),
  cell("1 % failing", { failing: 0.01 }),
  cell("2 % failing", { failing: 0.02 }),
  cell("5 % failing: the alarm's limit", { failing: 0.05 }),
  cell("60/min", { requestsPerMinute: 60 }),
  cell("6,000/min", { requestsPerMinute: 6000 }),
  cell("1 % share", { share: 0.01 }),
  cell("50 % share", { share: 0.5 }),
  cell("60/min, 50 % share, 5 % failing", { requestsPerMinute: 60, share: 0.5, failing: 0.05 }),
  cell("6,000/min at the tolerated ratio", { requestsPerMinute: 6000, share: 0.5, ratio: 1.1 }),
  cell("6,000/min, day and night", { requestsPerMinute: 6000, load: { kind: "diurnal", swing: 0.8 } }),
  cell("60/min, bursts of ten times the load", {
    requestsPerMinute: 60,
    load: { kind: "bursty", factor: 10 },
  }),
  cell("an incident of both slots just below the limit: 4 % for an hour", {
    incidents: incident(300, 0.04, 60),
  }),
  cell("the same, 25 % share of 200/min", {
    requestsPerMinute: 200,
    share: 0.25,
    incidents: incident(300, 0.04, 60),
  }),
  cell("an incident that begins with the release", { incidents: incident(0, 0.2) }),
  cell("6/min, failures by three", { requestsPerMinute: 6, share: 0.5, clusters: fixed(3) }),
  cell("60/min, 30 minutes of history", { requestsPerMinute: 60, historyMinutes: 30 }),
  cell("one zone, day and night", { zones: 1, load: { kind: "diurnal", swing: 0.8 } }),
  cell("one zone, an incident in the history", { zones: 1, incidents: incident(-500, 0.4) }),
  cell("sessions within 60 minutes", { clusters: sessions(60), sticky: true }),
  cell("sessions within 20 minutes, 6,000/min", {
    clusters: sessions(20),
    sticky: true,
    requestsPerMinute: 6000,
  }),
  cell("sessions within 20 minutes, 50 % share", { clusters: sessions(20), sticky: true, share: 0.5 }),
  cell("sessions within 60 minutes, 30 minutes of history", {
    clusters: sessions(60),
    sticky: true,
    historyMinutes: 30,
  }),
  cell("sessions within 60 minutes that fail one request in ten", {
    clusters: sessions(60, 0.1),
    sticky: true,
  }),
  cell("sessions within a minute, one zone", { clusters: sessions(1), sticky: true, zones: 1 }),
  cell("sessions within 20 minutes, one zone", { clusters: sessions(20), sticky: true, zones: 1 }),
  cell("failures by three", { clusters: fixed(3) }),
  cell("slow requests in pauses of ten", { pause: 10 }),
];

export const FULL_NULL_CELLS: readonly Cell[] = [...QUICK_NULL_CELLS, ...MORE_NULL_CELLS];
