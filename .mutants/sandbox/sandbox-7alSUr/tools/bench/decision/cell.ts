/** One situation that the rules are tried in. Rates are per request, times in minutes of the release. */
export interface Cell {
  readonly name: string;
  /** Of both slots together. */
  readonly requestsPerMinute: number;
  /** The candidate's part of them, between 0 and 1. */
  readonly share: number;
  /** What part of the requests fails while nothing is wrong. */
  readonly failing: number;
  /** What the candidate's rates of failed and slow requests are multiplied with; it is no fault. */
  readonly ratio: number;
  readonly load: Load;
  /** Failures of both slots alike, in the release or (negative) in the history before it. */
  readonly incidents: readonly Incident[];
  readonly clusters: Clusters;
  /** Slow requests come in pauses of so many. */
  readonly pause: number;
  /** Minutes of the active slot that φ is first estimated from. */
  readonly historyMinutes: number;
  readonly zones: number;
  /** Whether users stay on their slot. */
  readonly sticky: boolean;
  /** What is wrong with the candidate; undefined: nothing, and every rollback is a false one. */
  readonly fault: Fault | undefined;
}

export type Load =
  | { readonly kind: "flat" }
  /** A day's wave: from 1 - swing to 1 + swing. */
  | { readonly kind: "diurnal"; readonly swing: number }
  /** Bursts of about ten minutes, one in about an hour. */
  | { readonly kind: "bursty"; readonly factor: number };

export interface Incident {
  readonly from: number;
  readonly minutes: number;
  readonly failing: number;
}

export type Clusters =
  | { readonly kind: "none" }
  /** So many failures at once, each time. */
  | { readonly kind: "fixed"; readonly size: number }
  | { readonly kind: "lognormal"; readonly median: number; readonly sigma: number }
  /**
   * Users with `SESSION_REQUESTS` requests, evenly over so many minutes, who stay on their slot and in their zone;
   * failures are those of broken sessions, so large a part of whose requests `fails`.
   */
  | { readonly kind: "sessions"; readonly minutes: 1 | 20 | 60; readonly fails: number };

export const SESSION_REQUESTS = 20;

export interface Fault {
  readonly onset: number;
  /** The part of the candidate's requests that fails from then on. */
  readonly failing: number;
  /** It takes so many minutes to become that bad, in a straight line; 0: at once. */
  readonly overMinutes: number;
  /** What the rate of slow requests is multiplied with. */
  readonly slow: number;
}

export const HORIZON_MINUTES = 1440;

const USUAL: Omit<Cell, "name"> = {
  requestsPerMinute: 600,
  share: 0.1,
  failing: 0.005,
  ratio: 1,
  load: { kind: "flat" },
  incidents: [],
  clusters: { kind: "none" },
  pause: 1,
  historyMinutes: 1440,
  zones: 2,
  sticky: false,
  fault: undefined,
};

export const cell = (name: string, differs: Partial<Cell> = {}): Cell => ({ ...USUAL, ...differs, name });

/** Failures that come in clusters have a bar of their own. */
export const isClustered = ({ clusters, pause }: Cell) => clusters.kind !== "none" || pause > 1;
