import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCloudWatch } from "../../packages/local-cloud/alarms/cloudwatch.ts";
import type { LocalCloud } from "../../packages/local-cloud/cloud.ts";
import { createElb } from "../../packages/local-cloud/gateway/elb.ts";
import { createMetricStore } from "../../packages/local-cloud/metrics/store.ts";
import { createEcs } from "../../packages/local-cloud/tasks/ecs.ts";
import {
  cloudDirectory,
  type CloudDirectory,
} from "../../packages/local-cloud/test/support/cloud-directory.ts";
import { MODEL_COMMAND, MODEL_IMAGE } from "../../packages/local-cloud/test/support/model-service.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { absence, run } from "./support/tool.ts";

const STORIES = join(import.meta.dirname, "stories");
// boto3 of before autumn 2025 speaks the query protocol to CloudWatch, which the local cloud does not.
const { absent, why } = absence([
  "python3",
  "-c",
  "import boto3, botocore.session as s; s.get_session().get_service_model('cloudwatch').metadata['protocols'].index('json')",
]);

/** A model's container that counts forty answers with AWS's own library, as docs/signals/signals.md shows it, and stays. */
const COUNTING = [
  process.execPath,
  "-e",
  `const { createMetricsLogger, Unit } = require(${JSON.stringify(fileURLToPath(import.meta.resolve("aws-embedded-metrics")))});
   const { STACK: Stack, SLOT: Slot } = process.env;
   (async () => {
     for (let answer = 0; answer < 40; answer += 1) {
       const metrics = createMetricsLogger();
       metrics.setNamespace("MlBlueGreen/Signals");
       metrics.setDimensions([{ Stack, Slot }, { Stack, Slot, country: answer < 10 ? "DE" : "FR" }]);
       metrics.putMetric("Answers", 1, Unit.Count);
       metrics.putMetric("Refused", answer % 4 === 0 ? 1 : 0, Unit.Count);
       metrics.setProperty("release", "v3-g7");
       await metrics.flush();
     }
     setInterval(() => {}, 60_000);
   })();`,
];

/** What a story has found, as JSON gives it. */
type Findings = Readonly<Record<string, unknown>> & { readonly called: readonly string[] };

/** `service:Operation` of everything that the local cloud serves, in the words of boto3. */
async function served(): Promise<string[]> {
  const clock = new ManualClock();
  const region = "us-east-1";
  const store = createMetricStore({ clock });
  const elb = createElb({ clock, region, metrics: store });
  const images = { resolve: () => undefined, known: () => [] };
  const ecs = createEcs({ clock, region, images, targets: elb, metrics: store, logDirectory: "unused" });
  const watch = createCloudWatch({ clock, region, store });
  watch.close();
  await Promise.all([ecs.close(), elb.close()]);
  const tables = {
    elbv2: elb.operations,
    ecs: ecs.operations,
    "application-autoscaling": ecs.autoScalingOperations,
    cloudwatch: watch.operations,
  };
  return Object.entries(tables).flatMap(([service, operations]) =>
    Object.keys(operations).map((name) => `${service}:${name}`),
  );
}

