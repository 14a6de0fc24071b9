import { setTimeout as pause } from "node:timers/promises";
import { MODELS } from "../scenario/support/shop.ts";
import { REQUESTS_PER_MINUTE } from "./config.ts";
import { disturb } from "./incidents.ts";
import { openLane, release, type Lane } from "./lane.ts";
import { readSight, type Sight } from "./plan/detectable.ts";
import { incidentsOf } from "./plan/incidents.ts";
import { releaseOf } from "./plan/releases.ts";
import { sampleOf } from "./samples.ts";
import { openStand, type Stand } from "./stand.ts";
import { goneAfter, newState, writeState, type Row, type SoakState } from "./state.ts";
import { added, explanation, NO_REQUESTS, openCrowd, STALLED, type Crowd, type Window } from "./users.ts";

export interface SoakOptions {
  readonly seed: number;
  /** Virtual seconds a real one. */
  readonly speed: number;
  /** Virtual minutes of this run. */
  readonly minutes: number;
  /** Where it is kept, so that another run goes on; undefined: nowhere. */
  readonly statePath: string | undefined;
  readonly before: SoakState | undefined;
  readonly tell: (line: string) => void;
}

const MINUTES_OF_DAY = 24 * 60;
/** Releases that are under way when the time is over may end; what takes longer is left as it is, and not counted. */
const ENDS_WITHIN_MINUTES = 120;
const SAMPLE_MS = 10_000;
const TAKE_MS = 1_000;
const STALLED_MS = 2_000;

