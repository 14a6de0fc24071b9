import type { Belief } from "./belief.ts";
import { ALARMS } from "./beliefs/alarms.ts";
import { METRICS } from "./beliefs/metrics.ts";
import { PLACES } from "./beliefs/places.ts";
import { REFUSALS } from "./beliefs/refusals.ts";
import { GITHUB, RIGHTS } from "./beliefs/rights.ts";
import { ROUTING } from "./beliefs/routing.ts";

/** What is believed of AWS, by the headings of docs/aws-findings.md. */
export const BELIEFS = {
  Behaviour: [...ROUTING, ...METRICS, ...ALARMS, ...PLACES, ...REFUSALS],
  Rights: RIGHTS,
  "GitHub's jobs": GITHUB,
} as const satisfies Readonly<Record<string, readonly Belief[]>>;

export type Heading = keyof typeof BELIEFS;

export const allBeliefs = (): readonly Belief[] => Object.values(BELIEFS).flat();
