import * as v from "valibot";
import { arnOf } from "../arn.ts";
import { AwsError } from "../aws-api/errors.ts";
import { text } from "../metrics/input.ts";

// CloudWatch API: A-Z, a-z, 0-9, "-", "_"; at most 255 characters.
export const dashboardName = v.pipe(
  text(1, 255),
  v.regex(/^[A-Za-z0-9_-]+$/, "Member must satisfy pattern [A-Za-z0-9_-]+"),
);

/** Dashboards belong to an account, not to a region (Service Authorization Reference). */
export const dashboardArn = (name: string) => arnOf("cloudwatch", "", `dashboard/${name}`);

export function notFound(names: readonly string[]): AwsError {
  return new AwsError("DashboardNotFoundError", `Dashboard ${names.join(", ")} does not exist`, 404);
}
