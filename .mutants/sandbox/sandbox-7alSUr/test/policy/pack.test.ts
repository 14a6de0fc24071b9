import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import type { AnalyzeResponse, AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb.js";
import messages from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct, { type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RULES } from "../../policy/rules.ts";

const root = join(import.meta.dirname, "../..");

/** The pack in a process of its own, started and asked as the CLI does it. */
describe("The policy pack", () => {
  let pack: ChildProcess;
  let analyzer: InstanceType<typeof services.AnalyzerClient>;
  beforeAll(async () => {
    const runner = join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    pack = spawn(process.execPath, [runner, "127.0.0.1:1", "."], {
      cwd: join(root, "policy"),
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (pack.stdout === null) throw new Error("the pack has no standard output");
    // Its first line is the port that it listens on.
    const [port] = await once(createInterface(pack.stdout), "line");
    analyzer = new services.AnalyzerClient(`127.0.0.1:${String(port)}`, grpc.credentials.createInsecure());
  });
  afterAll(async () => {
    analyzer.close();
    const exit = once(pack, "exit");
    pack.kill();
    await exit;
  });

  async function analyze(type: string, props: Record<string, JavaScriptValue>): Promise<readonly string[]> {
    const request = new messages.AnalyzeRequest();
    request.setType(type);
    request.setName("one");
    request.setUrn(`urn:pulumi:prod::fraud-model::${type}::one`);
    request.setProperties(struct.Struct.fromJavaScript(props));
    request.setOptions(new messages.AnalyzerResourceOptions());
    const answer = await new Promise<AnalyzeResponse>((resolve, reject) => {
      analyzer.analyze(request, (error, found) => (error === null ? resolve(found) : reject(error)));
    });
    return answer.getDiagnosticsList().map((one) => `${one.getPolicyname()}: ${one.getMessage()}`);
  }

  test("serves every rule as mandatory, with why it is there", async () => {
    const info = await new Promise<AnalyzerInfo>((resolve, reject) => {
      analyzer.getAnalyzerInfo(new empty.Empty(), (error, found) =>
        error === null ? resolve(found) : reject(error),
      );
    });
    const served = info.getPoliciesList();
    expect(served.map((one) => one.getName())).toEqual(RULES.map(({ name }) => name));
    expect(new Set(served.map((one) => one.getEnforcementlevel()))).toEqual(
      new Set([messages.EnforcementLevel.MANDATORY]),
    );
  });

  test("refuses what breaks a rule by the rule's name, and lets pass what breaks none", async () => {
    const type = "aws:cloudwatch/logGroup:LogGroup";
    const [found, ...others] = await analyze(type, { name: "a" });
    expect(found).toMatch(/^logs-have-an-end: /);
    expect(found).toContain("keeps its logs for ever");
    expect(others).toEqual([]);
    expect(await analyze(type, { name: "a", retentionInDays: 7 })).toEqual([]);
  });

  test("looks at the options that Pulumi alone knows", async () => {
    const found = await analyze("aws:lb/targetGroup:TargetGroup", { name: "blue" });
    expect(found).toEqual([expect.stringMatching(/^entrance-protected: .*is not protected/s)]);
  });
});
