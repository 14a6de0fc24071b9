import type { CustomProtocol } from "../../contract/config/custom-protocol.ts";
import type { Question, Reply } from "./ask.ts";

/** An input tensor or column, as a server's own page names it. */
export interface NamedInput {
  readonly name: string;
  /** In the protocol's own words; absent: it tells none. */
  readonly datatype?: string;
  /** -1: any length. Absent: it tells none. */
  readonly shape?: readonly number[];
}

/** What is known of the model that a server serves: what was configured first, then what its own pages say. */
export interface ServedModel {
  /** Its name on the server; absent: the protocol has none, or the server does not tell. */
  readonly name?: string;
  /** Absent: the server does not tell. */
  readonly version?: string;
  /** Path of predictions (POST). */
  readonly predictPath: string;
  /** Path of the health check: answers with 200 when the model is loaded. */
  readonly healthPath: string;
  /** Path where the server describes its model (GET); absent: there is none. */
  readonly metadataPath?: string;
  /** What a prediction takes; empty: the server does not tell. */
  readonly inputs: readonly NamedInput[];
  /** Media type of a prediction's body. */
  readonly contentType: string;
  /** Header of its answers that names the version; absent: none does. */
  readonly versionHeader?: string;
  /** Of the protocol `custom` alone. */
  readonly custom?: CustomProtocol;
}

/** What somebody has said of the model; what is missing is the protocol's own, or asked of the server. */
export interface ToldModel extends Partial<Pick<ServedModel, "name" | "predictPath" | "custom">> {
  /** Paths of servers whose protocol has none of its own. */
  readonly usual?: { readonly predictPath: string; readonly metadataPath: string };
}

/** What a server has several of, so that a person has to say which one is meant. */
export interface Choice {
  readonly what: "models" | "routes";
  readonly among: readonly string[];
}

/** What they are where nobody says anything. */
export const USUAL = { predictPath: "/predict", metadataPath: "/metadata" } as const;

/** What a server answered to each probe; undefined: that one was not asked. */
export type Replies = (probe: Question) => Reply | undefined;

/** What a server answered to a prediction: one value for each input, or what keeps it from being that. */
export type ReadAnswer =
  | { readonly values: readonly unknown[]; readonly version?: string }
  | { readonly flaw: string; readonly version?: string };

/** How the answer arrives in pieces, and when it is whole. */
export interface StreamReading {
  /** Whether this path of the model answers in pieces at all. */
  streams(model: ServedModel): boolean;
  /** The same request, answered in pieces. */
  body(model: ServedModel, input: unknown): string;
  /** What one event of `text/event-stream` adds: its text, and whether it is the last of a whole answer. */
  event(data: string): { readonly text: string; readonly finished: boolean; readonly tokens?: number };
  /** Data of the event that closes a whole stream; absent: `finished` alone tells. */
  readonly end?: string;
}

/**
 * How servers of one kind are asked: one file in this folder with one `definition`, and its test. `npm run generate`
 * makes the index, the names that `service.servingProtocol` may have and the table in docs/serving/protocols.md from it.
 */
export interface Protocol {
  /** As the configuration and `deploy --protocol` have it. */
  readonly name: string;
  /** For people: what it is called, and who speaks it. */
  readonly title: string;
  readonly servers: string;
  /** Where it is described. */
  readonly source: string;
  /** Rising: a server that could be several is the first of them. */
  readonly order: number;
  /** What is asked of an unknown server to find out whether it speaks this; `example` is the first of the golden set. */
  probes(said: ToldModel, example: unknown): readonly Question[];
  /** What is asked after all of that, of a server that has named its model by then; absent: nothing. */
  laterProbes?(replies: Replies, said: ToldModel): readonly Question[];
  /** The model when the *bodies* of the answers say that it does; undefined: they do not. A status alone proves nothing. */
  recognise(replies: Replies, said: ToldModel, example: unknown): ServedModel | undefined;
  /** What of it several are there, and nobody has said which, of a server that speaks this; absent: it has one of each. */
  choice?(replies: Replies, said: ToldModel): Choice | undefined;
  /** The model of a server that does not answer as it should, as far as the protocol alone tells; absent: nothing. */
  assumed?(said: ToldModel): ServedModel;
  /** The request body for these inputs; more than one only where `batches`. */
  body(model: ServedModel, inputs: readonly unknown[]): string;
  /** What a 200 answers, for `count` inputs. Never throws: whatever a server sends is a finding. */
  read(reply: Reply, count: number, model: ServedModel): ReadAnswer;
  /** Whether every answer names the model's version, so that one without it is wrong. */
  readonly namesVersion: boolean;
  /** Whether one request may carry several inputs. */
  readonly batches: boolean;
  /** Members of a body that say what is asked: without them, or with something else in their place, it is a mistake. */
  readonly required?: readonly string[];
  /**
   * Members of an answer that the protocol promises its clients beside the prediction, as `choices[].finish_reason`; all that
   * there are: whoever wrote the server promises them. Absent: none, and other servers of it answer others.
   */
  readonly answers?: "all" | readonly string[];
  readonly stream?: StreamReading;
}

export const defineProtocol = (definition: Protocol): Protocol => definition;
