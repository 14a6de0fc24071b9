import * as v from "valibot";
import { onMember } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { dashboardArn, dashboardName, notFound } from "../../../dashboards/name.ts";
import { parseInput } from "../../../metrics/input.ts";

const Input = v.strictObject({ DashboardName: dashboardName });

export default defineOperation({
  service: "cloudwatch",
  name: "GetDashboard",
  requires: onMember("DashboardName", (_, name) => dashboardArn(name)),
  run({ dashboards }, raw) {
    const { DashboardName: name } = parseInput("GetDashboard", Input, raw);
    const found = dashboards.find(name);
    if (found === undefined) throw notFound([name]);
    return { DashboardArn: dashboardArn(name), DashboardBody: found.json, DashboardName: name };
  },
});
