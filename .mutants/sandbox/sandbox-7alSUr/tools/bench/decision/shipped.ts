import type { ComparisonPolicy } from "../../../validation/core/comparison/compare.ts";

/** alpha and tolerance of the shipped defaults. */
export const SHIPPED: ComparisonPolicy = { alpha: 0.01, tolerance: 1.1, attempt: 1 };
