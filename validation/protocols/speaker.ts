import { withVersion, wordOf } from "./answers.ts";
import { quoted, type Question, type Reply } from "./ask.ts";
import type { Protocol, ReadAnswer, ServedModel } from "./define.ts";

/** A model and how its server is asked. */
export interface Speaker {
  readonly protocol: Protocol;
  readonly model: ServedModel;
}

/** What an example asks: of whatever protocol, or as it is. */
export interface AskedExample {
  readonly input: unknown;
  readonly request?: unknown;
}

/** The request for one example, or for several at once where the protocol batches. */
export function asked(
  { protocol, model }: Speaker,
  examples: readonly AskedExample[],
): Question & { readonly body: string } {
  const [only] = examples;
  const own = examples.length === 1 ? only?.request : undefined;
  const body =
    own === undefined
      ? protocol.body(
          model,
          examples.map(({ input }) => input),
        )
      : JSON.stringify(own);
  return { method: "POST", path: model.predictPath, contentType: model.contentType, body };
}

/** What a reply answers; a status other than 200 answers nothing, and may still name a version. Never throws. */
export function readOf({ protocol, model }: Speaker, reply: Reply, count: number): ReadAnswer {
  const read = protocol.read(reply, count, model);
  const version = read.version ?? (model.versionHeader && wordOf(reply.header?.(model.versionHeader)));
  const named = withVersion(read, version);
  if (reply.status === 200) return named;
  return withVersion({ flaw: `status ${reply.status}` }, named.version);
}

/** What keeps a reply from answering, in its own words; undefined: it answers. */
export function failureOf(reply: Reply, read: ReadAnswer): string | undefined {
  if (!("flaw" in read)) return undefined;
  return reply.status === 200 ? `${read.flaw}, ${quoted(reply)}` : quoted(reply);
}
