import type { ListTasksResponse } from "@aws-sdk/client-ecs";
import * as v from "valibot";
import { nameIn } from "../../arn.ts";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { AwsError } from "../../aws-api/errors.ts";
import { findCluster, servicesIn } from "../../tasks/control.ts";
import { count, ecsInput, page, unsupported } from "../../tasks/resources/input.ts";
import { tasksIn } from "../../tasks/resources/tasks.ts";

const Input = v.strictObject({
  cluster: v.optional(v.string()),
  serviceName: v.optional(v.string()),
  family: v.optional(v.string()),
  startedBy: v.optional(v.string()),
  desiredStatus: v.optional(v.picklist(["RUNNING", "PENDING", "STOPPED"]), "RUNNING"),
  launchType: v.optional(v.picklist(["EC2", "FARGATE", "EXTERNAL"])),
  containerInstance: unsupported,
  daemonName: unsupported,
  nextToken: v.optional(v.string()),
  maxResults: v.optional(count(1, 100), 100),
});

export default defineOperation({
  service: "ecs",
  name: "ListTasks",
  run(control, raw): ListTasksResponse {
    const input = ecsInput("ListTasks", Input, raw);
    const cluster = findCluster(control, input.cluster);
    const services = servicesIn(control, cluster);
    const { serviceName, family, startedBy } = input;
    if (serviceName !== undefined && !services.some(({ name }) => name === nameIn(serviceName))) {
      throw new AwsError("ServiceNotFoundException", "Service not found.");
    }
    // ECS API, ListTasks: no task ever has the desired status PENDING; filtering by it answers nothing.
    const arns = tasksIn(control, cluster)
      .filter(({ service }) => serviceName === undefined || service.name === nameIn(serviceName))
      .filter(({ task }) => task.desiredStatus === input.desiredStatus)
      .filter(({ task }) => startedBy === undefined || task.deploymentId === startedBy)
      .filter(({ task }) => family === undefined || nameIn(task.taskDefinition).split(":")[0] === family)
      .filter(() => input.launchType === undefined || input.launchType === "FARGATE")
      .map(({ task }) => task.arn);
    const { items, nextToken } = page(arns, input.maxResults, input.nextToken);
    return { taskArns: items, nextToken };
  },
});
