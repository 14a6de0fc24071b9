/**
 * One AWS operation: the input and the answer in the shape of the SDK's types
 * (PascalCase keys, camelCase for ECS; dates are Date objects). Throws AwsError.
 */
export type Operation = (input: Record<string, unknown>) => unknown;

/** The operations of one service by name, for example `DescribeAlarms`. The table is the list of what is simulated. */
export type Operations = Readonly<Record<string, Operation>>;
