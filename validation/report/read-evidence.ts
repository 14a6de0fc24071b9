import { SLOTS } from "../../contract/slot.ts";
import { isFlag, isNumber, isText, listOf, optional, recordOf, type Shape } from "../core/shape.ts";
import type { CountsRecord } from "../core/comparison/record.ts";
import type { EvidenceRecord } from "./evidence.ts";

const SAME_LENGTH: Shape = (value) => {
  // Only asked after the columns were found to be lists.
  const { minutes, candidate, active } = value as CountsRecord;
  return [candidate, active].every(
    ({ requests, events }) => requests.length === minutes.length && events.length === minutes.length,
  );
};

const both =
  (first: Shape, second: Shape): Shape =>
  (value) =>
    first(value) && second(value);

const dispersion = recordOf({ phi: isNumber, assumed: isFlag, events: isNumber, minutes: isNumber });
const kind: Shape = (value) =>
  value === "failed" || value === "slow" || value === "client" || value === "custom";
const column = recordOf({ requests: listOf(isNumber), events: listOf(isNumber) });
const isTime: Shape = (value) => typeof value === "string" && !Number.isNaN(Date.parse(value));

/** The counts of one metric, as evidence keeps them. */
export const isCounts: Shape = both(
  recordOf({
    name: isText,
    kind,
    dispersion,
    from: optional(isTime),
    minutes: listOf(isNumber),
    candidate: column,
    active: column,
  }),
  SAME_LENGTH,
);

const arm = recordOf({ requests: isNumber, events: isNumber, rate: optional(isNumber) });
const metric = recordOf({
  name: isText,
  kind,
  candidate: arm,
  active: arm,
  contribution: isNumber,
  dispersion,
  ratio: recordOf({ estimate: optional(isNumber), low: isNumber, high: optional(isNumber) }),
});
const split: Shape = recordOf(Object.fromEntries(SLOTS.map((slot) => [slot, isNumber])));
const release = recordOf({ id: isText, digest: isText, slot: (value) => SLOTS.some((one) => one === value) });
const answer = recordOf({ kind: isText, reason: isText });

const comparison = recordOf({
  settings: recordOf({ alpha: isNumber, tolerance: isNumber, attempt: isNumber }),
  share: isNumber,
  stepSince: isTime,
  evidence: isNumber,
  needed: isNumber,
  crossing: optional(recordOf({ at: isTime, evidence: isNumber, name: isText })),
  blindSpot: isNumber,
  maxBlindSpot: isNumber,
  missing: optional(recordOf({ requests: isNumber, minutes: isNumber })),
  slowThresholds: listOf(recordOf({ quantile: isNumber, seconds: isNumber, samples: isNumber })),
  unevenMinutes: isNumber,
  unreadable: listOf(isText),
  metrics: listOf(metric),
  counts: listOf(isCounts),
});

const evidence = recordOf({
  stack: isText,
  at: isTime,
  verdict: isText,
  why: optional(isText),
  expired: isFlag,
  sentence: isText,
  exitCode: isNumber,
  split: optional(split),
  release: optional(release),
  reasons: listOf(isText),
  gates: listOf(recordOf({ gate: isText, about: isText, answer })),
  comparison: optional(comparison),
});

/** Whether parsed JSON is what `--evidence` writes, as far as anybody reads it again. */
export const isEvidence = (value: unknown): value is EvidenceRecord => evidence(value);
