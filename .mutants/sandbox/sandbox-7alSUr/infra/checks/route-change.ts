import { isRecord } from "../../contract/config/field.ts";
import type { RouteChange, RouteMoment } from "../../contract/route/raised-slots.ts";
import { perSlot, SLOTS, type PerSlot } from "../../contract/slot.ts";

/** What an operation on the route changes, by the inputs of the listener rule (aws.lb.ListenerRule). */
export function changeOf(oldInputs: unknown, newInputs: unknown, targetGroups: PerSlot<string>): RouteChange {
  const before = groupsIn(oldInputs);
  return {
    before: momentOf(oldInputs, targetGroups),
    after: momentOf(newInputs, targetGroups),
    moved: SLOTS.filter((slot) => !before.some(({ arn }) => arn === targetGroups[slot])),
  };
}

function momentOf(inputs: unknown, targetGroups: PerSlot<string>): RouteMoment {
  const groups = groupsIn(inputs);
  const weightOf = (arn: string) => Number(groups.find((group) => group["arn"] === arn)?.["weight"] ?? 0);
  const tags = isRecord(inputs) && isRecord(inputs["tags"]) ? inputs["tags"] : {};
  return {
    weights: perSlot((slot) => weightOf(targetGroups[slot])),
    tags: Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)])),
  };
}

function groupsIn(inputs: unknown): readonly Record<string, unknown>[] {
  return members(isRecord(inputs) ? inputs["actions"] : undefined).flatMap((action) =>
    members(isRecord(action["forward"]) ? action["forward"]["targetGroups"] : []),
  );
}

function members(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
