import * as v from "valibot";
import { defineOperation } from "../../../aws-api/define-operation.ts";
import { dashboardArn } from "../../../dashboards/name.ts";
import { page, parseInput, text } from "../../../metrics/input.ts";

const DASHBOARDS_PER_PAGE = 1000;
const Input = v.strictObject({
  DashboardNamePrefix: v.optional(text(0, 255)),
  NextToken: v.optional(v.string()),
});

export default defineOperation({
  service: "cloudwatch",
  name: "ListDashboards",
  run({ dashboards }, raw) {
    const { DashboardNamePrefix = "", NextToken } = parseInput("ListDashboards", Input, raw);
    const matching = dashboards.all().filter(({ name }) => name.startsWith(DashboardNamePrefix));
    const { items, next } = page(matching, DASHBOARDS_PER_PAGE, NextToken);
    const entries = items.map(({ name, json, modifiedMs }) => ({
      DashboardName: name,
      DashboardArn: dashboardArn(name),
      LastModified: new Date(modifiedMs),
      Size: Buffer.byteLength(json),
    }));
    return { DashboardEntries: entries, NextToken: next };
  },
});
