import type { SuitePolicy } from "../../../contract/config/suite.ts";
import type { AskStream } from "../../protocols/ask.ts";
import type { StreamReading } from "../../protocols/define.ts";
import { check, type Check } from "../check.ts";
import type { Example } from "../golden.ts";
import { CONFIDENCE, percent, type SuiteFinding } from "../finding.ts";
import type { Before } from "../load/changed.ts";
import { slowerFinding, type SecondsPair } from "../load/slower.ts";
import type { Many } from "../many/many.ts";
import type { Machine, Tell } from "../machine.ts";
import type { Sides, Speakers } from "../measure.ts";
import { upperLimit, upperTail } from "../statistics.ts";
import { streamAnswers, type StreamOfExample } from "./answers.ts";
import { oneStream, type StreamSeen } from "./one-stream.ts";

/** Enough to find 5 % of them cut, 99 times in 100, among all checks there are. */
export const STREAM_PAIRS = 300;
/** Pairs that run beside each other, so that both slots have the same load. */
const AT_A_TIME = 4;
/** Nobody sees a difference between times below this. */
const LEAST_SECONDS = 0.002;

export interface Streams {
  readonly checks: readonly Check[];
  readonly findings: readonly SuiteFinding[];
}

/** Whether the candidate's streams are whole, and how fast they are beside the active slot's. */
export async function streams(
  askStream: AskStream,
  sides: Sides,
  speakers: Speakers,
  examples: Many<Example>,
  before: Before,
  policy: SuitePolicy,
  machine: Pick<Machine, "wall">,
  tell: Tell,
): Promise<Streams> {
  const { candidate, active } = sides;
  const readingOf = (slot: Sides["candidate"]): StreamReading | undefined => {
    const { protocol, model } = speakers[slot];
    return protocol.stream?.streams(model) === true ? protocol.stream : undefined;
  };
  const nothing = (why: string): Streams => ({
    checks: policy.stream === true ? [check("streams-whole", "insufficient", why)] : [],
    findings: [],
  });
  const example = examples.at(0);
  const own = readingOf(candidate);
  if (policy.stream === false || example === undefined) return { checks: [], findings: [] };
  if (own === undefined) return nothing(`${speakers[candidate].protocol.name} has no streams here`);
  const other = active === undefined ? undefined : readingOf(active);
  const isStreaming = async (slot: Sides["candidate"], reading: StreamReading) => {
    const { end } = await oneStream(askStream, slot, speakers[slot], reading, example);
    return end !== "no stream" && end !== "no answer";
  };
  const first = await isStreaming(candidate, own);
  const isBeside = active !== undefined && other !== undefined && (await isStreaming(active, other));
  // What nobody streams today nobody misses.
  if (policy.stream === "auto" && !first && !isBeside) return nothing("");
  const beside =
    isBeside && other !== undefined && active !== undefined ? { slot: active, reading: other } : undefined;
  const one: OnePair = async (example, place, candidateFirst) => {
    const mine = () => oneStream(askStream, candidate, speakers[candidate], own, example);
    if (beside === undefined) return { place, candidate: await mine(), active: undefined };
    const theirs = () => oneStream(askStream, beside.slot, speakers[beside.slot], beside.reading, example);
    if (candidateFirst) {
      const candidate = await mine();
      return { place, candidate, active: await theirs() };
    }
    const active = await theirs();
    return { place, candidate: await mine(), active };
  };
  const pairs = await inTurn(one, examples, machine.wall() + policy.streamSeconds * 1000, machine, tell);
  return { checks: [], findings: [...findingsOf(pairs, policy), ...streamAnswers(pairs, examples, before)] };
}

type OnePair = (example: Example, place: number, candidateFirst: boolean) => Promise<StreamOfExample>;

