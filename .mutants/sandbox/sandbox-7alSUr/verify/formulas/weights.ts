/** What a metric's weight, tolerance and part in the sums follow from. */
export interface MetricTerms {
  readonly kind: string;
  /** Of a signal; undefined: the metric is built in. */
  readonly action: string | undefined;
  readonly budget: number | undefined;
  readonly tolerance: number | undefined;
  /** Nothing can be said by it now. */
  readonly isHeld: boolean;
}

/** docs/decision.md, "One error probability per release". */
const PARTS: Readonly<Record<string, number>> = { failed: 0.5, slow: 0.3, others: 0.2, hold: 1, report: 1 };

const partOf = ({ kind, action }: MetricTerms) => {
  if (action === "hold" || action === "report") return action;
  return kind === "failed" || kind === "slow" ? kind : "others";
};

export function weightsOf(metrics: readonly MetricTerms[]): readonly number[] {
  const budgetOf = ({ budget = 1 }: MetricTerms) => budget;
  return metrics.map((metric) => {
    const part = partOf(metric);
    const all = metrics.filter((one) => partOf(one) === part).reduce((sum, one) => sum + budgetOf(one), 0);
    return ((PARTS[part] ?? 0) * budgetOf(metric)) / all;
  });
}

/** Up to three times as many answers that are neither 2xx nor 5xx are no harm. */
export const toleranceOf = ({ kind, tolerance }: MetricTerms, usual: number): number =>
  kind === "client" ? Math.max(3, usual) : (tolerance ?? usual);

/** The k-th attempt has 6 α / (π² k²). */
export const alphaOf = (alpha: number, attempt: number): number =>
  attempt <= 1 ? alpha : (6 * alpha) / (Math.PI ** 2 * attempt ** 2);

/** In which sums a metric is: the one that ends a release, the one that gives users back, or one of its own. */
export function rolesOf(
  { kind, action, isHeld }: MetricTerms,
  sticky: boolean,
): { readonly ends: boolean; readonly givesBack: boolean; readonly isAlone: boolean } {
  if (isHeld) return { ends: false, givesBack: false, isAlone: false };
  const isAlone = action === "hold" || action === "report";
  // Anybody can send the candidate what it has to refuse, where users stay on their slot.
  const isDoubt = action === "retreat" || (kind === "client" && sticky);
  return { ends: !isAlone && !isDoubt, givesBack: !isAlone, isAlone };
}
