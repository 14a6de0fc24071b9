import type { Clusters } from "../cell.ts";

/** A world in which whole releases are simulated, with a share that moves. Times are minutes of the release. */
export interface ReleaseWorld {
  readonly name: string;
  /** Of both slots together. */
  readonly requestsPerMinute: number;
  /** What part of the requests fails with 5xx while nothing is wrong; that of storms and broken users comes on top. */
  readonly failing: number;
  readonly users: Users;
  /** Each of a slot's tasks fails this part of its requests for so long, once a day. */
  readonly hiccups: { readonly failing: number; readonly minutes: number } | undefined;
  /** After each rise from zero: what the candidate's late answers and failures are multiplied with. */
  readonly coldStart:
    | { readonly minutes: number; readonly slow: number; readonly failing: number }
    | undefined;
  /** Both slots fail like this from then on. */
  readonly outage: { readonly from: number; readonly failing: number } | undefined;
  readonly lateness: Lateness;
}

/**
 * - `independent`: no request has to do with another, or failures come in clusters within a minute.
 * - `sessions`: users who stay on their slot; the load balancer spreads their requests over tasks and zones.
 * - `storms`: beside independent requests, one user at a time who stays on a slot and repeats what fails.
 * - `heavy`: few users bring all requests and stay on their slot; what the `broken` ones send always fails.
 */
export type Users =
  | { readonly kind: "independent"; readonly clusters: Exclude<Clusters, { readonly kind: "sessions" }> }
  | { readonly kind: "sessions"; readonly minutes: 20 | 60; readonly fails: number }
  | {
      readonly kind: "storms";
      /** Begins of storms in a day, on average. */
      readonly aDay: number;
      readonly requestsPerMinute: number;
      readonly minutes: number;
    }
  | {
      readonly kind: "heavy";
      readonly users: number;
      readonly broken: number;
      /** After so long the cookie ends, and the share decides anew. */
      readonly stickyMinutes: number;
    };

export const isSticky = ({ users }: ReleaseWorld): boolean => users.kind !== "independent";

/**
 * When a minute's counts can be read, in minutes after its end.
 * - `single`: the candidate's answers of one minute come four minutes late, its requests in time.
 * - `some`: each datapoint is three minutes late with this probability.
 * - `revised`: each datapoint first has half of its value with this probability, and all of it three minutes later.
 */
export type Lateness =
  | { readonly kind: "none" }
  | { readonly kind: "single" }
  | { readonly kind: "some" | "revised"; readonly probability: number };

/** What is wrong with the candidate; undefined in what uses it: nothing. */
export interface Harm {
  readonly onset: number;
  /** The part of its requests that fails then, before what hits both slots. */
  readonly failing: number;
  /** It takes so many minutes to become that bad. */
  readonly overMinutes: number;
  /** So large a part of its requests never gets an answer, beside those that fail. */
  readonly hanging: number;
}

const CLEAN: Omit<ReleaseWorld, "name"> = {
  requestsPerMinute: 600,
  failing: 0.005,
  users: { kind: "independent", clusters: { kind: "none" } },
  hiccups: undefined,
  coldStart: undefined,
  outage: undefined,
  lateness: { kind: "none" },
};

export const releaseWorld = (name: string, differs: Partial<ReleaseWorld> = {}): ReleaseWorld => ({
  ...CLEAN,
  ...differs,
  name,
});

export const harm = (failing: number, differs: Partial<Harm> = {}): Harm => ({
  onset: 0,
  failing,
  overMinutes: 0,
  hanging: 0,
  ...differs,
});
