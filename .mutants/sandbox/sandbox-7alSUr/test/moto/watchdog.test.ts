import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import { RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readWatchdogMark } from "../../contract/route/route-tags.ts";
import { readTelling } from "../../contract/alarms/telling.ts";
import { WATCHDOG_ENVIRONMENT } from "../../contract/alarms/watchdog.ts";
import { awsPorts } from "../../validation/adapters/aws.ts";
import { run } from "../../watchdog/lambda.ts";
import { TWO_SLOTS, TYPE } from "../infra/configs.ts";
import { runProgram, type ProgramRun } from "../support/pulumi-mocks.ts";
import { sharing } from "../validation/support/samples.ts";
import { ACCOUNT, cannotJudge, REGION, startMoto, WITHOUT_MOTO, type Moto } from "./support/moto.ts";
import { make } from "./support/program.ts";
import { accepted, elements, json, parsed, query, rest } from "./support/raw.ts";
import { makeStack, NAMES, type MadeStack } from "./support/stack.ts";

const SCHEDULED = { source: "aws.events", "detail-type": "Scheduled Event", detail: {} };
const fired = () => ({
  source: "aws.cloudwatch",
  alarmData: {
    alarmName: NAMES.slotAlarms.green,
    state: { value: "ALARM", reason: "one is in ALARM", timestamp: new Date().toISOString() },
  },
});

describe.skipIf(WITHOUT_MOTO !== "")(`the watchdog on moto${WITHOUT_MOTO}`, () => {
  let moto: Moto;
  let stack: MadeStack;
  let topicArn: string;
  let queueUrl: string;

  beforeAll(async () => {
    moto = await startMoto();
  });
  afterAll(() => moto?.stop());
  beforeEach(async () => {
    await moto.reset();
    stack = await makeStack(moto, { ...sharing(25), service: { stickinessSeconds: 600 } });
    const Targets = [{ Id: "172.31.0.10", Port: 8080 }];
    for (const TargetGroupArn of Object.values(stack.groups)) {
      await stack.elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets }));
    }
    await failingAlarm();
    await audience();
  });

  async function failingAlarm() {
    const cloudWatch = new CloudWatchClient(moto.client);
    const AlarmName = NAMES.alarm("green", "error-rate");
    const put = new PutMetricAlarmCommand({
      AlarmName,
      Namespace: "AWS/ApplicationELB",
      MetricName: "RequestCount",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0.05,
      ComparisonOperator: "GreaterThanThreshold",
    });
    await cloudWatch.send(put);
    const StateReason = "0.2 was greater than the threshold 0.05";
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: "ALARM", StateReason }));
  }

  async function audience() {
    const sns = new SNSClient(moto.client);
    topicArn = (await sns.send(new CreateTopicCommand({ Name: "releases" }))).TopicArn ?? "";
    const made = await accepted(
      query(moto, "sqs", { Action: "CreateQueue", QueueName: "heard", Version: "2012-11-05" }),
    );
    queueUrl = elements(made, "QueueUrl")[0] ?? "";
    const Endpoint = `arn:aws:sqs:${REGION}:${ACCOUNT}:heard`;
    await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: "sqs", Endpoint }));
  }

  /** Subjects of what the topic's subscriber has got. */
  async function heard(): Promise<readonly unknown[]> {
    const body = await accepted(
      query(moto, "sqs", {
        Action: "ReceiveMessage",
        QueueUrl: queueUrl,
        MaxNumberOfMessages: "10",
        Version: "2012-11-05",
      }),
    );
    const quoted = elements(body, "Body").map((text) => text.replaceAll("&quot;", '"'));
    return quoted.map((text) => parsed(text)["Subject"]);
  }

  const call = (event: unknown) =>
    run(event, {
      environment: {
        [WATCHDOG_ENVIRONMENT.routeArn]: stack.routeArn,
        [WATCHDOG_ENVIRONMENT.blueAlarm]: NAMES.slotAlarms.blue,
        [WATCHDOG_ENVIRONMENT.greenAlarm]: NAMES.slotAlarms.green,
        [WATCHDOG_ENVIRONMENT.topicArn]: topicArn,
      },
      now: Date.now,
      wait: (ms) => setTimeout(ms),
      log: () => {},
      client: moto.client,
    });
  const weights = async () =>
    (await awsPorts(moto.client).route.read(stack.routeArn)).groups.map(({ weight }) => weight);

  it("moves users back, marks the route, and the topic's subscriber hears of it", async () => {
    expect(await call(fired())).toMatchObject({ written: true });
    expect(await weights()).toEqual([100, 0]);
    const { route } = awsPorts(moto.client);
    const tags = (await route.tags([stack.routeArn])).get(stack.routeArn) ?? {};
    expect(readWatchdogMark(tags)).toMatchObject({ releaseId: "v2-g3" });
    expect(readTelling(tags, "rolledBack")).toMatchObject({ state: "told" });
    expect(await heard()).toEqual(["fraud-model/prod: v2-g3 rolled back by the watchdog"]);
  });

  it("called by the alarm and the schedule at once, tells people once", async () => {
    await Promise.all([call(fired()), call(SCHEDULED), call(fired())]);
    expect(await weights()).toEqual([100, 0]);
    expect((await heard()).length).toBe(1);
  });

  describe("as the program makes it", () => {
    const topic = `arn:aws:sns:${REGION}:${ACCOUNT}:releases`;
    let program: ProgramRun;
    beforeAll(async () => {
      const rollout = { notifyTopicArn: topic, watchdogReserved: true };
      program = await runProgram({ ...TWO_SLOTS, rollout }, "prod");
    });

    it("is taken by IAM, Lambda, EventBridge and CloudWatch Logs", async () => {
      const name = NAMES.watchdog;
      const role = await make(moto, program, [TYPE.role, "watchdog"]);
      await make(moto, program, [TYPE.logGroup, "watchdog"]);
      const made = parsed(await make(moto, program, [TYPE.function, "watchdog"], { role }));
      expect(made).toMatchObject({ FunctionName: name, Runtime: "nodejs24.x", Timeout: 30 });
      await make(moto, program, [TYPE.invokeConfig, "watchdog"]);
      for (const permission of ["watchdog-blue", "watchdog-green", "watchdog-schedule"]) {
        await make(moto, program, [TYPE.permission, permission]);
      }
      await make(moto, program, [TYPE.eventRule, "watchdog"]);
      await make(moto, program, [TYPE.eventTarget, "watchdog"]);

      const policy = await accepted(rest(moto, "lambda", "GET", `/2015-03-31/functions/${name}/policy`));
      expect(policy).toContain("lambda.alarms.cloudwatch.amazonaws.com");
      const rule = await accepted(json(moto, "events", "AWSEvents.DescribeRule", { Name: name }));
      expect(parsed(rule)).toMatchObject({ ScheduleExpression: "rate(1 minute)", State: "ENABLED" });
      const targets = await accepted(json(moto, "events", "AWSEvents.ListTargetsByRule", { Rule: name }));
      expect(targets).toContain(`function:${name}`);
    });
  });

  cannotJudge("calls by an alarm and by the schedule", "calls no function for either without Docker");
  cannotJudge("calls on rate limits", "has none");
});
