import { expect, it } from "vitest";
import { MODELLED, type Service } from "../../support/aws-models/operations.ts";
import { findingsOf } from "../../support/aws-models/validate.ts";
import { live } from "../access/support/life-cycle.ts";
import { createTestCloud } from "../../../packages/local-cloud/test/provider/cloud.ts";

/** Operations that there is a model of, by service. */
const modelled = (service: string): service is Service => Object.hasOwn(MODELLED, service);

it("What the local cloud's provider makes of resources is what AWS takes, too", async () => {
  const found: string[] = [];
  const checked = new Set<string>();
  const cloud = createTestCloud(() => ({ service, operation, input }) => {
    if (!modelled(service) || !MODELLED[service].operations.some((one) => one === operation)) return;
    checked.add(`${service}:${operation}`);
    found.push(...findingsOf(service, operation, input));
  });
  await live(cloud);
  await cloud.close();
  expect(found).toEqual([]);
  expect([...checked].filter((call) => /:(Create|Register|Put)/.test(call)).length).toBe(12);
});
