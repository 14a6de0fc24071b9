import { DescribeTasksCommand, RunTaskCommand, StopTaskCommand } from "@aws-sdk/client-ecs";
import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { isRecord } from "../../../contract/config/field.ts";
import { filters, textsIn } from "../aws/raw.ts";
import type { Observations, Try, ZonesSeen } from "../observations.ts";
import { runName } from "../things.ts";
import { ecsTagsOf, secondsUntil, tagsOf, type Context } from "./context.ts";
import { networkOf } from "./network.ts";
import { attempt } from "./attempt.ts";

/** An internal load balancer with IPv6: ELB should refuse it. */
export async function internal(context: Context): Promise<Try> {
  const { elb } = context.clients;
  const { subnets } = await networkOf(context);
  return attempt(async () => {
    const { LoadBalancers } = await elb.send(
      new CreateLoadBalancerCommand({
        Name: `${runName(context.run)}-in`,
        Scheme: "internal",
        IpAddressType: "dualstack",
        Subnets: subnets.slice(0, 2).map(({ id }) => id),
        Tags: tagsOf(context.run),
      }),
    );
    const LoadBalancerArn = LoadBalancers?.[0]?.LoadBalancerArn;
    if (LoadBalancerArn !== undefined) await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
    return "an internal load balancer with dualstack was made";
  });
}

/** Two certificates for one name, never validated: which records they ask for. */
export async function certificates(context: Context): Promise<Observations["certificates"]> {
  const { clients, clock, run } = context;
  const { raw } = clients;
  const DomainName = `${runName(run)}.example.com`;
  const records: (readonly string[])[] = [];
  for (const token of ["one", "two"]) {
    const made = await raw.json("acm", "RequestCertificate", {
      DomainName,
      ValidationMethod: "DNS",
      // ACM keeps a token for an hour: another run's must be another.
      IdempotencyToken: `${run}${token}`,
      Tags: tagsOf(run),
    });
    const CertificateArn = made["CertificateArn"];
    let found: readonly string[] = [];
    // ACM guide: the record is there some seconds after the request.
    await secondsUntil(
      clock,
      async () => {
        found = recordsOf(await raw.json("acm", "DescribeCertificate", { CertificateArn }));
        return found.length > 0;
      },
      45,
      5,
    );
    records.push(found);
  }
  return { records };
}

function recordsOf(answer: Readonly<Record<string, unknown>>): readonly string[] {
  const { Certificate } = answer;
  const options: unknown = isRecord(Certificate) ? Certificate["DomainValidationOptions"] : [];
  return (Array.isArray(options) ? options : []).flatMap((option) => {
    const record: unknown = isRecord(option) ? option["ResourceRecord"] : undefined;
    return isRecord(record)
      ? [`${String(record["Name"])} ${String(record["Type"])} ${String(record["Value"])}`]
      : [];
  });
}

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
