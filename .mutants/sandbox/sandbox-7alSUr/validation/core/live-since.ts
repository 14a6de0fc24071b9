/**
 * Since when users are split as they are now: the latest moment that is known for it. Everything seen before
 * belongs to another split. All times are epoch milliseconds of the cloud's clock.
 */
export function liveSince(known: {
  /** When the release asked for the share. */
  readonly stepSinceMs: number;
  /** End of the last succeeded update with that split. */
  readonly updateEndedMs: number;
  /** First time that this process read the route back and found that split; undefined in a later process. */
  readonly agreedMs: number | undefined;
}): number {
  return Math.max(known.stepSinceMs, known.updateEndedMs, known.agreedMs ?? 0);
}
