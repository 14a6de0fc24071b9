import type { DescribeServicesResponse } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { ECS_SERVICE_READING } from "../../access/rate.ts";
import { serviceArn } from "../../access/requires-ecs.ts";
import { onEach } from "../../access/requires.ts";
import { arnOf, nameIn } from "../../arn.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findCluster, lookUpService } from "../../tasks/control.ts";
import { ecsInput, strings } from "../../tasks/resources/input.ts";
import { serviceAnswer } from "../../tasks/resources/service-answer.ts";

const Input = v.strictObject({
  cluster: v.optional(v.string()),
  // ECS API: 1 to 10 services in one call.
  services: v.pipe(
    strings,
    v.minLength(1, "Services cannot be empty."),
    v.maxLength(10, "at most 10 services"),
  ),
  include: v.optional(strings, []),
});

export default defineOperation({
  service: "ecs",
  name: "DescribeServices",
  requires: onEach("services", serviceArn),
  rate: ECS_SERVICE_READING,
  run(control, raw): DescribeServicesResponse {
    const input = ecsInput("DescribeServices", Input, raw);
    const cluster = findCluster(control, input.cluster);
    const found = input.services.map((name) => ({ name, service: lookUpService(control, cluster, name) }));
    const withTags = input.include.includes("TAGS");
    const missingArn = (name: string) =>
      arnOf("ecs", control.region, `service/${cluster.name}/${nameIn(name)}`);
    return {
      services: found.flatMap(({ service }) =>
        service === undefined ? [] : [serviceAnswer(control, service, withTags)],
      ),
      failures: found
        .filter(({ service }) => service === undefined)
        .map(({ name }) => ({ arn: missingArn(name), reason: "MISSING" })),
    };
  },
});