async function inTurn(
  one: OnePair,
  examples: Many<Example>,
  untilMs: number,
  { wall }: Pick<Machine, "wall">,
  tell: Tell,
): Promise<readonly StreamOfExample[]> {
  const pairs: StreamOfExample[] = [];
  let begun = 0;
  const worker = async () => {
    while (begun < STREAM_PAIRS && wall() < untilMs) {
      const index = begun;
      begun += 1;
      const place = index % examples.length;
      const example = examples.at(place);
      if (example === undefined) return;
      pairs.push(await one(example, place, index % 2 === 0));
      tell(pairs.length, STREAM_PAIRS);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return pairs;
}

function findingsOf(pairs: readonly StreamOfExample[], policy: SuitePolicy): readonly SuiteFinding[] {
  const beside = pairs.flatMap(({ candidate, active }) =>
    active?.end === "whole" && candidate.end === "whole" ? [{ candidate, active }] : [],
  );
  const secondsOf = (read: (seen: StreamSeen) => number | undefined): readonly SecondsPair[] =>
    beside.flatMap(({ candidate, active }) => {
      const [mine, theirs] = [read(candidate), read(active)];
      return mine === undefined || theirs === undefined ? [] : [{ candidate: mine, active: theirs }];
    });
  if (pairs.every(({ active }) => active === undefined)) return [whole(pairs, policy)];
  const first = secondsOf(({ firstSeconds }) => firstSeconds);
  const gaps = secondsOf(({ gapSeconds }) => gapSeconds);
  return [
    whole(pairs, policy),
    slowerFinding("first-token-vs-active", "first token", first, policy, LEAST_SECONDS),
    // Answers of one piece have no gaps.
    ...(gaps.length === 0
      ? []
      : [slowerFinding("token-gap-vs-active", "time between tokens", gaps, policy, LEAST_SECONDS)]),
  ];
}

function whole(pairs: readonly StreamOfExample[], { maxCutRate, maxFailureRate }: SuitePolicy): SuiteFinding {
  const n = pairs.length;
  const isBad = (seen: StreamSeen | undefined) => seen !== undefined && seen.end !== "whole";
  const bad = pairs.flatMap(({ candidate }) => (isBad(candidate) ? [candidate] : []));
  const activeBad = pairs.filter(({ active }) => isBad(active)).length;
  const limit = upperLimit(n, bad.length, CONFIDENCE);
  const byEnd = Object.entries(Object.groupBy(bad, ({ end }) => end)).map(
    ([end, some]) => [end, some.length] as const,
  );
  const [first] = bad;
  const words = byEnd.map(([end, count]) => `${count} ${end}`).join(", ");
  const such = first === undefined ? "" : ` (${words}; such as: ${first.said})`;
  const others = pairs.some(({ active }) => active !== undefined)
    ? `, and ${activeBad} of the active slot's`
    : "";
  const speeds = pairs.flatMap(({ candidate }) => candidate.tokensPerSecond ?? []).toSorted((a, b) => a - b);
  const median = speeds[Math.floor(speeds.length / 2)];
  const speed = median === undefined ? "" : `; ${median.toFixed(1)} tokens a second`;
  return {
    name: "streams-whole",
    // What the active slot leaves unfinished as often is not the candidate's.
    pValue: bad.length <= activeBad ? 1 : upperTail(n, bad.length, maxCutRate),
    shownGood: limit <= maxFailureRate || (bad.length > 0 && bad.length <= activeBad),
    seen: `${bad.length} of ${n} streams were not whole${such}${others}, allowed are ${percent(maxCutRate)}${speed}`,
    sight: `at most ${percent(limit)} is shown`,
    missing: `at most ${percent(maxFailureRate)} must be (suite.streamSeconds)`,
    numbers: {
      n,
      value: bad.length / Math.max(1, n),
      bad: bad.length,
      activeBad,
      limit,
      bound: maxCutRate,
      ...Object.fromEntries(byEnd),
      ...(median === undefined ? {} : { tokensPerSecond: median }),
    },
  };
}
