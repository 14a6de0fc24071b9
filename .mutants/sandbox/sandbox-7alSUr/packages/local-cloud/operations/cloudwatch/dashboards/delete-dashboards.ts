import * as v from "valibot";
import { onEach } from "../../../access/requires.ts";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { dashboardArn, dashboardName, notFound } from "../../../dashboards/name.ts";
import { list, parseInput } from "../../../metrics/input.ts";

const Input = v.strictObject({ DashboardNames: list(dashboardName, 100) });

export default defineOperation({
  service: "cloudwatch",
  name: "DeleteDashboards",
  requires: onEach("DashboardNames", (_, name) => dashboardArn(name)),
  run({ dashboards }, raw) {
    const { DashboardNames: names } = parseInput("DeleteDashboards", Input, raw);
    // CloudWatch API: if one of them does not exist, none is deleted.
    const missing = names.filter((name) => dashboards.find(name) === undefined);
    if (missing.length > 0) throw notFound(missing);
    dashboards.remove(names);
    return {};
  },
});
