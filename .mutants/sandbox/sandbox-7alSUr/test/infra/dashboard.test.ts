import { expect, test } from "vitest";
import { ALARM_KEYS } from "../../contract/alarms/alarm-catalog.ts";
import { renderDashboard } from "../../contract/alarms/dashboard.ts";
import { namesFor } from "../support/project.ts";
import { parseOutputs } from "../../contract/names/outputs.ts";
import { perSlot } from "../../contract/slot.ts";
import { find, runProgram } from "../support/pulumi-mocks.ts";
import { ONE_SLOT, TYPE } from "./configs.ts";

// That a change of routing leaves it alone is a test of the routing.
test("The dashboard is that of the contract, on the resources that the outputs name", async () => {
  const thresholds = { maxErrorRate: 0.02, maxSlowRate: 0.2, slowSeconds: 2, minRequestsPerMinute: 30 };
  const more = { maxCpuUtilization: 70, maxMemoryUtilization: 80 };
  const run = await runProgram({ ...ONE_SLOT, thresholds: { ...thresholds, ...more } }, "prod");
  const outputs = parseOutputs(run.outputs);
  if (outputs === undefined) throw new Error("the outputs are not those of a stack");
  const arn = (name: string) => `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${name}`;
  const blue = [
    namesFor("prod").slotAlarms.blue,
    ...ALARM_KEYS.map((key) => namesFor("prod").alarm("blue", key)),
  ];
  const { inputs } = find(run, `${TYPE.dashboard}::dashboard`);
  expect(inputs["dashboardName"]).toBe("fraud-model_prod_k3f9ab");
  expect(JSON.parse(String(inputs["dashboardBody"]))).toEqual(
    renderDashboard({
      stack: "fraud-model/prod",
      region: outputs.region,
      loadBalancerSuffix: outputs.loadBalancerSuffix,
      hasLabels: false,
      clusterName: outputs.clusterName,
      thresholds: { ...thresholds, ...more },
      slots: perSlot((slot) => ({
        targetGroupSuffix: outputs.slots[slot].targetGroupSuffix,
        serviceName: `fraud-model_prod_k3f9ab-${slot}`,
        alarmArns: slot === "blue" ? blue.map(arn) : [],
      })),
    }),
  );
});
