import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileFacts, runnerOf } from "../../../../validation/adapters/doctor/jobs.ts";
import { diagnose } from "../../../../validation/insight/doctor.ts";
import { CHECKS_OF_JOBS, type CheckName, type Facts } from "../../../../validation/insight/doctor/facts.ts";
import { deployed, given, GOOD, unreadable } from "./cases.ts";

const about = (facts: Partial<Facts>, check: CheckName) =>
  diagnose({ ...GOOD, ...facts }, CHECKS_OF_JOBS).findings.filter((finding) => finding.check === check);
const closed = (service: Partial<(typeof deployed.config)["service"]>): Facts["config"] =>
  given({ ...deployed.config, service: { ...deployed.config.service, ...service } });
const CLOSED = closed({ testCidrs: ["203.0.113.7/32"] });
const CHANGE = "pulumi stack change-secrets-provider --stack dev";

describe("The doctor, of secrets in jobs,", () => {
  it.each<[string, Partial<Facts>, string, string]>([
    ["takes a key of KMS", {}, "ok", "nobody needs a passphrase"],
    ["refuses a passphrase, with the command", { encryption: given("passphrase") }, "broken", CHANGE],
    [
      "refuses a stack in S3 whose file names no key",
      { encryption: given(undefined) },
      "broken",
      "on s3://state as ada it is a passphrase",
    ],
    [
      "takes Pulumi Cloud's own key",
      { encryption: given(undefined), backend: given("https://app.pulumi.com/ada as ada") },
      "ok",
      "by Pulumi Cloud",
    ],
    [
      "does not guess where the backend cannot be read",
      { encryption: given(undefined), backend: unreadable },
      "unknown",
      "does not say",
    ],
    [
      "does not vouch for a key elsewhere",
      { encryption: given("gcpkms://projects/p") },
      "unknown",
      "identity at AWS alone",
    ],
    ["cannot say without the file", { encryption: unreadable }, "unknown", "no network"],
    ["has nothing to say of the local cloud", { cloud: "local" }, "notApplicable", ""],
  ])("%s", (_title, facts, result, words) => {
    const found = about(facts, "secrets");
    expect(found).toMatchObject([{ result }]);
    expect(JSON.stringify(found)).toContain(words);
  });
});

const INSIDE: Facts["config"] = given({
  ...deployed.config,
  network: { ...deployed.config.network, internal: true },
});

describe("The doctor, of runners and test rules,", () => {
  it.each<[string, Partial<Facts>, string, string]>([
    ["lets any runner test an open stack", { runner: "hosted" }, "ok", "any runner"],
    [
      "refuses a hosted runner where testCidrs name addresses, with the ways",
      { config: CLOSED, runner: "hosted" },
      "broken",
      "service.testCidrs lets in 203.0.113.7/32 alone, and this runner of GitHub has another address in each job",
    ],
    [
      "refuses it where the load balancer itself is closed",
      { config: closed({ allowedCidrs: ["10.0.0.0/8"] }), runner: "hosted" },
      "broken",
      "service.allowedCidrs lets in 10.0.0.0/8 alone",
    ],
    ["takes a runner that somebody chose", { config: CLOSED, runner: "own" }, "ok", "to be among them"],
    [
      "says it beforehand at a desk, where it is nothing to fix",
      { config: CLOSED },
      "notApplicable",
      "runners that GitHub hosts are not",
    ],
    [
      "refuses a hosted runner where the load balancer is internal, whoever is allowed",
      { config: INSIDE, runner: "hosted" },
      "broken",
      "network.internal",
    ],
    ["takes a runner of one's own there", { config: INSIDE, runner: "own" }, "ok", "to be there"],
    ["wants a test token", { hasTestToken: given(false) }, "broken", "config set --secret testToken"],
    ["cannot say without a configuration", { config: unreadable }, "unknown", "see stack"],
  ])("%s", (_title, facts, result, words) => {
    const found = about(facts, "runners");
    expect(found).toMatchObject([{ result }]);
    expect(JSON.stringify(found)).toContain(words);
  });

  it("says the ways at once: HTTPS, or a runner with an address of its own", () => {
    const [found] = about({ config: CLOSED, runner: "hosted" }, "runners");
    expect(found?.fix).toMatch(/certificateArn.*BLUEGREEN_RUNNER/);
  });
});

describe("What a stack's file says of secrets", () => {
  const HEAD = "encryptionsalt: v1:salt\n";
  const KEY = "secretsprovider: awskms://alias/fraud?region=eu-central-1\nencryptedkey: AAAA\n";
  it.each<[string, string, string | undefined, boolean]>([
    ["a passphrase", `${HEAD}config:\n  p:testToken:\n    secure: v1:x\n`, "passphrase", true],
    ["a key", `${KEY}config:\n  testToken: abc\n`, "awskms://alias/fraud?region=eu-central-1", true],
    ["a passphrase by name", "secretsprovider: passphrase\nconfig: {}\n", "passphrase", false],
    ["the backend's default by name", "secretsprovider: default\nconfig: {}\n", undefined, false],
    ["nothing", "config: {}\n", undefined, false],
  ])("can be %s", async (_title, text, encryption, hasTestToken) => {
    const directory = await mkdtemp(join(tmpdir(), "doctor-jobs-"));
    try {
      const path = join(directory, "Pulumi.prod.yaml");
      await writeFile(path, text);
      expect(await fileFacts(path, "p")).toEqual({
        encryption: given(encryption),
        hasTestToken: given(hasTestToken),
        hasNotifyUrl: given(false),
      });
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("is not known without a file", async () => {
    expect((await fileFacts("/nowhere/Pulumi.prod.yaml", "p")).encryption).toMatchObject({ readable: false });
  });
});

describe("A runner", () => {
  it.each([
    [{}, undefined],
    [{ RUNNER_ENVIRONMENT: "github-hosted" }, "hosted"],
    [{ RUNNER_ENVIRONMENT: "github-hosted", BLUEGREEN_RUNNER: "" }, "hosted"],
    [{ RUNNER_ENVIRONMENT: "github-hosted", BLUEGREEN_RUNNER: "large-with-fixed-addresses" }, "own"],
    [{ RUNNER_ENVIRONMENT: "self-hosted" }, "own"],
  ])("by %j is %s", (environment, runner) => {
    expect(runnerOf(environment)).toBe(runner);
  });
});
