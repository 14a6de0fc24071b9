import type { ReleaseRecord } from "../core/releases.ts";
import type { SlotMark } from "../core/slot-marks.ts";
import type { ModelPackages } from "./model-packages.ts";

/** What a registry knows of a version of a model. */
export interface RegisteredModel {
  /** By digest on AWS; on the local cloud a name of images.local.json. */
  readonly image: string;
  readonly modelVersion: string;
  /** Where it is, with its version and no alias: `models:/fraud/7`; absent: the image itself is all that there is. */
  readonly registry?: string;
  /** How its server is asked; absent: `deploy` finds it out. */
  readonly servingProtocol?: string;
  /** Its name on the server; absent: the server's only one. */
  readonly modelName?: string;
  /** That its image exposes; absent: nobody knows, or it exposes several. */
  readonly port?: number;
  /** Of the source that it was made from. */
  readonly revision?: string;
  /** File of examples with right answers that belongs to it. */
  readonly goldenSet?: string;
  /** What it takes, in words: `amount: double, country: string`. */
  readonly signature?: string;
  /** What a person has to know before it is deployed. */
  readonly notes?: readonly string[];
}

export interface RegistryRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface RegistryReply {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** What a registry needs of the machine. Each call ends within seconds, or rejects. */
export interface RegistryTools {
  /** A file of the project, as text. Rejects when it cannot be read. */
  readonly readFile: (path: string) => Promise<string>;
  /** A variable of the environment; undefined: it is not set, or empty. */
  readonly variable: (name: string) => string | undefined;
  /** One HTTP request and its answer, whatever its status; no redirect is followed. */
  readonly ask: (request: RegistryRequest) => Promise<RegistryReply>;
  /** SageMaker's Model Registry. */
  readonly packages: ModelPackages;
}

/** What a registry is to say of one stack. */
export interface StackMarks {
  /** Whole: `fraud-model/prod`. */
  readonly stack: string;
  /** Versions of this registry that are on a slot. */
  readonly marks: readonly SlotMark[];
  /** Versions of this registry that were on a slot before, as far as it is known; some may be on one still. */
  readonly left: readonly string[];
  /** How a release ended whose model is on no slot any more; undefined: the update history does not say. */
  readonly past: (release: string) => Promise<ReleaseRecord | undefined>;
}

/**
 * Where models are kept with their versions: one file in this folder with one `definition`, and its test. `npm run
 * generate` makes the index and the table in docs/serving/registries.md from it.
 */
export interface Registry {
  /** What a reference to one of its models begins with: `deploy file:fraud/7`. */
  readonly scheme: string;
  /** For the documents: what it is, and how a reference looks. */
  readonly about: string;
  readonly reference: string;
  /**
   * The version that a reference names, which begins after the scheme. Never changes anything.
   * @throws UserError BG187 when there is no such model, or the registry cannot be read.
   */
  resolve(reference: string, tools: RegistryTools): Promise<RegisteredModel>;
  /**
   * Writes to its versions where they are, as the marks have it, and takes from all others of this stack what is no
   * longer true. Idempotent: killed anywhere and called again, it ends the same. Answers with what it changed, in words.
   * Absent: nothing is written to it. Rejects when not all of it could be written.
   */
  readonly writeBack?: (stack: StackMarks, tools: RegistryTools) => Promise<readonly string[]>;
  /** Whether the environment says where it is, although no slot has a model of it. */
  readonly isNamed?: (tools: RegistryTools) => boolean;
}

export const defineRegistry = (definition: Registry): Registry => definition;
