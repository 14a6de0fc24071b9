import { Fields, WrongSetting } from "../config/fields.ts";
import type { Environment } from "../config/fields.ts";

/** How two answers to one request are compared. */
export interface AnswerReading {
  /** JSON pointers to what the answer says; none: all of it is compared. */
  readonly prediction: readonly string[];
  /** Members of the answer that say who answered, and not what. */
  readonly ignore: readonly string[];
  /** Numbers may differ by so much, in parts of the greater one, or of 1 where both are smaller. */
  readonly tolerance: number;
}

export interface ShadowSetup {
  /** Where the candidate's test rule answers. */
  readonly url: URL;
  /** What leads a request there; secrets, in part. */
  readonly headers: Readonly<Record<string, string>>;
  readonly sample: number;
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  /** Requests that wait; one more is dropped. */
  readonly queue: number;
  readonly concurrency: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** How long nobody is asked when there is no candidate. */
  readonly restMs: number;
  readonly reading: AnswerReading;
}

const KNOWN = [
  "url",
  "headers",
  "sample",
  "methods",
  "paths",
  "queue",
  "concurrency",
  "maxBytes",
  "timeoutSeconds",
  "restSeconds",
  "prediction",
  "ignore",
  "tolerance",
];
/** What servers put beside an answer: OpenAI's API, the Open Inference Protocol, and what people call their own. */
const NOT_THE_ANSWER = [
  "id",
  "created",
  "system_fingerprint",
  "model",
  "usage",
  "request_id",
  "requestId",
  "model_name",
  "model_version",
  "modelVersion",
  "version",
  "release",
  "slot",
  "timestamp",
  "latency",
  "latency_ms",
];
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export function readShadow(value: unknown, where: string, environment: Environment): ShadowSetup {
  const fields = new Fields(value, where, KNOWN);
  const given = fields.text("url");
  if (given === undefined || !URL.canParse(given) || !/^https?:/.test(given)) {
    throw new WrongSetting(`${where}.url is ${given ?? "missing"}; it takes an http or https address`);
  }
  const paths = fields.texts("paths", []);
  if (paths.length === 0) {
    throw new WrongSetting(
      `${where}.paths is missing; it takes the paths that may be asked twice without harm`,
    );
  }
  const headers = Object.entries(fields.named("headers")).map(([name, variable]): [string, string] => {
    const held = environment[variable];
    if (held !== undefined && held !== "") return [name.toLowerCase(), held];
    throw new WrongSetting(`${where}.headers.${name} is to be in ${variable}, which is not set`);
  });
  return {
    url: new URL(given),
    headers: Object.fromEntries(headers),
    sample: fields.number("sample", { least: 0, most: 100 }),
    methods: fields.words("methods", METHODS, ["POST"]),
    paths,
    queue: fields.number("queue", { least: 1, most: 10_000, otherwise: 100 }),
    concurrency: fields.number("concurrency", { least: 1, most: 32, otherwise: 1 }),
    maxBytes: fields.number("maxBytes", { least: 1, most: 1_048_576, otherwise: 65_536 }),
    timeoutMs: fields.number("timeoutSeconds", { least: 0.1, most: 600, otherwise: 30 }) * 1000,
    restMs: fields.number("restSeconds", { least: 0.1, most: 600, otherwise: 60 }) * 1000,
    reading: {
      prediction: fields.texts("prediction", []),
      ignore: fields.texts("ignore", NOT_THE_ANSWER),
      tolerance: fields.number("tolerance", { least: 0, most: 1, otherwise: 0.000_001 }),
    },
  };
}
