import type { Grant, PolicyPlace } from "./place.ts";

/** How far an action can be limited, and why no further. No grants: nothing of the kind in this place. */
export interface Scope {
  readonly why: string;
  readonly grants: (place: PolicyPlace) => readonly Grant[];
}
