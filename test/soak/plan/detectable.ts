import { isRecord } from "../../../contract/config/field.ts";
import { MAX_SLOW_RATE, MEMORY_MIB, TASKS } from "../config.ts";
import type { PlannedRelease } from "./releases.ts";

/** What `npx bluegreen plan` says that the schedule can see, of the steps that are compared. */
export interface Sight {
  /** A candidate that fails at least so much would have been rolled back by the last of them, 4 times of 5. */
  readonly smallestRate: number;
  readonly steps: readonly {
    readonly candidatePerMinute: number;
    readonly minutes: number;
    /** Minutes of counts until one that fails 20 % is rolled back, 9 times of 10. */
    readonly twentyPercentMinutes: number;
  }[];
}

/** Until counts are ready, and between two looks. */
const COUNTS_LATE_MINUTES = 5;
/** What a good task of the example uses, and the part of its memory at which the alarm fires. */
const TASK_BYTES = 90_000_000;
const MEMORY_ALARM = 0.9;

/** @throws Error when it is not what `plan --json` prints. */
export function readSight(plan: Readonly<Record<string, unknown>>): Sight {
  const raw = Array.isArray(plan["steps"]) ? plan["steps"].filter(isRecord) : [];
  const compared = raw.filter((step) => Number(step["share"]) < 100);
  const rates = compared.map((step) => Number(step["maxBlindSpot"]));
  const steps = compared.map((step) => {
    const detections = Array.isArray(step["detections"]) ? step["detections"].filter(isRecord) : [];
    const found = detections.find(({ fault }) => fault === "20 % failing")?.["ninetiethMinutes"];
    return {
      candidatePerMinute: Number(step["candidatePerMinute"]),
      minutes: Number(step["advancesAfterMinutes"] ?? step["deadlineMinutes"]),
      twentyPercentMinutes: typeof found === "number" ? found : Number.POSITIVE_INFINITY,
    };
  });
  if (steps.length === 0 || rates.some(Number.isNaN))
    throw new Error(`no steps in ${JSON.stringify(plan).slice(0, 500)}`);
  return { smallestRate: Math.min(...rates), steps };
}

/** By which calculation the fault is detectable before the promotion; undefined: it is not, in the time given. */
export function detectableBy(release: PlannedRelease, sight: Sight): string | undefined {
  const { kind, part, after, isTested } = release;
  switch (kind) {
    case "good":
      return undefined;
    case "crashing":
      return "deploy: no task of it gets healthy";
    case "mismatched":
      return isTested ? "test: accuracy of 24 % on the golden set" : undefined;
    case "slow":
      return part > MAX_SLOW_RATE
        ? `alarm slow-rate: ${part} of the answers, above ${MAX_SLOW_RATE}`
        : undefined;
    case "silent":
      return seenRate(part, sight, "signal refused");
    case "leaking":
      return leakSeen(part, sight);
    case "failing":
      return after === 0 ? seenRate(part, sight, "failures") : onsetSeen(after, part, sight);
  }
}

const seenRate = (part: number, { smallestRate }: Sight, what: string) =>
  part >= smallestRate
    ? `plan: ${what} of ${part}, smallest detectable rate ${smallestRate} (4 times of 5)`
    : undefined;

/** Minutes of the compared steps that are left after a task has answered so many requests. */
function minutesLeft(requestsOfTask: number, { steps }: Sight): number {
  let open = requestsOfTask;
  let left = 0;
  for (const { candidatePerMinute, minutes } of steps) {
    const perMinute = candidatePerMinute / TASKS;
    const spent = Math.min(minutes, open / perMinute);
    open -= spent * perMinute;
    left += minutes - spent;
  }
  return left;
}

function onsetSeen(after: number, part: number, sight: Sight): string | undefined {
  const left = minutesLeft(after, sight);
  const needed = (sight.steps.at(-1)?.twentyPercentMinutes ?? Number.POSITIVE_INFINITY) + COUNTS_LATE_MINUTES;
  return part >= 0.2 && left >= needed
    ? `plan: 20 % failing is seen within ${needed} minutes 9 times of 10, and ${Math.round(left)} are left after its onset`
    : undefined;
}

function leakSeen(bytes: number, sight: Sight): string | undefined {
  const requests = Math.ceil((MEMORY_ALARM * MEMORY_MIB * 1024 * 1024 - TASK_BYTES) / bytes);
  const left = minutesLeft(requests, sight);
  return left >= COUNTS_LATE_MINUTES
    ? `alarm memory: ${MEMORY_ALARM * 100} % after ${requests} requests of a task, ${Math.round(left)} minutes before the last step`
    : undefined;
}
