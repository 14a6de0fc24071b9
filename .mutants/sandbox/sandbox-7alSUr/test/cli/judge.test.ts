import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, expect, it, onTestFinished } from "vitest";

const root = join(import.meta.dirname, "..", "..");
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bluegreen-judge-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
});

async function bluegreen(...args: string[]) {
  const env = {
    PATH: process.env["PATH"],
    AWS_REGION: "eu-central-1",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  };
  const keys = {
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "example",
    AWS_MAX_ATTEMPTS: "1",
  };
  const run = promisify(execFile)(process.execPath, ["cli/bluegreen.js", ...args], {
    cwd: root,
    env: { ...env, ...keys },
  });
  const { code = 0, stdout, stderr } = await run.catch((error) => error);
  return { code, stdout: String(stdout), stderr: String(stderr) };
}

it("a question whose counts cannot be read waits, with the exit code for missing evidence", async () => {
  const group = (name: string) => ({
    LoadBalancer: "app/shop/50dc6c495c0c9188",
    TargetGroup: `targetgroup/${name}/6d0ecf831eec9f09`,
  });
  const file = join(directory, "judge.json");
  await writeFile(file, JSON.stringify({ candidate: group("new"), active: group("old") }));
  const { code, stdout } = await bluegreen("judge", file, "--json");
  expect(code).toBe(11);
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: "wait",
    sentence: expect.stringMatching(/could not be read/),
  });
});

it("the function that is written for Lambda runs there by itself", async () => {
  const written = join(directory, "function");
  expect((await bluegreen("judge", "--lambda", written)).code).toBe(0);
  // What Lambda's runtime has.
  await symlink(join(root, "node_modules", "@aws-sdk"), join(written, "node_modules", "@aws-sdk"));
  const script = `
    const { handler } = await import("./validation/adapters/judge/lambda.mjs");
    const executionDetails = { targetServiceRevisionArn: "new", productionTrafficWeights: { new: 0, old: 100 } };
    const event = { lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT", resourceArn: "arn", executionDetails };
    console.log(JSON.stringify(await handler(event)));`;
  const options = { cwd: written, env: { AWS_REGION: "eu-central-1" } };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", script],
    options,
  );
  expect(JSON.parse(stdout)).toEqual({ hookStatus: "SUCCEEDED" });
  expect((await bluegreen("judge", "--lambda", written)).stderr).toContain("BG208");
});