describe.skipIf(absent)(`boto3${why}`, () => {
  let place: CloudDirectory;
  let cloud: LocalCloud;
  const servers: Server[] = [];
  const called = new Set<string>();

  beforeAll(async () => {
    place = await cloudDirectory();
    const images = { [MODEL_IMAGE]: { command: MODEL_COMMAND }, "counting:1": { command: COUNTING } };
    await writeFile(place.imagesPath, JSON.stringify({ images }));
    cloud = await place.start();
  });
  afterAll(async () => {
    for (const server of servers) server.close();
    await place.dispose();
  });

  /** Somebody else's process that always gives this answer; its port. */
  async function target(answer: string): Promise<string> {
    const server = createServer((_, response) => response.end(answer)).listen(0, "127.0.0.1");
    servers.push(server);
    await once(server, "listening");
    // A listening TCP server has a socket address.
    return String((server.address() as AddressInfo).port);
  }

  async function tell(story: string, ...more: string[]): Promise<Findings> {
    const { exitCode, stdout, stderr } = await run([
      "python3",
      join(STORIES, `${story}.py`),
      cloud.url,
      ...more,
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    // Each story prints one such object.
    const findings = JSON.parse(stdout) as Findings;
    for (const operation of findings.called) called.add(operation);
    return findings;
  }

  it("takes an alarm and its composite to ALARM and back, and sees both kinds", async () => {
    const found = await tell("alarms");
    expect(found).toMatchObject({
      alarmed: {
        StateValue: "ALARM",
        StateReason: expect.stringMatching(
          /^Threshold Crossed: 1 out of the last 1 datapoints \[9\.0 .* was greater than the threshold \(5\.0\)/,
        ),
        AlarmActions: ["arn:aws:sns:us-east-1:000000000000:page"],
      },
      // Without AlarmTypes AWS answers metric alarms alone.
      defaultKinds: [2, 0],
      both: [["high", "very-high"], [["any", 'ALARM("high") OR ALARM("very-high")', "ALARM"]]],
      pages: [["any"], ["high"], ["very-high"]],
      actions: [false, true],
      tags: [{ Key: "owner", Value: "ml" }],
      drill: "ALARM",
      left: [],
    });
    // A busy machine may evaluate it before its first breaching point, so that it is OK in between.
    const changes = ["INSUFFICIENT_DATA to (ALARM|OK,Alarm updated from OK to ALARM)", "ALARM to OK"];
    const summaries = changes.map((change) => `Alarm updated from ${change}`);
    expect(String(found["changes"])).toMatch(new RegExp(`^${summaries.join(",")}$`));
    expect(found["refusals"]).toEqual({
      "a composite of what is not there": ["ValidationError", "ClientError", 400],
      "a state of an alarm that is not there": ["ResourceNotFound", "ResourceNotFound", 404],
      "state data that is no JSON": ["InvalidFormat", "InvalidFormatFault", 400],
      "an alarm that a composite needs is deleted": ["ValidationError", "ClientError", 400],
      "an alarm that is not there is deleted": ["ResourceNotFound", "ResourceNotFound", 404],
      "tags of nothing": ["ResourceNotFoundException", "ResourceNotFoundException", 404],
      "a page that is not there": ["InvalidNextToken", "InvalidNextToken", 400],
      "a period that is not one": ["ValidationError", "ClientError", 400],
      "anomaly detection": ["UnknownOperationException", "ClientError", 400],
    });
  });

  it("puts metrics and reads them back, with mathematics, percentiles and pages", async () => {
    const found = await tell("metrics");
    expect(found).toMatchObject({
      whole: {
        rate: { label: "error rate", status: "Complete", values: [0, 10, 0, 0] },
        p90: { label: "seconds", status: "Complete", values: [0.4] },
      },
      offsets: [1, 2, 3, 4],
      pages: [
        [2, 0],
        [2, 0],
        [0, 1],
      ],
      newestFirst: [30, 5],
      batch: [{ SampleCount: 4, Sum: 10, Minimum: 1, Maximum: 4, Average: 2.5 }],
      percentiles: [{ ExtendedStatistics: { p50: 0.2, p99: 0.4 }, Unit: "Seconds" }],
      listed: ["requests", "errors", "seconds", "batch"],
    });
    expect(found["refusals"]).toEqual({
      "an end before the start": ["ValidationError", "ClientError", 400],
      "mathematics that cannot be read": ["ValidationError", "ClientError", 400],
      "a value that is no number": ["InvalidParameterValue", "InvalidParameterValueException", 400],
      "a namespace of AWS": ["InvalidParameterValue", "InvalidParameterValueException", 400],
      "statistics of both kinds": [
        "InvalidParameterCombination",
        "InvalidParameterCombinationException",
        400,
      ],
      "no statistics": ["MissingParameter", "MissingRequiredParameterException", 400],
    });
  });

  it("reads what a task has counted by AWS's own library for embedded metrics, whole and by segment", async () => {
    expect(await tell("embedded")).toMatchObject({
      clusters: expect.arrayContaining(["embedded"]),
      refused: [10, 40],
      DE: [3, 10],
      FR: [7, 30],
      // What is no dimension is no metric of its own.
      dimensions: ["Slot Stack", "Slot Stack country"],
    });
  });

  it("puts a dashboard, reads it back as it was given, and hears what CloudWatch would refuse", async () => {
    const found = await tell("dashboards");
    expect(found).toMatchObject({
      messages: [],
      arn: "arn:aws:cloudwatch::000000000000:dashboard/judge",
      same: true,
      listed: [["judge", true]],
      left: [],
    });
    expect(found["refusals"]).toEqual({
      "a widget without its region": ["InvalidParameterInput", "DashboardInvalidInputError", 400],
      // The code is the same for other things that are not there, and boto3 goes by the code.
      "a dashboard that is not there": ["ResourceNotFound", "ResourceNotFound", 404],
      "one that is not there is deleted": ["ResourceNotFound", "ResourceNotFound", 404],
    });
  });

  it("makes a route, weighs it anew, and users get what the weights say", async () => {
    const found = await tell("routing", await target("blue"), await target("green"));
    expect(found).toMatchObject({
      empty: [503, expect.stringContaining("503 Service Unavailable")],
      idleTimeout: "90",
      delay: "7",
      atFirst: { blue: 20 },
      byHeader: { green: 5 },
      half: { blue: expect.any(Number), green: expect.any(Number) },
      after: { green: 100 },
      weights: [0, 100],
      // AWS, "Deregistration delay": without requests in flight it is over at once.
      leaving: [],
      gone: 503,
      paged: {
        groups: [["judge-blue"], ["judge-green"]],
        balancers: [["judge"]],
        listeners: [[80]],
        rules: [["50"], ["100"], ["default"]],
      },
      tags: [{ Key: "stage", Value: "test" }],
      left: 0,
    });
    expect(found["refusals"]).toEqual({
      "a group that is not there": ["TargetGroupNotFound", "TargetGroupNotFoundException", 400],
      "a balancer that is not there": ["LoadBalancerNotFound", "LoadBalancerNotFoundException", 400],
      "a listener that is not there": ["ListenerNotFound", "ListenerNotFoundException", 400],
      "a rule that is not there": ["RuleNotFound", "RuleNotFoundException", 400],
      "a second group of that name": ["DuplicateTargetGroupName", "DuplicateTargetGroupNameException", 400],
      "a second balancer of that name": [
        "DuplicateLoadBalancerName",
        "DuplicateLoadBalancerNameException",
        400,
      ],
      "a second listener on the port": ["DuplicateListener", "DuplicateListenerException", 400],
      "a priority that is taken": ["PriorityInUse", "PriorityInUseException", 400],
      "a group that is in use": ["ResourceInUse", "ResourceInUseException", 400],
      "a weight of 1000": ["ValidationError", "ClientError", 400],
      "stickiness beyond a week": ["ValidationError", "ClientError", 400],
      "what is not simulated": ["NotSimulated", "ClientError", 501],
    });
  });

  it("runs a service through a killed task, a stopped one, a new version and its scaling", async () => {
    const found = await tell("services");
    expect(found).toMatchObject({
      stable: { health: ["healthy", "healthy"], answer: [200, "one"] },
      dead: {
        status: "STOPPED",
        // 128 + SIGKILL, as container runtimes report it.
        exitCode: 137,
        stopCode: "EssentialContainerExited",
        reason: "Essential container in task exited",
      },
      replaced: true,
      stopped: ["UserInitiated", "drill"],
      deployments: [["PRIMARY", "COMPLETED"]],
      runs: true,
      newest: 2,
      steady: true,
      scaled: { bounds: [[3, 4]], policies: [60] },
      taskPages: [2, 1],
      servicePages: 1,
      tags: [{ key: "owner", value: "ml" }],
      missing: ["MISSING"],
      clusters: ["INACTIVE"],
    });
    const refused = (code: string) => [code, code, 400];
    expect(found["refusals"]).toEqual({
      "a cluster that is not there": refused("ClusterNotFoundException"),
      "a service that is not there": refused("ServiceNotFoundException"),
      "a task that is not there": refused("InvalidParameterException"),
      "a task definition that is not there": refused("ClientException"),
      "a second service of that name": refused("InvalidParameterException"),
      "a service that still has tasks is deleted": refused("InvalidParameterException"),
      "a cluster that has services is deleted": refused("ClusterContainsServicesException"),
      "a policy of nothing": refused("ObjectNotFoundException"),
      "bounds the wrong way round": refused("ValidationException"),
      "what is not simulated": ["UnknownOperationException", "ClientError", 400],
    });
  });

  it("has called every operation that the local cloud serves", async () => {
    expect((await served()).filter((operation) => !called.has(operation))).toEqual([]);
  });
});
