import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import type { BlueGreenServiceArgs } from "../../../infra/component/blue-green-service.ts";
import { HOME } from "../../support/pulumi-mock-calls.ts";
import { NEVER_DEPLOYED, runProgram } from "../../support/pulumi-mocks.ts";
import { ONE_SLOT, TOKEN } from "../configs.ts";
import packageFile from "../../../package.json" with { type: "json" };

const CONFIG = { ...ONE_SLOT, localCloud: "http://127.0.0.1:4566", testToken: TOKEN };

/** The outputs of `fraud`, by a program that gives it these. */
async function outputsWith(args: BlueGreenServiceArgs): Promise<unknown> {
  const written = Object.fromEntries(Object.entries(CONFIG).map(([key, value]) => [`fraud:${key}`, value]));
  const program = async () => {
    const { BlueGreenService } = await import("../../../infra/component/blue-green-service.ts");
    return (await new BlueGreenService("fraud", args).made).outputs;
  };
  const { outputs } = await runProgram(written, "dev", NEVER_DEPLOYED, undefined, [], HOME, program);
  return outputs;
}

test("the outputs remember what the program gives, in the form of the configuration, and not what the stack says", async () => {
  const given = { thresholds: { maxErrorRate: 0.02 }, service: { healthPath: "/alive" }, rollout: {} };
  expect(await outputsWith(given)).toMatchObject({
    given: { thresholds: { maxErrorRate: 0.02 }, service: { healthPath: "/alive" } },
  });
  expect(await outputsWith(given)).not.toMatchObject({ given: { rollout: expect.anything() } });
});

test("they remember of a network that the program makes what it is called, not that it was given as an output", async () => {
  const network = {
    vpcId: pulumi.output("vpc-0a1b2c3d"),
    publicSubnetIds: ["subnet-1a", "subnet-2b"],
    taskSubnetIds: ["subnet-1a", "subnet-2b"],
  };
  expect(await outputsWith({ network })).toMatchObject({ given: { network: { vpcId: "vpc-0a1b2c3d" } } });
});

test("who installs the package gets the component, and no other value", async () => {
  // As tools/build.ts lays the tree out.
  expect(packageFile.exports["."]).toBe("./dist/infra/component/blue-green-service.js");
  const installed = await import("../../../infra/component/blue-green-service.ts");
  expect(Object.keys(installed)).toEqual(["BlueGreenService"]);
});
