import * as v from "valibot";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { AwsError } from "../../../aws-api/errors.ts";
import { readBody } from "../../../dashboards/body.ts";
import { dashboardArn, dashboardName } from "../../../dashboards/name.ts";
import { parseInput } from "../../../metrics/input.ts";

const Input = v.strictObject({ DashboardName: dashboardName, DashboardBody: v.string() });

export default defineOperation({
  service: "cloudwatch",
  name: "PutDashboard",
  requires: onMember("DashboardName", (_, name) => dashboardArn(name)),
  run({ dashboards }, raw) {
    const input = parseInput("PutDashboard", Input, raw);
    const read = readBody(input.DashboardBody);
    if (!read.ok) throw invalidBody(read.problems);
    dashboards.put(input.DashboardName, input.DashboardBody);
    return { DashboardValidationMessages: [] };
  },
});

function invalidBody(problems: readonly unknown[]): AwsError {
  const count = `there are ${problems.length} validation errors`;
  const shown = JSON.stringify(problems, undefined, 2);
  return new AwsError("DashboardInvalidInputError", `The dashboard body is invalid, ${count}:\n${shown}`);
}
