/**
 * Where a region's table on AWS's page "Supported Regions for Amazon ECS on AWS Fargate" names zones, Fargate runs Linux
 * containers in those alone (docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html, read in
 * November 2026). By the zone's id: names of zones are each account's own.
 */
const FARGATE_ONLY_IN: Readonly<Record<string, readonly string[]>> = {
  usw1: ["usw1-az1", "usw1-az3"],
  apne1: ["apne1-az1", "apne1-az2", "apne1-az4"],
  cnn1: ["cnn1-az1", "cnn1-az2"],
};

export interface Zone {
  /** The account's own name of it: us-east-1a. */
  readonly name: string;
  /** The same in each account: use1-az4. */
  readonly id: string;
}

export const hasFargate = ({ id }: Zone): boolean =>
  FARGATE_ONLY_IN[id.split("-")[0] ?? ""]?.includes(id) ?? true;

/**
 * The zones of a stack's own VPC: those that it has, as many as are asked for, then others in the order of their names.
 * Fewer than asked for when the region has no more. @param kept what it has already, which is never given up for another.
 */
export function chosenZones(
  kept: readonly string[],
  count: number,
  there: readonly Zone[],
): readonly string[] {
  const others = there
    .filter((zone) => hasFargate(zone) && !kept.includes(zone.name))
    .map(({ name }) => name)
    .toSorted();
  return [...kept, ...others].slice(0, count);
}

/** How many zones the stack's own VPC stands in. */
export const zoneCount = ({
  zones,
  zoneNames,
}: {
  readonly zones: number;
  readonly zoneNames: readonly string[];
}): number => zoneNames.length || zones;