/** Releases as soon as the last has ended, of two models in one stack, under users and planned faults. */
export async function soak(
  options: SoakOptions,
): Promise<{ readonly state: SoakState; readonly sight: Sight }> {
  const { seed, speed, before, minutes, tell } = options;
  const stand = await openStand(speed, seed, before?.root);
  const end = () => void stand.close().then(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
  const run = openRun(stand, options, before ?? newState(seed, speed, stand.place.root, MODELS));
  try {
    const sight = await sightOf(stand);
    tell(`what the schedule sees: ${JSON.stringify(sight)}`);
    await run.comeUsers();
    const lanes = MODELS.map((model) => openLane(stand, model, tell));
    const until = run.minute() + minutes;
    const working = new AbortController();
    const beside = [run.watch(working.signal), run.trouble(lanes, until, working.signal)];
    try {
      const ended = Promise.all(lanes.map((lane) => releases(lane, run, sight, until)));
      await Promise.race([ended, run.wait(minutes + ENDS_WITHIN_MINUTES)]);
    } finally {
      working.abort();
      await Promise.all(beside);
    }
    await run.leave();
    return { state: run.state(), sight };
  } finally {
    await stand.close();
  }
}

async function releases(lane: Lane, run: Run, sight: Sight, until: number): Promise<void> {
  while (run.minute() < until) {
    const planned = releaseOf(run.seed, lane.model, run.next(lane.model));
    const row = await release(lane, planned, { ...run.world(lane.model), sight });
    await run.keep(row);
    if (row.end === "error") await pause(1_000);
  }
}

async function sightOf(stand: Stand): Promise<Sight> {
  const traffic = ["--traffic", String(REQUESTS_PER_MINUTE), "--error-rate", "0"];
  const said = await stand.says(stand.start("plan", ...traffic, "--model", MODELS[0], "--json"));
  return readSight(said.json);
}

type Run = ReturnType<typeof openRun>;

/** What the parts of one soak share. */
function openRun(stand: Stand, { seed, speed, statePath, tell }: SoakOptions, before: SoakState) {
  const crowds = new Map<string, Crowd>();
  const windows: Window[] = [];
  const disturbed: { readonly kind: string; readonly minute: number }[] = [];
  let state = before;
  const startMs = stand.clock().now();
  const minute = () => before.minutes + (stand.clock().now() - startMs) / 60_000;
  const wait = (minutes: number, signal?: AbortSignal) =>
    pause((minutes * 60_000) / speed, undefined, signal && { signal }).catch(() => {});
  const gone = new Map([...goneAfter(before.rows)].map((version) => [version, Date.now()]));
  const known = (version: string) => {
    const [model = "", index] = version.split("-");
    if (index === undefined) return undefined;
    return { release: releaseOf(seed, model, Number(index)), goneMs: gone.get(version) };
  };
  const take = () => {
    const taken = [...crowds].map(([model, crowd]) => {
      const tally = state.tallies[model] ?? NO_REQUESTS;
      return [model, added(tally, crowd.take(), (answer) => explanation(answer, windows, known))];
    });
    state = { ...state, tallies: { ...state.tallies, ...Object.fromEntries(taken) } };
  };
  const explain = (kind: string) => {
    const at = windows.push({ kind, fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY }) - 1;
    return () => {
      windows[at] = { kind, fromMs: windows[at]?.fromMs ?? 0, toMs: Date.now() };
    };
  };
  return {
    seed,
    minute,
    wait,
    state: () => state,
    next: (model: string) => state.next[model] ?? 0,
    world: (model: string) => ({
      minute,
      async failuresOf(version: string, atLeast: number, minutes: number) {
        const until = minute() + minutes;
        while ((crowds.get(model)?.failuresOf(version) ?? 0) < atLeast && minute() < until) await wait(1);
      },
      disturbedSince: (since: number) =>
        disturbed.filter((one) => one.minute >= since - 5).map(({ kind }) => kind),
    }),
    async comeUsers() {
      const perSecond = (REQUESTS_PER_MINUTE / 60) * speed;
      for (const model of MODELS) {
        const { url } = await stand.outputs(model);
        crowds.set(model, openCrowd(stand.place, url, perSecond));
      }
    },
    async keep(row: Row) {
      const next = { ...state.next, [row.model]: (state.next[row.model] ?? 0) + 1 };
      state = { ...state, minutes: minute(), next, rows: [...state.rows, row] };
      for (const version of goneAfter(state.rows)) if (!gone.has(version)) gone.set(version, Date.now());
      const took = Math.round(row.toMinute - row.fromMinute);
      tell(
        `${Math.round(row.toMinute)} min · ${row.version} (${row.fault}): ${row.end} in ${took} min · ${row.sentence}`,
      );
      if (statePath !== undefined) await writeState(statePath, state);
    },
    /** Takes answers and samples until it is over. */
    async watch(signal: AbortSignal) {
      let dueMs = Date.now();
      for (let sampledMs = 0; !signal.aborted; await pause(TAKE_MS)) {
        const nowMs = Date.now();
        // A timer of this process is late when nobody here is served; that is no doing of a verb or of the cloud.
        if (nowMs - dueMs > STALLED_MS) windows.push({ kind: STALLED, fromMs: dueMs, toMs: nowMs });
        take();
        dueMs = Date.now() + TAKE_MS;
        if (performance.now() - sampledMs < SAMPLE_MS && sampledMs > 0) continue;
        sampledMs = performance.now();
        const sample = await sampleOf(stand.place.root, stand.cloudPid(), minute());
        state = { ...state, samples: [...state.samples, sample] };
      }
    },
    /** Carries out the plan of faults of each day. */
    async trouble(lanes: readonly Lane[], until: number, signal: AbortSignal) {
      for (let day = Math.floor(minute() / MINUTES_OF_DAY); day * MINUTES_OF_DAY < until; day += 1) {
        const length = Math.min(MINUTES_OF_DAY, until - day * MINUTES_OF_DAY);
        for (const incident of incidentsOf(seed, day, length)) {
          const due = day * MINUTES_OF_DAY + incident.minute - minute();
          if (due < 0) continue;
          await wait(due, signal);
          if (signal.aborted) return;
          disturbed.push({ kind: incident.kind, minute: minute() });
          tell(`${Math.round(minute())} min · planned: ${incident.kind} (${incident.minutes} min)`);
          const took = await disturb(incident, { stand, lanes, explain, wait }).catch((error: unknown) => {
            // On a machine under load even a look may fail; the models' releases are what is tested.
            tell(`the planned ${incident.kind} was not carried out to its end: ${String(error)}`);
            return false;
          });
          const count = (state.incidents[incident.kind] ?? 0) + (took ? 1 : 0);
          state = { ...state, incidents: { ...state.incidents, [incident.kind]: count } };
        }
      }
    },
    async leave() {
      for (const crowd of crowds.values()) await crowd.leave();
      take();
      state = { ...state, minutes: minute() };
      if (statePath !== undefined) await writeState(statePath, state);
    },
  };
}
