import { isRecord } from "../../../contract/config/field.ts";
import { find, type ProgramRun, type Registered } from "../../support/pulumi-mocks.ts";
import type { Moto } from "./moto.ts";
import { accepted, elements, json, query, rest } from "./raw.ts";

/** An archive without a file. */
const EMPTY_ZIP = Buffer.from(`504b0506${"00".repeat(18)}`, "hex").toString("base64");

type Inputs = Registered["inputs"];
const text = (inputs: Inputs, name: string) => {
  const value = inputs[name];
  if (typeof value !== "string") throw new Error(`${name} is ${JSON.stringify(value)}`);
  return value;
};
const present = (input: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
const tagList = (tags: unknown) =>
  Object.entries(isRecord(tags) ? tags : {}).map(([Key, Value]) => ({ Key, Value: String(Value) }));

/**
 * Makes on moto what the program registers under a type and name, as the Terraform provider turns its inputs into calls
 * (hashicorp/terraform-provider-aws: iam/role.go, lambda/function.go, lambda/permission.go,
 * lambda/function_event_invoke_config.go, events/rule.go, events/target.go, logs/group.go). `known`: inputs that only the
 * cloud knows, such as the ARN of what was made before.
 */
export async function make(
  moto: Moto,
  run: ProgramRun,
  [type, name]: readonly [type: string, name: string],
  known: Inputs = {},
): Promise<string> {
  const maker = MAKERS[type];
  if (maker === undefined) throw new Error(`nobody makes ${type} here`);
  return maker(moto, { ...find(run, `${type}::${name}`).inputs, ...known }, name);
}

const MAKERS: Readonly<Record<string, (moto: Moto, inputs: Inputs, name: string) => Promise<string>>> = {
  "aws:iam/role:Role": async (moto, inputs, name) => {
    const RoleName = typeof inputs["name"] === "string" ? inputs["name"] : `${name}-1234567`;
    const made = await accepted(
      query(moto, "iam", {
        Action: "CreateRole",
        Version: "2010-05-08",
        RoleName,
        Path: text(inputs, "path"),
        AssumeRolePolicyDocument: text(inputs, "assumeRolePolicy"),
      }),
    );
    for (const one of Array.isArray(inputs["inlinePolicies"]) ? inputs["inlinePolicies"] : []) {
      await accepted(
        query(moto, "iam", {
          Action: "PutRolePolicy",
          Version: "2010-05-08",
          RoleName,
          PolicyName: text(one, "name"),
          PolicyDocument: text(one, "policy"),
        }),
      );
    }
    return elements(made, "Arn")[0] ?? "";
  },
  "aws:lambda/function:Function": async (moto, inputs) => {
    const variables = isRecord(inputs["environment"]) ? inputs["environment"]["variables"] : undefined;
    const made = await accepted(
      rest(
        moto,
        "lambda",
        "POST",
        "/2015-03-31/functions",
        present({
          FunctionName: inputs["name"],
          Description: inputs["description"],
          Runtime: inputs["runtime"],
          Architectures: inputs["architectures"],
          Handler: inputs["handler"],
          Role: inputs["role"],
          MemorySize: inputs["memorySize"],
          Timeout: inputs["timeout"],
          Environment: { Variables: variables },
          Tags: inputs["tags"],
          Code: { ZipFile: EMPTY_ZIP },
        }),
      ),
    );
    const reserved = inputs["reservedConcurrentExecutions"];
    if (reserved !== undefined) {
      const path = `/2017-10-31/functions/${text(inputs, "name")}/concurrency`;
      await accepted(rest(moto, "lambda", "PUT", path, { ReservedConcurrentExecutions: reserved }));
    }
    return made;
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (moto, inputs) =>
    accepted(
      rest(
        moto,
        "lambda",
        "PUT",
        `/2019-09-25/functions/${text(inputs, "functionName")}/event-invoke-config`,
        {
          MaximumEventAgeInSeconds: inputs["maximumEventAgeInSeconds"],
          MaximumRetryAttempts: inputs["maximumRetryAttempts"],
        },
      ),
    ),
  "aws:lambda/permission:Permission": (moto, inputs, name) =>
    accepted(
      rest(
        moto,
        "lambda",
        "POST",
        `/2015-03-31/functions/${text(inputs, "function")}/policy`,
        present({
          StatementId: name,
          Action: inputs["action"],
          Principal: inputs["principal"],
          SourceArn: inputs["sourceArn"],
          SourceAccount: inputs["sourceAccount"],
        }),
      ),
    ),
  "aws:cloudwatch/eventRule:EventRule": (moto, inputs) =>
    accepted(
      json(
        moto,
        "events",
        "AWSEvents.PutRule",
        present({
          Name: inputs["name"],
          Description: inputs["description"],
          ScheduleExpression: inputs["scheduleExpression"],
          Tags: tagList(inputs["tags"]),
        }),
      ),
    ),
  "aws:cloudwatch/eventTarget:EventTarget": (moto, inputs) =>
    accepted(
      json(moto, "events", "AWSEvents.PutTargets", {
        Rule: inputs["rule"],
        Targets: [{ Id: inputs["targetId"], Arn: inputs["arn"] }],
      }),
    ),
  "aws:cloudwatch/logGroup:LogGroup": async (moto, inputs) => {
    const logGroupName = inputs["name"];
    const made = { logGroupName, tags: inputs["tags"] };
    await accepted(json(moto, "logs", "Logs_20140328.CreateLogGroup", made));
    const retention = { logGroupName, retentionInDays: inputs["retentionInDays"] };
    return accepted(json(moto, "logs", "Logs_20140328.PutRetentionPolicy", retention));
  },
};
