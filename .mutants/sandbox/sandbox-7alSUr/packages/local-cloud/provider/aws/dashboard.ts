import { ifThere, type Call } from "../calls.ts";
import { api, resource } from "../record-shape.ts";
import type { ResourceType } from "../resource-type.ts";
import { text } from "../shape.ts";

const inputs = resource({
  dashboardName: api("DashboardName", text()),
  dashboardBody: api("DashboardBody", text()),
});

/** A dashboard: one call puts the whole of it, the first time and every time. */
export function dashboardType(call: Call): ResourceType {
  return {
    inputs,
    replacedBy: ["dashboardName", "region"],
    identity: ["dashboardName"],
    async create(wanted) {
      await call("PutDashboard", inputs.toApi(wanted));
      const id = String(wanted["dashboardName"]);
      const { DashboardArn } = await call("GetDashboard", { DashboardName: id });
      return { id, arn: String(DashboardArn) };
    },
    steps: [
      {
        properties: ["dashboardBody"],
        async apply({ news }) {
          await call("PutDashboard", inputs.toApi(news));
        },
      },
    ],
    async describe({ id }) {
      const found = await ifThere(call("GetDashboard", { DashboardName: id }), /^DashboardNotFoundError$/);
      return found && { ...inputs.fromApi(found), dashboardArn: found["DashboardArn"] };
    },
    async delete({ id }) {
      await ifThere(call("DeleteDashboards", { DashboardNames: [id] }), /^DashboardNotFoundError$/);
    },
  };
}
