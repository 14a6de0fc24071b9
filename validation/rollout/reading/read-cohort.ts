import { JUDGING_ALARM_KEYS, alarmSpec } from "../../../contract/alarms/alarm-catalog.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { rateCounts, type CohortSeen } from "../../core/cohort-seen.ts";
import type { Reading } from "../../core/observation.ts";
import type { MeasureRequest } from "../../measures.ts";
import type { Deployed } from "../../ports.ts";
import type { Slot } from "../../../contract/slot.ts";
import { placeOf } from "./read-counts.ts";

const PREFIX = "cohort_";

/**
 * What the alarms on rates count, asked of the slot's group for cohorts: no alarm of the stack is on that group. Empty: a
 * version deployed the stack that did not tell which it is.
 */
export function cohortRequests({ outputs, config }: Deployed, slot: Slot): readonly MeasureRequest[] {
  const { cohortTargetGroupSuffix } = outputs.slots[slot];
  if (cohortTargetGroupSuffix === undefined) return [];
  const place = { ...placeOf(outputs, slot), targetGroupSuffix: cohortTargetGroupSuffix };
  const counted = JUDGING_ALARM_KEYS.map(alarmSpec).filter(({ rate }) => rate !== undefined);
  const queries = counted.flatMap((spec) => spec.queries(config.thresholds));
  const byId = new Map(
    queries.flatMap((query) =>
      "stat" in query && query.stat !== "Maximum" ? [[query.id, query] as const] : [],
    ),
  );
  return [...byId].map(([id, query]) => ({
    id: `${PREFIX}${id}`,
    queries: [query],
    periodSeconds: 60,
    place,
  }));
}

/** `values`: of all requests above, by the minute since the cohort is there. */
export function cohortSeen(
  name: string,
  slot: Slot,
  {
    outputs,
    config,
  }: { readonly outputs: Deployed["outputs"]; readonly config: Pick<StackConfig, "cohorts"> },
  values: Reading<ReadonlyMap<string, readonly number[]>>,
): Reading<CohortSeen> {
  if (outputs.slots[slot].cohortTargetGroupSuffix === undefined)
    return {
      readable: false,
      why: "the stack does not tell its group yet, its next update does: npx bluegreen pulumi up",
    };
  if (!values.readable) return values;
  const sums = new Map(
    [...values.value].flatMap(([id, minutes]) =>
      id.startsWith(PREFIX)
        ? [[id.slice(PREFIX.length), minutes.reduce((sum, one) => sum + one, 0)] as const]
        : [],
    ),
  );
  const isThere = config.cohorts.some((one) => one.name === name && one.slot === slot);
  const value = { name, isThere, requests: sums.get("requests") ?? 0, counts: rateCounts(sums) };
  return { readable: true, value };
}
