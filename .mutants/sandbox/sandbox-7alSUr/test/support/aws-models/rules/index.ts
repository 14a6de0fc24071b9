import { CLOUDWATCH_RULES } from "./cloudwatch.ts";
import { ECS_RULES } from "./ecs.ts";
import { ELB_RULES } from "./elb.ts";
import { OTHER_RULES } from "./others.ts";
import type { Rules } from "./read.ts";

/** What AWS's documentation says beyond its models, by `service:operation`. */
export const RULES: Rules = { ...CLOUDWATCH_RULES, ...ECS_RULES, ...ELB_RULES, ...OTHER_RULES };
