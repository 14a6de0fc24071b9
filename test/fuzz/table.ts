import type { FuzzedParser } from "./parser.ts";

type Room = () => Promise<readonly FuzzedParser[]>;

const ROOMS = {
  configuration: async () => (await import("./parsers/configuration.ts")).CONFIGURATION,
  rows: async () => (await import("./parsers/rows.ts")).ROWS,
  evidence: async () => (await import("./parsers/evidence.ts")).EVIDENCE,
  streams: async () => (await import("./parsers/streams.ts")).STREAMS,
  replies: async () => (await import("./parsers/replies.ts")).REPLIES,
  registries: async () => (await import("./parsers/registries.ts")).REGISTRIES,
  cloud: async () => (await import("./parsers/cloud.ts")).CLOUD,
  expressions: async () => (await import("./parsers/expressions.ts")).EXPRESSIONS,
  engineFiles: async () => (await import("./parsers/engine-files.ts")).ENGINE_FILES,
  pages: async () => (await import("./parsers/pages.ts")).PAGES,
  state: async () => (await import("./parsers/state.ts")).STATE_FILES,
  words: async () => (await import("./parsers/words.ts")).WORDS,
  answers: async () => (await import("./parsers/answers.ts")).ANSWERS,
  told: async () => (await import("./parsers/told.ts")).TOLD,
  doors: async () => (await import("./parsers/doors.ts")).doors(),
} as const satisfies Readonly<Record<string, Room>>;

/** Every reader of text from outside, by the room that it is in: a room is loaded when it is its turn. */
const NAMES: Readonly<Record<keyof typeof ROOMS, readonly string[]>> = {
  configuration: ["config", "step", "schedule", "stack-file"],
  rows: [
    "golden-jsonl",
    "golden-csv",
    "feedback",
    "signal-rows",
    "label-batch",
    "counts-csv",
    "recorded-requests",
  ],
  evidence: ["evidence", "journal", "console-journal", "verify-evidence", "verify-journal"],
  streams: ["event-reader", "agent-pieces", "endless-streams", "agent-event"],
  replies: [
    "protocol-bentoml",
    "protocol-bluegreen",
    "protocol-custom",
    "protocol-flask",
    "protocol-kserve-v1",
    "protocol-mlflow",
    "protocol-open-inference",
    "protocol-openai",
    "protocol-sagemaker",
    "protocol-detection",
  ],
  registries: ["registry-file", "registry-mlflow", "registry-sagemaker", "registry-oci", "image-reference"],
  cloud: ["aws-query", "aws-elb-calls", "aws-cloudwatch-calls", "sigv4"],
  state: [
    "checked-file",
    "stack-state",
    "engine-secret",
    "clock-file",
    "lock-file",
    "run-record",
    "endpoint-file",
    "route-memo",
  ],
  pages: ["prometheus-page", "embedded-metrics", "agent-setup"],
  expressions: [
    "alarm-rule",
    "composite-children",
    "metric-math",
    "statistic",
    "sticky-cookie",
    "wildcards",
    "dashboard-body",
  ],
  engineFiles: ["engine-config", "project-file", "image-catalog", "update-history", "property-path"],
  words: [
    "cli-numbers",
    "late-points",
    "model-options",
    "console-order",
    "release-owner",
    "route-tags",
    "judge-question",
  ],
  answers: ["cloudwatch-metrics", "cloudwatch-alarms", "target-health"],
  told: ["gate-answer", "watchdog-event", "prediction-log"],
  doors: ["console-http", "cloud-http", "gateway-http"],
};

export const PARSERS: Readonly<Record<string, Room>> = Object.fromEntries(
  Object.entries(ROOMS).flatMap(([room, load]) =>
    // The names of the rooms are the keys of both.
    NAMES[room as keyof typeof ROOMS].map((name) => [name, load] as const),
  ),
);

/** The entry of that name; `plant`: a parser with a defect, which the fuzzer's own tests look for. */
export async function parserNamed(name: string, plant?: string): Promise<FuzzedParser> {
  if (plant !== undefined) return (await import("./planted.ts")).planted(plant);
  const room = (await PARSERS[name]?.()) ?? [];
  const stray = room.find((parser) => PARSERS[parser.name] === undefined);
  if (stray !== undefined) throw new Error(`${stray.name} is in no list of the table`);
  const found = room.find((parser) => parser.name === name);
  if (found === undefined) throw new Error(`there is no parser ${name}`);
  return found;
}
