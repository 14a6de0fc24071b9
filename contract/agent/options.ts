import * as v from "valibot";
import type { Field } from "../config/field.ts";
import { numberIn, wholeIn } from "../config/numbers.ts";

/**
 * The agent: a small program of this product beside the model, in the same task (docs/agent.md). A deploy gives it to its
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
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const ARN = /^arn:aws[a-z-]*:(secretsmanager:[^:]+:\d{12}:secret:|ssm:[^:]+:\d{12}:parameter\/)\S+$/;

const matching = (pattern: RegExp) => v.pipe(v.string(), v.regex(pattern));
const flag = v.pipe(
  v.union([v.boolean(), v.picklist(["true", "false"])]),
  v.transform((value) => String(value) === "true"),
);
const json: v.GenericSchema<Json> = v.lazy(() =>
  v.union([v.string(), v.number(), v.boolean(), v.null(), v.array(json), v.record(v.string(), json)]),
);
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const paths = v.pipe(v.array(matching(PATH)), v.minLength(1));
const methods = v.pipe(v.array(matching(/^[A-Z]{1,16}$/)), v.minLength(1));
const percent = v.pipe(numberIn(0, 100), v.gtValue(0));

const scrape = v.strictObject({
  path: v.optional(matching(PATH), "/metrics"),
  everySeconds: v.optional(wholeIn(1, 60), 10),
  preset: v.optional(matching(WORD)),
  metrics: v.optional(v.record(v.string(), json)),
});
const front = v.strictObject({
  streams: v.optional(
    v.strictObject({
      firstTokenSeconds: v.optional(numberIn(0.001, 600)),
      stallSeconds: v.optional(numberIn(0.001, 600)),
    }),
  ),
  user: v.optional(
    v.union([v.strictObject({ cookie: matching(HEADER) }), v.strictObject({ header: matching(HEADER) })]),
  ),
  paths: v.optional(paths),
});
const capture = v.strictObject({
  sample: v.optional(percent, 100),
  maxBytes: v.optional(wholeIn(0, 262_144)),
  fields: v.optional(v.array(v.string())),
  redact: v.optional(v.array(matching(POINTER))),
  digest: v.optional(flag),
});
const shadow = v.strictObject({
  url: v.optional(matching(/^https?:\/\/[!-~]{1,2000}$/)),
  sample: v.optional(percent, 20),
  paths,
  methods: v.optional(methods, ["POST"]),
  queue: v.optional(wholeIn(1, 10_000)),
  maxBytes: v.optional(wholeIn(1, 1_048_576)),
  restSeconds: v.optional(numberIn(0.1, 600)),
  compare: v.optional(
    v.strictObject({
      prediction: v.optional(v.array(matching(POINTER))),
      ignore: v.optional(v.array(v.string())),
      tolerance: v.optional(numberIn(0, 1)),
    }),
  ),
});

const Options = v.pipe(
  v.strictObject({
    image: v.optional(matching(PINNED), AGENT_IMAGE),
    port: v.optional(wholeIn(1, 65_535), AGENT_PORT),
    environment: v.optional(v.record(matching(VARIABLE), v.string()), {}),
    secrets: v.optional(v.record(matching(VARIABLE), matching(ARN)), {}),
    everySeconds: v.optional(numberIn(0.1, 60)),
    scrape: v.optional(scrape),
    front: v.optional(front),
    capture: v.optional(capture),
    shadow: v.optional(shadow),
  }),
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
    "`{scrape, front, capture, shadow, image, port, everySeconds, environment, secrets}` as docs/agent.md has them: `scrape` or `front` at least, `capture` and `shadow` beside `front` alone, an image pinned by digest",
  default: undefined,
  meaning:
    "The agent that the next deploy puts beside its model; none: there is none. `scrape` counts what the model server's own metrics page counts, `front` stands between load balancer and model and counts what no load balancer does (docs/agent.md). `image` runs it, a Node image pinned by digest; `port` is where the load balancer reaches it, with `front`.",
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
