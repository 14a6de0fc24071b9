import { DescribeTasksCommand, RunTaskCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import { filters, textsIn } from "../aws/raw.ts";
import type { ZonesSeen } from "../observations.ts";
import { ecsTagsOf, secondsUntil, type Context } from "./context.ts";
import { attempt } from "./attempt.ts";

/** Zones without opt-in, and a task on Fargate in each of those at hand. */
export async function zones(context: Context): Promise<ZonesSeen> {
  const { clients, clock, run } = context;
  const { ecs, raw } = clients;
  const xml = await raw.query(
    "ec2",
    "DescribeAvailabilityZones",
    filters({ "opt-in-status": "opt-in-not-required" }),
  );
  const types = textsIn(xml, "zoneType");
  const listed = textsIn(xml, "zoneName").map((name, index) => ({ name, type: types[index] ?? "" }));
  const { network, cluster, taskDefinitions, securityGroup } = await context.base();
  const tasks = await Promise.all(
    network.subnets.map(async ({ id, zone, zoneId }) => {
      let why = "it was not running after three minutes";
      let ran: number | undefined;
      const taken = await attempt(async () => {
        const { tasks = [], failures = [] } = await ecs.send(
          new RunTaskCommand({
            cluster,
            taskDefinition: taskDefinitions.blue,
            launchType: "FARGATE",
            networkConfiguration: {
              awsvpcConfiguration: {
                subnets: [id],
                securityGroups: [securityGroup],
                assignPublicIp: "ENABLED",
              },
            },
            tags: ecsTagsOf(run),
          }),
        );
        const task = tasks[0]?.taskArn;
        if (task === undefined) {
          why = failures[0]?.reason ?? "no task";
          return why;
        }
        ran = await secondsUntil(
          clock,
          async () => {
            const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
            why = tasks[0]?.stoppedReason ?? why;
            return tasks[0]?.lastStatus === "RUNNING";
          },
          180,
          5,
        );
        await ecs.send(new StopTaskCommand({ cluster, task }));
        return why;
      });
      return { zone, zoneId, ran: ran !== undefined, why: taken.said };
    }),
  );
  return { listed, tasks };
}
