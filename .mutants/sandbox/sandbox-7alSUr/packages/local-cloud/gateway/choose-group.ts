export interface WeightedGroup<Group> {
  readonly group: Group;
  /** Integer 0-999; a group with weight 0 is never chosen. */
  readonly weight: number;
}

/**
 * Picks a target group in proportion to the weights. `random` answers a number in [0, 1).
 * `undefined` when every weight is 0. Health plays no part: "If one of the target groups is empty or has only
 * unhealthy targets, the load balancer does not automatically fail over" (ELB guide, weighted target groups).
 */
export function chooseGroup<Group>(
  groups: readonly WeightedGroup<Group>[],
  random: () => number,
): Group | undefined {
  let total = 0;
  for (const { weight } of groups) total += weight;
  if (total === 0) return undefined;
  let remaining = random() * total;
  for (const { group, weight } of groups) {
    if (remaining < weight) return group;
    remaining -= weight;
  }
  // Rounding can leave a remainder of 0 past the last group when random() is just below 1.
  return groups.findLast(({ weight }) => weight > 0)?.group;
}
