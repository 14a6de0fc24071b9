/** The account of every resource of the local cloud. */
export const ACCOUNT = "000000000000";

/** An ARN as AWS writes it. */
export function arnOf(service: string, region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
}

/** The last part of a resource's ARN, or the name itself. */
export function nameIn(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}
