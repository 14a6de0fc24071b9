/** What an alarm measured of one slot; `atMs`: when its period began, epoch milliseconds. */
export interface AlarmPoint {
  readonly atMs: number;
  readonly value: number;
}

/** CloudWatch's words for how an alarm compares, as far as the catalogue has them. */
const BREACHES = {
  GreaterThanThreshold: (value: number, limit: number) => value > limit,
  LessThanThreshold: (value: number, limit: number) => value < limit,
} as const;

export type AlarmComparisonOperator = keyof typeof BREACHES;

export const isComparisonOperator = (word: string): word is AlarmComparisonOperator =>
  Object.hasOwn(BREACHES, word);

/** Where an alarm's limit is, and how many points beyond it set it off. */
export interface AlarmLimit {
  readonly comparison: AlarmComparisonOperator;
  readonly threshold: number;
  readonly datapointsToAlarm: number;
}

export const breaches = (
  { comparison, threshold }: Pick<AlarmLimit, "comparison" | "threshold">,
  value: number,
): boolean => BREACHES[comparison](value, threshold);

/**
 * Whether an alarm that counts no requests is in ALARM for what hits both slots: in some of the minutes the active slot
 * breaches the limit, too, and in those in which the candidate alone does, its alarm would not have gone off. Two slots
 * in one outage do not fall ill and get well in the same second, and their alarms are evaluated one after the other, so
 * neither the states of the two nor a single minute says so. A minute that nobody knows of the active slot speaks
 * against the candidate.
 */
export function hitsBoth(
  limit: AlarmLimit,
  candidate: readonly AlarmPoint[],
  active: readonly AlarmPoint[],
): boolean {
  const breaching = (points: readonly AlarmPoint[]) => points.filter(({ value }) => breaches(limit, value));
  const ofActive = new Set(breaching(active).map(({ atMs }) => atMs));
  const own = breaching(candidate);
  const alone = own.filter(({ atMs }) => !ofActive.has(atMs)).length;
  return alone < own.length && alone < limit.datapointsToAlarm;
}
