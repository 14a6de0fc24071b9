import type { ListServicesResponse } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { ECS_SERVICE_READING } from "../../access/rate.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findCluster, servicesIn } from "../../tasks/control.ts";
import { count, ecsInput, page, recorded } from "../../tasks/resources/input.ts";

const Input = v.strictObject({
  cluster: v.optional(v.string()),
  nextToken: v.optional(v.string()),
  // ECS API: 10 unless asked for more.
  maxResults: v.optional(count(1, 100), 10),
  launchType: recorded,
  schedulingStrategy: recorded,
});

export default defineOperation({
  service: "ecs",
  name: "ListServices",
  rate: ECS_SERVICE_READING,
  run(control, raw): ListServicesResponse {
    const input = ecsInput("ListServices", Input, raw);
    const services = servicesIn(control, findCluster(control, input.cluster));
    const arns = services.filter(({ status }) => status !== "INACTIVE").map(({ arn }) => arn);
    const { items, nextToken } = page(arns, input.maxResults, input.nextToken);
    return { serviceArns: items, nextToken };
  },
});
