import * as v from "valibot";
import { ECS_SERVICE_WRITING } from "../../access/rate.ts";
import { onService } from "../../access/requires-ecs.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { findActiveService } from "../../tasks/control.ts";
import { ecsInput, invalidParameter, text } from "../../tasks/resources/input.ts";
import { serviceAnswer } from "../../tasks/resources/service-answer.ts";
import { wake } from "../../tasks/resources/service-changes.ts";

const Input = v.strictObject({
  cluster: v.optional(v.string()),
  service: text,
  force: v.optional(v.boolean(), false),
});

export default defineOperation({
  service: "ecs",
  name: "DeleteService",
  requires: onService,
  rate: ECS_SERVICE_WRITING,
  run(control, raw) {
    const input = ecsInput("DeleteService", Input, raw);
    const service = findActiveService(control, input.cluster, input.service);
    if (service.desiredCount > 0 && !input.force) {
      throw invalidParameter("The service cannot be stopped while it is scaled above 0.");
    }
    service.status = "DRAINING";
    service.desiredCount = 0;
    wake(control, service);
    return { service: serviceAnswer(control, service, true) };
  },
});
