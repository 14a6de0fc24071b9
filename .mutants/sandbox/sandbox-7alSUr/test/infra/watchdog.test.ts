import { spawnSync } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { isRecord } from "../../contract/config/field.ts";
import { watchdogCode } from "../../infra/watchdog-code.ts";
import { changesBetween, find, keysOf, runProgram } from "../support/pulumi-mocks.ts";
import { ONE_SLOT, TWO_SLOTS, TYPE } from "./configs.ts";

const root = join(import.meta.dirname, "../..");
const TOPIC = "arn:aws:sns:us-east-1:000000000000:releases";
const FUNCTION = `${TYPE.function}::watchdog`;

describe("The watchdog", () => {
  test("is called by each slot's composite alarm, and by nobody else but its schedule", async () => {
    const run = await runProgram(TWO_SLOTS, "prod");
    const arn = "arn:aws:lambda:us-east-1:000000000000:function:fraud-model_prod_k3f9ab-watchdog";
    for (const slot of ["blue", "green"]) {
      expect(find(run, `${TYPE.composite}::${slot}`).inputs["alarmActions"]).toEqual([arn]);
      expect(find(run, `${TYPE.permission}::watchdog-${slot}`).inputs).toMatchObject({
        principal: "lambda.alarms.cloudwatch.amazonaws.com",
        sourceAccount: "000000000000",
        sourceArn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:fraud-model_prod_k3f9ab-${slot}`,
      });
    }
    expect(find(run, `${TYPE.eventRule}::watchdog`).inputs["scheduleExpression"]).toBe("rate(1 minute)");
    expect(find(run, `${TYPE.permission}::watchdog-schedule`).inputs["principal"]).toBe(
      "events.amazonaws.com",
    );
    expect(find(run, `${TYPE.eventTarget}::watchdog`).inputs["arn"]).toBe(arn);
  });

  test("may write one rule, its tags and a metric, and nothing else", async () => {
    const { inputs } = find(await runProgram(ONE_SLOT, "prod"), `${TYPE.role}::watchdog`);
    const [inline] = Array.isArray(inputs["inlinePolicies"]) ? inputs["inlinePolicies"] : [];
    const { Statement } = JSON.parse(isRecord(inline) ? String(inline["policy"]) : "{}");
    const writes = Statement.filter(
      ({ Action }: { Action: string[] }) => !Action.every((one) => /:(Describe|List|Get)/.test(one)),
    );
    expect(writes.map(({ Action }: { Action: string[] }) => Action)).toEqual([
      ["cloudwatch:PutMetricData"],
      ["elasticloadbalancing:AddTags", "elasticloadbalancing:ModifyRule"],
      ["logs:CreateLogStream", "logs:PutLogEvents"],
    ]);
  });

  test("acts on the tags of the route: a release, its shares and its end leave it as it is", async () => {
    const release = {
      id: "v8-g2",
      slot: "green",
      state: "running",
      weight: 25,
      deadline: "2026-01-01T01:00:00Z",
    };
    const before = await runProgram({ ...TWO_SLOTS, release, greenWeight: 25 });
    const after = await runProgram({ ...TWO_SLOTS, release: { ...release, state: "rolledBack" } });
    expect(Object.keys(changesBetween(before, after))).toEqual([`${TYPE.rule}::route`]);
  });

  test("tells a topic and a webhook, whose address stays secret", async () => {
    const notifyUrl = "https://hooks.example.com/T0/B0/secret";
    const run = await runProgram({ ...ONE_SLOT, notifyUrl, rollout: { notifyTopicArn: TOPIC } });
    const { inputs, secretPaths } = find(run, FUNCTION);
    expect(inputs["environment"]).toMatchObject({
      variables: { NOTIFY_TOPIC_ARN: TOPIC, NOTIFY_URL: notifyUrl },
    });
    expect(secretPaths.join()).toContain("environment");
    expect(JSON.stringify(find(run, `${TYPE.role}::watchdog`).inputs)).toContain(TOPIC);
  });

  test("takes none of the account's executions for itself unless it was asked to", async () => {
    const plain = find(await runProgram(TWO_SLOTS, "prod"), FUNCTION);
    expect(plain.inputs["reservedConcurrentExecutions"]).toBeUndefined();
    const reserved = await runProgram({ ...TWO_SLOTS, rollout: { watchdogReserved: true } }, "prod");
    expect(find(reserved, FUNCTION).inputs["reservedConcurrentExecutions"]).toBe(1);
  });

  test("is not there when the configuration says so", async () => {
    const run = await runProgram({ ...TWO_SLOTS, rollout: { watchdog: false } });
    expect(keysOf(run).filter((key) => key.includes("watchdog"))).toEqual([]);
    expect(find(run, `${TYPE.composite}::blue`).inputs["alarmActions"]).toBeUndefined();
  });
});

describe("The watchdog's code", () => {
  test("is JavaScript that runs by itself, with the SDK of the runtime alone beside it", async () => {
    // Below the repository, where Node finds the SDK as it does in Lambda's runtime.
    const directory = mkdtempSync(join(root, "node_modules", ".watchdog-"));
    try {
      for (const [path, source] of watchdogCode()) {
        mkdirSync(join(directory, dirname(path)), { recursive: true });
        writeFileSync(join(directory, path), source);
      }
      const { handler } = await import(pathToFileURL(join(directory, "watchdog/lambda.mjs")).href);
      await expect(handler({ source: "unknown" })).rejects.toThrow("the watchdog has no ROUTE_ARN");
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test("imports nothing but itself, Node's own modules and AWS's SDK", () => {
    const files = watchdogCode();
    const imports = [...files.values()].flatMap((source) =>
      [...source.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map(([, specifier = ""]) => specifier),
    );
    expect(imports.filter((one) => !/^(\.|node:|@aws-sdk\/)/.test(one))).toEqual([]);
    expect([...files.keys()].filter((path) => !/^(watchdog|contract)\/[a-z/-]+\.mjs$/.test(path))).toEqual(
      [],
    );
  });

  test("says nothing while it is made, for Pulumi would show it with every update", () => {
    const make = 'import("./infra/watchdog-code.ts").then(({ watchdogCode }) => watchdogCode())';
    const { status, stderr } = spawnSync(process.execPath, ["--eval", make], { cwd: root, encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});
