import { THROWAWAY_STACKS } from "../contract/checks/throwaway.ts";
import { alarmRules } from "./alarms.ts";
import { entranceRules } from "./entrance.ts";
import { routeRules } from "./route.ts";
import type { PolicyRule, Settings } from "./rule.ts";
import { taskRules } from "./tasks.ts";
import { zoneRules } from "./zones.ts";

/** The invariants of a stack. Plain functions: tested without the Pulumi CLI, and served to it by pack.ts. */
export const RULES: readonly PolicyRule[] = [
  ...routeRules,
  ...entranceRules,
  ...taskRules,
  ...zoneRules,
  ...alarmRules,
];

export const USUAL: Settings = { throwawayStacks: THROWAWAY_STACKS };
