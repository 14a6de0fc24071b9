import type { Slot } from "../../../contract/slot.ts";
import type { Ask } from "../../protocols/ask.ts";
import { asked, readOf } from "../../protocols/speaker.ts";
import type { Pair, Sides, Speakers } from "../measure.ts";
import type { Example } from "../golden.ts";
import { listOf, picked, type Many } from "../many/many.ts";
import type { Machine } from "../machine.ts";

/** What the checks of behaviour work with. */
export interface Laboratory {
  readonly ask: Ask;
  readonly speakers: Speakers;
  readonly machine: Machine;
  /** No request is begun after this. */
  readonly untilMs: number;
}

/** An example that both slots have answered, and what they said. */
export interface Known {
  readonly input: unknown;
  readonly candidate: unknown;
  readonly active: unknown;
}

/** More than all checks of behaviour ask together. */
const MOST_KNOWN = 2_000;

/** Of a request that is sent as it is nobody knows the features. Of many, some that are spread evenly over all. */
export function knownOf(examples: Many<Example>, pairs: Many<Pair>): readonly Known[] {
  const every = Math.max(1, Math.ceil(pairs.length / MOST_KNOWN));
  const known = picked(pairs, ({ candidate, active }, index): Known | undefined => {
    const example = index % every === 0 ? examples.at(index) : undefined;
    const isAnswered = (status: number | undefined, flaw: string | undefined) =>
      status === 200 && flaw === undefined;
    if (
      example === undefined ||
      example.request !== undefined ||
      !isAnswered(candidate.status, candidate.flaw)
    )
      return undefined;
    if (active !== undefined && !isAnswered(active.status, active.flaw)) return undefined;
    return { input: example.input, candidate: candidate.value, active: active?.value };
  });
  return listOf(known);
}

/** So many in one request where the protocol batches. */
const BATCH = 16;

/** What a slot answers to each input; undefined: nothing, or it was too late to ask. */
export async function valuesFor(
  { ask, speakers, machine, untilMs }: Laboratory,
  slot: Slot,
  inputs: readonly unknown[],
): Promise<readonly unknown[]> {
  const speaker = speakers[slot];
  const size = speaker.protocol.batches ? BATCH : 1;
  const values: unknown[] = [];
  for (let at = 0; at < inputs.length && machine.wall() < untilMs; at += size) {
    const some = inputs.slice(at, at + size);
    const reply = await ask(
      slot,
      asked(
        speaker,
        some.map((input) => ({ input })),
      ),
    );
    const read = readOf(speaker, reply, some.length);
    values.push(...("values" in read ? read.values : some.map(() => undefined)));
  }
  return inputs.map((_, at) => values[at]);
}

/** So many of a list, evenly from all of it. */
export function spread<T>(list: readonly T[], count: number): readonly T[] {
  if (list.length <= count) return list;
  return Array.from({ length: count }, (_, at) => list[Math.floor((at * list.length) / count)]).filter(
    (one) => one !== undefined,
  );
}

export type ComparedSides = Sides & { readonly active: Slot };
