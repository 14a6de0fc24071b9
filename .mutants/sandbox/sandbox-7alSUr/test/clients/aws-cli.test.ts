import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  cloudDirectory,
  type CloudDirectory,
} from "../../packages/local-cloud/test/support/cloud-directory.ts";
import { runService, type Service } from "../../packages/local-cloud/test/support/model-service.ts";
import { absence, run } from "./support/tool.ts";

const { absent, why } = absence(["aws", "--version"]);

describe.skipIf(absent)(`the AWS CLI${why}`, () => {
  let place: CloudDirectory;
  let service: Service;
  let endpoint: string;

  beforeAll(async () => {
    place = await cloudDirectory();
    const cloud = await place.start();
    endpoint = cloud.url;
    service = await runService(endpoint);
  });
  afterAll(() => place.dispose());

  /** A command line without quotes. */
  const aws = (line: string) => run(["aws", "--endpoint-url", endpoint, ...line.split(" ")]);
  const asJson = async (line: string): Promise<unknown> => {
    const { exitCode, stdout, stderr } = await aws(`${line} --output json`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout);
  };

  it("waits for a stable service and sees its healthy target", async () => {
    const waited = await aws("ecs wait services-stable --cluster models --services models");
    expect(waited).toEqual({ exitCode: 0, stdout: "", stderr: "" });
    const health = await aws(
      `elbv2 describe-target-health --target-group-arn ${service.targetGroupArn} ` +
        "--query TargetHealthDescriptions[].TargetHealth.State --output text",
    );
    expect(health).toEqual({ exitCode: 0, stdout: "healthy\n", stderr: "" });
  });

  it("makes a rule in its shorthand, which users see at once", async () => {
    const made = await asJson(
      `elbv2 create-rule --listener-arn ${service.listenerArn} --priority 7 ` +
        "--conditions Field=path-pattern,Values=/maintenance " +
        "--actions Type=fixed-response,FixedResponseConfig={StatusCode=418,ContentType=text/plain}",
    );
    expect(made).toMatchObject({ Rules: [{ Priority: "7", IsDefault: false }] });
    expect((await fetch(`${service.url}/maintenance`)).status).toBe(418);
  });

  it("shows an error as AWS's own", async () => {
    const { exitCode, stderr } = await aws("elbv2 describe-target-groups --names nothing");
    // Version 2 of the AWS CLI says 254 where version 1 says 255.
    expect([254, 255]).toContain(exitCode);
    expect(stderr).toContain(
      "An error occurred (TargetGroupNotFound) when calling the DescribeTargetGroups operation: One or more target groups not found",
    );
  });
});
