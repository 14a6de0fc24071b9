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

  const roleOf = async (registry: string) => {
    const image = `${registry}/vision/digits@${DIGEST}`;
    const run = await runProgram({ ...ONE_SLOT, green: { image } });
    return JSON.stringify(find(run, `${TYPE.taskDefinition}::green`).inputs["executionRole"]);
  };

  test.each([
    ["us-east-1", "dkr.ecr.us-east-1.amazonaws.com"],
    ["us-east-1", "dkr-ecr.us-east-1.on.aws"],
    ["us-east-1", "dkr-ecr-fips.us-east-1.on.aws"],
    ["us-gov-west-1", "dkr.ecr-fips.us-gov-west-1.amazonaws.com"],
    ["cn-north-1", "dkr.ecr.cn-north-1.amazonaws.com.cn"],
    ["cn-north-1", "dkr-ecr.cn-north-1.on.amazonwebservices.com.cn"],
    ["eusc-de-east-1", "dkr.ecr.eusc-de-east-1.amazonaws.eu"],
    ["us-iso-east-1", "dkr.ecr.us-iso-east-1.c2s.ic.gov"],
    ["us-isob-east-1", "dkr.ecr.us-isob-east-1.sc2s.sgov.gov"],
    ["eu-isoe-west-1", "dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk"],
    ["us-isof-south-1", "dkr.ecr.us-isof-south-1.csp.hci.ic.gov"],
  ])("pulls from the registry of an account in %s by whichever name: %s", async (region, registry) => {
    expect(await roleOf(`123456789012.${registry}`)).toContain(
      `arn:aws:ecr:${region}:123456789012:repository/vision/digits`,
    );
  });

  test.each([
    "123456789012.dkr.ecr.us-east-1.amazonaws.com.example.com",
    "123456789012.dkr.ecr.us-east-1.example.com",
    "123456789012.dkr.ecr.us-east-1.amazonawsXcom",
    "registry.example.com/123456789012.dkr.ecr.us-east-1.amazonaws.com",
  ])("takes no other registry for ECR: %s", async (registry) => {
    expect(await roleOf(registry)).not.toContain("ecr:");
  });

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
