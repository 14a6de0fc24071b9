import { BEHAVIOUR_CHECKS } from "../../contract/config/suite-behaviour.ts";
import { ALONE_CHECKS, type SuitePolicy } from "../../contract/config/suite.ts";
import { behaviourRequests } from "./behaviour/behaviour.ts";
import type { Example } from "./golden.ts";
import { BURST_REQUESTS } from "./load/bursts.ts";
import { loadKinds } from "./load/load.ts";
import type { Many } from "./many/many.ts";
import { malformed } from "./malformed/table.ts";
import type { Sides, Speakers } from "./measure.ts";
import { STREAM_PAIRS } from "./streams/streams.ts";

/** Parts of the suite in the order in which they are asked: what may break a service comes last. */
export const STAGES = ["conduct", "golden", "load", "behaviour", "streams", "malformed"] as const;
export type Stage = (typeof STAGES)[number];

const named = (...names: readonly (typeof BEHAVIOUR_CHECKS)[number][]): readonly string[] => names;
const MALFORMED: readonly string[] = [
  ...named("large-body"),
  ...ALONE_CHECKS.filter((name) => name === "malformed-input" || name === "well-afterwards"),
];
const STREAMS = named(
  "streams-whole",
  "first-token-vs-active",
  "token-gap-vs-active",
  "stream-answers-vs-active",
);
const BEHAVIOUR = named("repeatability", "feature-sensitivity", "perturbation", "relations");
const COMPARED = named("answers-under-load-vs-active", "latency-tail-vs-active", "stream-answers-vs-active");
const LOAD: readonly string[] = BEHAVIOUR_CHECKS.filter(
  (name) => ![...STREAMS, ...BEHAVIOUR, ...MALFORMED].includes(name),
);
/** Those of the golden set are all others. */
const OF: Readonly<Record<Exclude<Stage, "golden">, readonly string[]>> = {
  conduct: ["protocol", "health", "metadata", "version"],
  load: LOAD,
  behaviour: BEHAVIOUR,
  streams: STREAMS,
  malformed: MALFORMED,
};

const stageOf = (check: string): Stage =>
  STAGES.find((stage) => stage !== "golden" && OF[stage].includes(check)) ?? "golden";

/** Parts that these checks need; none named: all. Behaviour and bursts start from the answers to the golden set. */
export function stagesFor(only: readonly string[]): ReadonlySet<Stage> {
  if (only.length === 0) return new Set(STAGES);
  const needed = new Set<Stage>(["conduct", ...only.map(stageOf)]);
  const isCompared = only.some((name) => COMPARED.includes(name));
  if (needed.has("behaviour") || needed.has("malformed") || isCompared) needed.add("golden");
  return needed;
}

export interface PlannedStage {
  readonly stage: Stage;
  /** At most, and to both slots together. */
  readonly requests: number;
  /** About. */
  readonly seconds: number;
}

/** What the suite is going to ask, by how long an answer takes. */
export function planOf(
  { candidate, active }: Sides,
  speakers: Speakers,
  examples: Many<Example>,
  policy: SuitePolicy,
  stages: ReadonlySet<Stage>,
): (secondsPerAnswer: number) => readonly PlannedStage[] {
  const slots = active === undefined ? 1 : 2;
  const sides = { candidate, active };
  const example = examples.at(0);
  if (example === undefined) return () => [];
  const loaded = loadKinds(sides, speakers, examples).reduce((sum, { pairs }) => sum + pairs, BURST_REQUESTS);
  const streaming = [candidate, ...(active === undefined ? [] : [active])].filter((slot) => {
    const { protocol, model } = speakers[slot];
    return protocol.stream?.streams(model) === true;
  });
  const { stream, streamSeconds, measureSeconds, loadSeconds } = policy;
  const isStreamed = streaming.includes(candidate) && stream !== false;
  const isBatching = speakers[candidate].protocol.batches && speakers[active ?? candidate].protocol.batches;
  const behaved = behaviourRequests(example.input, isBatching, active !== undefined);
  const wrong = malformed(speakers[candidate], example).length;
  return (secondsPerAnswer) => {
    const timed = (stage: Stage, requests: number, mostSeconds: number, each = secondsPerAnswer) => ({
      stage,
      requests,
      seconds: Math.min(mostSeconds, requests * each),
    });
    const planned = [
      timed("conduct", 3 * slots, 30),
      timed("golden", (Math.min(40, examples.length) + examples.length) * slots, measureSeconds),
      timed("load", loaded * slots, loadSeconds, Math.max(0.01, 2 * secondsPerAnswer)),
      timed("behaviour", behaved, 14),
      // How long a stream takes, nobody knows before.
      {
        stage: "streams",
        requests: isStreamed ? STREAM_PAIRS * streaming.length : 0,
        seconds: isStreamed ? streamSeconds : 0,
      },
      timed("malformed", wrong + 6, 60),
    ] as const;
    return planned.filter(({ stage, requests }) => stages.has(stage) && requests > 0);
  };
}
