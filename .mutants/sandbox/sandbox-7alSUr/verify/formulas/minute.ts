/** Requests and events of both slots in one minute; `atMs`: when it began, epoch ms. */
export interface Minute {
  readonly atMs: number;
  readonly candidate: { readonly requests: number; readonly events: number };
  readonly active: { readonly requests: number; readonly events: number };
}

/** The candidate's observed part w of the requests; undefined where one slot had none: such a minute says nothing. */
export function partOf({ candidate, active }: Pick<Minute, "candidate" | "active">): number | undefined {
  if (!(candidate.requests > 0 && active.requests > 0)) return undefined;
  return candidate.requests / (candidate.requests + active.requests);
}

export interface Sums extends Pick<Minute, "candidate" | "active"> {
  /** Minutes in which both slots had requests. */
  readonly informative: number;
}

export function sumsOf(minutes: readonly Pick<Minute, "candidate" | "active">[]): Sums {
  const total = (slot: "candidate" | "active", of: "requests" | "events") =>
    minutes.reduce((sum, minute) => sum + minute[slot][of], 0);
  return {
    candidate: { requests: total("candidate", "requests"), events: total("candidate", "events") },
    active: { requests: total("active", "requests"), events: total("active", "events") },
    informative: minutes.filter((minute) => partOf(minute) !== undefined).length,
  };
}
