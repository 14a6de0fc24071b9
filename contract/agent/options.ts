import * as v from "valibot";
import type { Field } from "../config/field.ts";
import { gpuGauge } from "./scrape-options.ts";
import { numberIn, wholeIn } from "../numbers.ts";

/**
 * The agent: a small program of this product beside the model, in the same task (docs/signals/agent.md). A deploy gives it to its
 * model, and it never comes to a model that runs: these are the options of the next deploy, and a slot has a copy of its own.
 */

/**
 * Docker's official image of Node 24, from Amazon's public mirror of it, by digest: what runs beside a model changes with
 * a deploy alone. The digest is of all its platforms.
 */
export const AGENT_IMAGE =
  "public.ecr.aws/docker/library/node:24-alpine@sha256:a0b9bf06e4e6193cf7a0f58816cc935ff8c2a908f81e6f1a95432d679c54fbfd";

/** Away from what model servers listen on (8000 to 8082, 3000, 5000, 9000), and below Linux's ports of connections. */
const AGENT_PORT = 18_080;

/** What the agent's program and its settings may take of a task definition: the test of infra/slot/containers.ts holds it. */
export const MOST_AGENT_BYTES = 36_000;

const PINNED = /^[a-zA-Z0-9][a-zA-Z0-9._/:-]{0,254}@sha256:[0-9a-f]{64}$/;
const PATH = /^\/[^\s?#]{0,1023}$/;
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const WORD = /^[a-z0-9][a-z0-9-]{0,62}$/;
const POINTER = /^(\/([^~/]|~[01])*)*$/;
/** A pointer to a member, and not to the whole. */
const POINTED = /^(\/([^~/]|~[01])*)+$/;
const SEGMENT = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/;
const MOST_SEGMENTS = 5;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const ARN = /^arn:aws[a-z-]*:(secretsmanager:[^:]+:\d{12}:secret:|ssm:[^:]+:\d{12}:parameter\/)\S+$/;

const matching = (pattern: RegExp) => v.pipe(v.string(), v.regex(pattern));
const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(json), v.record(v.string(), json)]),
);
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const paths = v.pipe(v.array(matching(PATH)), v.minLength(1));
const percent = v.pipe(numberIn(0, 100), v.gtValue(0));

const words = v.pipe(v.array(v.pipe(v.string(), v.nonEmpty())), v.maxLength(100));
const pointers = v.array(matching(POINTER));

// What each part takes is the agent's to say (agent/README.md); what it would refuse is refused before it is deployed.
const scrape = v.strictObject({
  port: v.optional(wholeIn(1, 65_535)),
  path: v.optional(matching(PATH)),
  everySeconds: v.optional(numberIn(0.05, 60)),
  preset: v.optional(matching(WORD)),
  firstTokenSeconds: v.optional(numberIn(0.000_001, 86_400)),
  answerSeconds: v.optional(numberIn(0.000_001, 86_400)),
  metrics: v.optional(v.array(v.record(v.string(), json))),
  gpu: v.optional(gpuGauge),
});
const front = v.strictObject({
  streams: v.optional(
    v.strictObject({
      firstTokenSeconds: v.optional(numberIn(0.001, 3600)),
      stallSeconds: v.optional(numberIn(0.001, 3600)),
      paths: v.optional(paths),
      endMark: v.optional(v.pipe(v.string(), v.nonEmpty())),
    }),
  ),
  user: v.optional(
    v.union([v.strictObject({ cookie: matching(HEADER) }), v.strictObject({ header: matching(HEADER) })]),
  ),
  paths: v.optional(v.pipe(paths, v.maxLength(20))),
});
const capture = v.strictObject({
  sample: percent,
  paths: v.optional(paths),
  maxBytes: v.optional(wholeIn(0, 65_536)),
  fields: v.optional(v.array(v.picklist(["input", "digest", "answer"]))),
  redact: v.optional(pointers),
  segment: v.optional(
    v.pipe(
      v.record(matching(SEGMENT), v.union([matching(POINTED), matching(HEADER)])),
      v.check((segment) => Object.keys(segment).length <= MOST_SEGMENTS),
    ),
  ),
});
const shadow = v.strictObject({
  url: v.optional(matching(/^https?:\/\/[!-~]{1,2000}$/)),
  sample: v.optional(percent, 20),
  paths,
  methods: v.optional(v.array(v.picklist(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]))),
  queue: v.optional(wholeIn(1, 10_000)),
  concurrency: v.optional(wholeIn(1, 32)),
  maxBytes: v.optional(wholeIn(1, 1_048_576)),
  timeoutSeconds: v.optional(numberIn(0.1, 600)),
  restSeconds: v.optional(numberIn(0.1, 600)),
  prediction: v.optional(pointers),
  ignore: v.optional(words),
  tolerance: v.optional(numberIn(0, 1)),
});

/** Variable of the agent that holds the test token, by which `shadow` reaches the candidate. */
export const SHADOW_TOKEN = "SHADOW_TOKEN";
/** The same of the slot that it asks. */
export const SHADOW_SLOT = "SHADOW_SLOT";

const Options = v.pipe(
  v.strictObject({
    image: v.optional(matching(PINNED), AGENT_IMAGE),
    port: v.optional(wholeIn(1, 65_535), AGENT_PORT),
    everySeconds: v.optional(numberIn(0.1, 60)),
    environment: v.optional(v.record(matching(VARIABLE), v.string()), {}),
    secrets: v.optional(v.record(matching(VARIABLE), matching(ARN)), {}),
    scrape: v.optional(scrape),
    front: v.optional(front),
    capture: v.optional(capture),
    shadow: v.optional(shadow),
  }),
  v.check(
    (options) =>
      options.scrape === undefined ||
      (options.scrape.preset ?? options.scrape.metrics ?? options.scrape.gpu) !== undefined,
  ),
  v.check((options) => [options.scrape, options.front].some((part) => part !== undefined)),
  // Both see requests, which only what stands in front of the model does.
  v.check(
    ({ front: door, capture: line, shadow: pair }) => door !== undefined || (line ?? pair) === undefined,
  ),
);

/** With every default, as a deploy copies it. */
export type AgentOptions = v.InferOutput<typeof Options>;

export const agentField: Field<AgentOptions | undefined> = {
  type: "object",
  allowed:
    "`{scrape, front, capture, shadow, image, port, everySeconds, environment, secrets}` as docs/signals/agent.md has them: `scrape` (with `preset`, `metrics` or `gpu`) or `front` at least, `capture` and `shadow` beside `front` alone, an image pinned by digest",
  default: undefined,
  meaning:
    "The agent that the next deploy puts beside its model; none: there is none. `scrape` counts what the model server's own metrics page counts, `front` stands between load balancer and model and counts what no load balancer does (docs/signals/agent.md). `image` runs it, a Node image pinned by digest; `port` is where the load balancer reaches it, with `front`.",
  read(raw) {
    const read = v.safeParse(Options, raw);
    return read.success ? { value: read.output } : undefined;
  },
};

/** Where the load balancer reaches a model: its agent's port when that stands in front of it. */
export const entryPort = ({
  port,
  agent,
}: {
  readonly port: number;
  readonly agent?: AgentOptions | undefined;
}) => (agent?.front === undefined ? port : agent.port);
