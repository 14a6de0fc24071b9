import { CONFIG_KEYS, type ObjectKey } from "../../contract/config/keys.ts";
import type { Field } from "../../contract/config/field.ts";
import { GATE_NAMES } from "../../contract/alarms/gates.ts";

/** One field of a section that belongs to the user: `service.port`. */
export interface EditedKey {
  readonly section: Section;
  readonly name: string;
  readonly field: Field<unknown>;
}

export const SECTIONS = ["service", "network", "thresholds", "rollout"] as const;
export type Section = (typeof SECTIONS)[number];

/** Every declared field of the four sections, in the order of their declaration. */
export const EDITED_KEYS: readonly EditedKey[] = SECTIONS.flatMap((section) => {
  const { fields }: ObjectKey = CONFIG_KEYS[section];
  return Object.entries(fields).map(([name, field]) => ({ section, name, field }));
});

/**
 * A random value that the field allows by itself; undefined: the key is left out. Numbers are drawn from the range that
 * the field states, half of them near its default; everything else from words that it names and from SAMPLES. Throws
 * for a field that allows none of these: a new kind of value needs a sample.
 */
export function drawValue({ section, name, field }: EditedKey, random: () => number): unknown {
  if (random() < 0.1) return undefined;
  const drawn = drawNumber(field, random);
  if (drawn !== undefined && field.read(drawn) !== undefined) return drawn;
  const words = field.allowed.split(" or ").map((word) => (word === "true" ? true : word));
  const allowed = [...words, false, ...SAMPLES].filter((value) => field.read(value) !== undefined);
  if (allowed.length === 0)
    throw new Error(`test/edits/values.ts has no sample for ${section}.${name}: ${field.allowed}`);
  return pick(allowed, random);
}

export const pick = <T>(values: readonly T[], random: () => number): T => {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
};

function drawNumber(field: Field<unknown>, random: () => number): number | undefined {
  const whole = /^a whole number from (\d+) to (\d+)$/.exec(field.allowed);
  const decimal = /^a number above ([\d.]+), at most ([\d.]+)$/.exec(field.allowed);
  const [, from, to] = whole ?? decimal ?? [];
  if (from === undefined || to === undefined) return undefined;
  const [min, max] = [Number(from), Number(to)];
  const usual = typeof field.default === "number" && field.default > 0 ? field.default : min + 1;
  const drawn = random();
  const value =
    drawn < 0.1
      ? min
      : drawn < 0.2
        ? max
        : drawn < 0.6
          ? usual * 2 ** (4 * random() - 2)
          : Math.exp(random() * Math.log(max - min + 1)) - 1 + min;
  const bounded = Math.min(max, Math.max(min, value));
  return whole === null ? Number(Math.max(bounded, min + 0.0001).toPrecision(6)) : Math.round(bounded);
}

const ACCOUNT = "123456789012";
const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${rest}`;

/** Values of every kind that a field may have, right and wrong ones for the model that runs. */
const TEXTS = [
  "/",
  "/healthz",
  "/metadata",
  "/v2/health/ready",
  "200",
  "200-299",
  "200,404",
  "404",
  "10.1.0.0/16",
  "0.0.0.0/0",
  "192.0.2.10/32",
  "big-instances",
  "model.example.com",
  "/models/*",
  "vpc-0123456789abcdef0",
  "subnet-0123456789abcdef0",
  "subnet-0123456789abcdef1",
  arn("acm", "certificate/01234567-89ab-cdef-0123-456789abcdef"),
  arn("elasticloadbalancing", "listener/app/shared/0123456789abcdef/0123456789abcdef"),
  arn("iam", "policy/model"),
  arn("sns", "releases"),
  "Z0123456789ABCDEFGHIJ",
  ...GATE_NAMES.slice(0, 2),
] as const;

const SAMPLES: readonly unknown[] = [
  { request: { rows: ["{{row}}"] }, prediction: "/rows/0" },
  { request: { text: "{{text}}" }, prediction: "/text", version: "/model" },

  ...TEXTS,
  [],
  ...TEXTS.map((text) => [text]),
  [TEXTS[15], TEXTS[16]],
  ["node", "nothing.js"],
  [100],
  [50, 100],
  [20, 60, 100],
  [0.5],
  [0.3, 0.1],
  [2.5],
  [8, 4],
  [{ name: "drift", namespace: "Model", metricName: "Drift", dimensions: { Slot: "{slot}" } }],
  [{ name: "own-check", command: ["node", "--version"] }],
  {},
  { LOG_LEVEL: "debug" },
  { API_KEY: arn("secretsmanager", "secret:model/api-key-AbCdEf") },
  { requestsPerMinute: 60 },
  { scrape: { preset: "vllm" } },
  { front: {}, capture: { sample: 5 } },
  { pairs: 500, action: "hold" },
];
