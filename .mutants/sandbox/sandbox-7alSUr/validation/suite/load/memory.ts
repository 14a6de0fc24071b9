import { onService } from "../../../contract/alarms/queries.ts";
import type { Slot } from "../../../contract/slot.ts";
import type { MeasuredPoint, MeasureRequest } from "../../measures.ts";
import type { Context, Deployed } from "../../ports.ts";
import { isGrowing, memoryWords, type MemoryTrend } from "../../core/memory-trend.ts";
import { attempt } from "../../reading.ts";
import { placeOf } from "../../rollout/reading/read-counts.ts";
import { check, type Check } from "../check.ts";
import type { Sides } from "../measure.ts";

const MINUTE_MS = 60_000;
/** Two minutes show no trend. */
const LEAST_MINUTES = 3;

/** Memory of a slot's tasks, in percent of what they may use, minute by minute. */
export type MemoryMinutes = readonly MeasuredPoint[];

/** A sentence why nothing can be said, or the check: memory that grows tells of no fault by itself, so it only warns. */
export function memoryCheck(
  { candidate: slot, active: other }: Sides,
  candidate: MemoryMinutes,
  active: MemoryMinutes,
): Check | string {
  const [own, others] = [trendOf(candidate), trendOf(active)];
  if (own === undefined) {
    return `memory over the run is not judged: CloudWatch has ${candidate.length} of ${LEAST_MINUTES} whole minutes of ${slot}`;
  }
  const compared =
    others === undefined || other === undefined ? "" : `, of ${other} from ${memoryWords(others)}`;
  const numbers = { n: candidate.length, first: own.first, last: own.last, value: own.last - own.first };
  const reason = `memory of ${slot} from ${memoryWords(own)} of what its tasks may use in ${candidate.length} min${compared}`;
  const grows = isGrowing(own) && (others === undefined || !isGrowing(others));
  return check("memory-over-run", grows ? "warn" : "pass", reason, numbers);
}

const trendOf = (minutes: MemoryMinutes): MemoryTrend | undefined => {
  const [first, last] = [minutes[0], minutes.at(-1)];
  if (minutes.length < LEAST_MINUTES || first === undefined || last === undefined) return undefined;
  return { first: first.value, last: last.value };
};

/** What CloudWatch has of both slots' memory since then; a sentence instead of the check where that is too little. */
export async function memoryOverRun(
  { metrics, clock }: Pick<Context, "metrics" | "clock">,
  { outputs }: Pick<Deployed, "outputs">,
  sides: Sides,
  sinceMs: number,
): Promise<Check | string> {
  const request = (slot: Slot): MeasureRequest => ({
    id: slot,
    queries: [onService("value", "MemoryUtilization", "Average")],
    periodSeconds: 60,
    place: placeOf(outputs, slot),
  });
  const isMeasured = (slot: Slot) => outputs.slots[slot].running?.serviceName !== undefined;
  if (!isMeasured(sides.candidate)) {
    return `memory over the run is not judged: something else fills ${sides.candidate}, and ECS measures nothing of it`;
  }
  const slots = [sides.candidate, ...(sides.active === undefined ? [] : [sides.active])].filter(isMeasured);
  const fromMs = Math.floor(sinceMs / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
  const read = await attempt(() => metrics.read(slots.map(request), fromMs, toMs));
  if (!read.readable) return `memory over the run is not judged: ${read.why}`;
  const of = (slot: Slot | undefined) => (slot === undefined ? [] : (read.value.get(slot) ?? []));
  return memoryCheck(sides, of(sides.candidate), of(sides.active));
}
