import type { Slot } from "../../contract/slot.ts";
import { quoted, type Ask, type Question, type Reply } from "./ask.ts";
import type { Choice, Protocol, ToldModel, ServedModel } from "./define.ts";

/** A server that was recognised. */
export interface Detected {
  readonly protocol: Protocol;
  readonly model: ServedModel;
}

/** Every probe with what the server answered, for a person who has to say what it speaks. */
export interface Unrecognised {
  readonly asked: readonly string[];
  /** It speaks a protocol, and serves several of what one has to be; absent: it speaks none. */
  readonly undecided?: Choice & { readonly protocol: Protocol };
}

/** Whether two probes are the same request. */
const keyOf = ({ method, path, contentType = "", body = "" }: Question) =>
  JSON.stringify([method, path, contentType, String(body)]);

/**
 * Finds out which of the protocols a slot's server speaks, by the bodies of its answers. Each probe is asked once, one
 * after the other, and all of them before anything is concluded but what to ask besides. `example`: the request of the
 * first golden example.
 */
export async function detect(
  ask: Ask,
  slot: Slot,
  protocols: readonly Protocol[],
  said: ToldModel,
  example: unknown,
): Promise<Detected | Unrecognised> {
  const replies = new Map<string, Reply>();
  const asked: string[] = [];
  const lookUp = (probe: Question) => replies.get(keyOf(probe));
  const askAll = async (questions: readonly Question[]) => {
    for (const question of questions) {
      if (replies.has(keyOf(question))) continue;
      const reply = await ask(slot, question);
      replies.set(keyOf(question), reply);
      asked.push(`${question.method} ${question.path}: ${quoted(reply)}`);
    }
  };
  await askAll(protocols.flatMap((protocol) => protocol.probes(said, example)));
  await askAll(protocols.flatMap((protocol) => protocol.laterProbes?.(lookUp, said) ?? []));
  const inOrder = protocols.toSorted((a, b) => a.order - b.order);
  for (const protocol of inOrder) {
    const model = protocol.recognise(lookUp, said, example);
    if (model !== undefined) return { protocol, model };
  }
  for (const protocol of inOrder) {
    const choice = protocol.choice?.(lookUp, said);
    if (choice !== undefined) return { asked, undecided: { ...choice, protocol } };
  }
  return { asked };
}
