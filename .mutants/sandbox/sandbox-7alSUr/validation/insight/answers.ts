import { perSlot, SLOTS, type PerSlot } from "../../contract/slot.ts";
import { placeOf } from "../rollout/reading/read-counts.ts";
import { ANSWER_CLASSES, type AnswerCounts } from "../core/comparison/answers.ts";
import type { MeasureRequest } from "../measures.ts";
import type { Context, Deployed } from "../ports.ts";

const MINUTE_MS = 60_000;
/** So far back a person who looks wants to know. */
export const ANSWERS_MINUTES = 60;

/** What the models have answered in the last complete hour, by slot and class of status; one call to AWS. */
export async function readAnswers(context: Context, deployed: Deployed): Promise<PerSlot<AnswerCounts>> {
  const toMs = Math.floor(context.clock.now() / MINUTE_MS) * MINUTE_MS;
  const requests = SLOTS.flatMap((slot) =>
    ANSWER_CLASSES.map((name): MeasureRequest => {
      const metricName = `HTTPCode_Target_${name.toUpperCase()}_Count`;
      return {
        id: `${slot}_${name}`,
        queries: [{ id: "value", metricName, stat: "Sum", scope: "targetGroup" }],
        periodSeconds: 60,
        place: placeOf(deployed.outputs, slot),
      };
    }),
  );
  const read = await context.metrics.read(requests, toMs - ANSWERS_MINUTES * MINUTE_MS, toMs);
  // No point of a count means that nothing was counted: the load balancer reports no zeros.
  const sum = (id: string) => (read.get(id) ?? []).reduce((total, { value }) => total + value, 0);
  return perSlot((slot) => ({
    "2xx": sum(`${slot}_2xx`),
    "3xx": sum(`${slot}_3xx`),
    "4xx": sum(`${slot}_4xx`),
    "5xx": sum(`${slot}_5xx`),
  }));
}
