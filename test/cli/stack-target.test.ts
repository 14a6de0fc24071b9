import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { stackTarget } from "../../cli/stack-target.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "stack-target-"));
  await writeFile(join(root, "Pulumi.dev.yaml"), "config:\n  aws:region: eu-west-1\n");
});
afterEach(() => rm(root, { recursive: true }));

const regionOf = async (stack: string, environment: NodeJS.ProcessEnv) => {
  const target = await stackTarget(stack, "reads", { root, directory: join(root, ".local") }, environment);
  return target.kind === "aws" ? target.region : "local";
};

describe("The region of a stack on AWS", () => {
  test("is that of the environment before that of the stack file", async () => {
    expect(await regionOf("dev", {})).toBe("eu-west-1");
    expect(await regionOf("dev", { AWS_REGION: "us-east-2" })).toBe("us-east-2");
  });

  test("is not taken from an empty variable", async () => {
    expect(await regionOf("dev", { AWS_REGION: "" })).toBe("eu-west-1");
    await expect(regionOf("other", { AWS_REGION: "" })).rejects.toMatchObject({ code: "BG155" });
  });
});
