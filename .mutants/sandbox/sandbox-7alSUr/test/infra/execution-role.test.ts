import { describe, expect, test } from "vitest";
import { find, runProgram } from "../support/pulumi-mocks.ts";
import { DIGEST, ONE_SLOT, TYPE } from "./configs.ts";

const writesLog = (slot: string) => ({
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: `arn:aws:logs:*:*:log-group:/ecs/fraud-model_dev_k3f9ab-${slot}:*`,
});

describe("The role with which ECS starts a slot's tasks", () => {
  test("pulls its own image and writes its own log, and may do nothing else, whatever the registry", async () => {
    const run = await runProgram({ ...ONE_SLOT, green: { image: `ghcr.io/vision/digits@${DIGEST}` } });
    expect(find(run, `${TYPE.taskDefinition}::blue`).inputs["executionRole"]).toEqual({
      args: {
        path: "/fraud-model_dev_k3f9ab/",
        policyArns: [],
        inlinePolicies: [
          {
            name: "execution",
            policy: JSON.stringify({
              Version: "2012-10-17",
              Statement: [
                { Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
                {
                  Effect: "Allow",
                  Action: [
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:GetDownloadUrlForLayer",
                  ],
                  Resource: "arn:aws:ecr:us-east-1:123456789012:repository/vision/digits",
                },
                writesLog("blue"),
              ],
            }),
          },
        ],
        tags: { "deploy:stack": "dev", "deploy:project": "fraud-model", "deploy:slot": "blue" },
      },
    });
    expect(find(run, `${TYPE.taskDefinition}::green`).inputs["executionRole"]).toMatchObject({
      args: {
        inlinePolicies: [
          { policy: JSON.stringify({ Version: "2012-10-17", Statement: [writesLog("green")] }) },
        ],
      },
    });
  });

  test.each(["dkr.ecr.us-east-1.amazonaws.com", "dkr-ecr.us-east-1.on.aws", "dkr-ecr-fips.us-east-1.on.aws"])(
    "pulls from the registry of an account by whichever name: %s",
    async (registry) => {
      const image = `123456789012.${registry}/vision/digits@${DIGEST}`;
      const run = await runProgram({ ...ONE_SLOT, green: { image } });
      const { executionRole } = find(run, `${TYPE.taskDefinition}::green`).inputs;
      expect(JSON.stringify(executionRole)).toContain(
        "arn:aws:ecr:us-east-1:123456789012:repository/vision/digits",
      );
    },
  );

  test("reads exactly the secrets that are named, and nothing else", async () => {
    const secret = "arn:aws:secretsmanager:us-east-1:123456789012:secret:model-AbCdEf";
    const parameter = "arn:aws:ssm:us-east-1:123456789012:parameter/model/flag";
    const run = await runProgram({
      blue: { image: `example.com/digits@${DIGEST}` },
      service: {
        secrets: { KEY: `${secret}:key::`, OTHER: `${secret}:other::`, FLAG: parameter },
        taskPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
      },
    });
    const { inputs } = find(run, `${TYPE.taskDefinition}::blue`);
    const policy = {
      Version: "2012-10-17",
      Statement: [
        writesLog("blue"),
        { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: [secret] },
        { Effect: "Allow", Action: "ssm:GetParameters", Resource: [parameter] },
      ],
    };
    expect(inputs).toMatchObject({
      container: {
        secrets: [
          { name: "FLAG", valueFrom: parameter },
          { name: "KEY", valueFrom: `${secret}:key::` },
          { name: "OTHER", valueFrom: `${secret}:other::` },
        ],
      },
      executionRole: { args: { inlinePolicies: [{ name: "execution", policy: JSON.stringify(policy) }] } },
      taskRole: { args: { policyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] } },
    });
  });
});
