import { startUsers, sentMs, type Users } from "../scenario/support/users.ts";
import type { LocalPlace } from "../../cli/local/place.ts";
import { failed, type Answer } from "../../cli/demo/traffic.ts";
import { failsRequests, type PlannedRelease } from "./plan/releases.ts";

/** A planned fault, real epoch milliseconds: from when on, and until users were served again. */
export interface Window {
  readonly kind: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** How many requests there were, and why some of them failed. */
export interface Tally {
  readonly requests: number;
  /** By the explanation. */
  readonly failed: Readonly<Record<string, number>>;
  /** The first that nothing explains. */
  readonly unexplained: readonly Answer[];
}

export const NO_REQUESTS: Tally = { requests: 0, failed: {}, unexplained: [] };
const UNEXPLAINED = "unexplained";
/** No fault of the plan: the soak's own timers were seconds late. It is told by itself. */
export const STALLED = "the machine had no time";
const MOST_SHOWN = 50;

/** What is known of a version. */
export interface Known {
  readonly release: PlannedRelease;
  /** Since when no user may get to it any more, real epoch milliseconds; undefined: one may. */
  readonly goneMs: number | undefined;
}

/** Why a request failed. `known`: undefined for a version that is none of the plan's. */
export function explanation(
  answer: Answer,
  windows: readonly Window[],
  known: (version: string) => Known | undefined,
): string {
  const of = answer.version === undefined ? undefined : known(answer.version);
  if (
    of !== undefined &&
    failsRequests(of.release) &&
    sentMs(answer) <= (of.goneMs ?? Number.POSITIVE_INFINITY)
  )
    return `fault of the model: failing ${of.release.part}`;
  const window = windows.find(({ fromMs, toMs }) => sentMs(answer) <= toMs && answer.realMs >= fromMs);
  if (window === undefined) return UNEXPLAINED;
  return window.kind === STALLED ? STALLED : `planned: ${window.kind}`;
}

export function added(tally: Tally, answers: readonly Answer[], why: (answer: Answer) => string): Tally {
  const failures = answers.filter(failed).map((answer) => ({ answer, reason: why(answer) }));
  const counts = { ...tally.failed };
  for (const { reason } of failures) counts[reason] = (counts[reason] ?? 0) + 1;
  const fresh = failures.filter(({ reason }) => reason === UNEXPLAINED).map(({ answer }) => answer);
  return {
    requests: tally.requests + answers.length,
    failed: counts,
    unexplained: [...tally.unexplained, ...fresh].slice(0, MOST_SHOWN),
  };
}

export const unexplainedOf = ({ failed }: Tally): number => failed[UNEXPLAINED] ?? 0;

/** Users of one model, whose answers can be taken, each once. */
export interface Crowd {
  /** Those that came since the last call. */
  take(): readonly Answer[];
  /** How many of a version's answers failed, of all so far. */
  failuresOf(version: string): number;
  leave(): Promise<void>;
}

export function openCrowd(place: LocalPlace, url: string, requestsPerSecond: number): Crowd {
  const users: Users = startUsers(place, url, requestsPerSecond);
  const failures = new Map<string, number>();
  let taken = 0;
  return {
    take() {
      const fresh = users.answers().slice(taken);
      taken += fresh.length;
      for (const { version } of fresh.filter(failed))
        if (version !== undefined) failures.set(version, (failures.get(version) ?? 0) + 1);
      return fresh;
    },
    failuresOf: (version) => failures.get(version) ?? 0,
    leave: users.leave,
  };
}
