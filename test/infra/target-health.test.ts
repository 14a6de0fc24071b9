import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ENDPOINT_FILE } from "../../packages/local-cloud/access/address.ts";
import { TEST_KEYS } from "../support/local-keys.ts";
import { silentEndpoint } from "../support/silent-endpoint.ts";
import { targetStates } from "../../infra/checks/target-health.ts";

const answer = (name: string, result: string) =>
  `<${name}Response xmlns="x"><${name}Result>${result}</${name}Result></${name}Response>`;

/** STS that gives to each role a key with the role's name, and ELB with one healthy target. */
describe("the question for target health", () => {
  /** Who asked what: the access key that signed, the action, and the other words of the request. */
  let asked: {
    readonly key: string;
    readonly role: unknown;
    readonly action: string;
    readonly form: URLSearchParams;
  }[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const form = new URLSearchParams(body);
    const action = form.get("Action") ?? "";
    const key = /Credential=([^/]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
    asked.push({ key, role: request.headers["x-amz-security-token"], action, form });
    const role = form.get("RoleArn")?.split("/").at(-1);
    const credentials = `<Credentials><AccessKeyId>${role}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>`;
    const health =
      "<TargetHealthDescriptions><member><TargetHealth><State>healthy</State></TargetHealth></member></TargetHealthDescriptions>";
    response.setHeader("content-type", "text/xml");
    response.end(answer(action, action === "AssumeRole" ? credentials : health));
  });

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  const directory = mkdtempSync(join(tmpdir(), "target-health-"));
  afterAll(() => {
    rmSync(directory, { recursive: true });
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  beforeEach(() => {
    asked = [];
    // A TCP server that listens has an address with a port.
    vi.stubEnv("AWS_ENDPOINT_URL", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "environment");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    pulumi.runtime.setAllConfig({});
  });

  const ask = (config: Readonly<Record<string, unknown>>, localCloud?: string) => {
    const written = Object.entries({ "aws:region": "eu-central-1", ...config }).map(
      ([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)] as const,
    );
    pulumi.runtime.setAllConfig(Object.fromEntries(written));
    return targetStates(localCloud, () => directory)("arn:group");
  };

  it.each([
    ["with the environment's credentials", {}, "environment"],
    ["with the keys of aws:accessKey", { "aws:accessKey": "own", "aws:secretKey": "s" }, "own"],
  ])("is asked %s", async (_title, config, key) => {
    expect(await ask(config)).toEqual(["healthy"]);
    expect(asked.map((one) => [one.key, one.action])).toEqual([[key, "DescribeTargetHealth"]]);
  });

  it("is asked as the last of aws:assumeRoles, each assumed as the one before", async () => {
    const roles = [
      { roleArn: "arn:aws:iam::1:role/first", externalId: "e-1" },
      { roleArn: "arn:aws:iam::2:role/second", sessionName: "release", tags: { team: "ml" } },
    ];
    expect(await ask({ "aws:assumeRoles": roles })).toEqual(["healthy"]);
    expect(asked.map((one) => [one.key, one.action])).toEqual([
      ["environment", "AssumeRole"],
      ["first", "AssumeRole"],
      ["second", "DescribeTargetHealth"],
    ]);
    expect(asked[0]?.form.get("ExternalId")).toBe("e-1");
    expect(asked[1]?.form.get("RoleSessionName")).toBe("release");
    expect(asked[1]?.form.get("Tags.member.1.Value")).toBe("ml");
  });

  it.each(["assumeRole", "assumeRoleWithWebIdentity", "sharedConfigFiles", "sharedCredentialsFiles"])(
    "is not asked as somebody else: aws:%s is refused by name",
    async (key) => {
      await expect(ask({ [`aws:${key}`]: {} })).rejects.toThrow(`aws:${key} is set`);
      expect(asked).toEqual([]);
    },
  );

  it("is an error, and no wait under the lock of the stack, where nobody answers it", async () => {
    const endpoint = await silentEndpoint();
    vi.stubEnv("AWS_ENDPOINT_URL", endpoint.url);
    vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const outcome = ask({}).catch((error: unknown) => (error instanceof Error ? error.name : String(error)));
    await endpoint.asked;
    vi.advanceTimersByTime(6_000);
    vi.useRealTimers();
    expect(await outcome).toBe("TimeoutError");
    endpoint.close();
  });

  describe("of a stack on the local cloud", () => {
    const FORMER = "http://127.0.0.1:1";
    const addressIn = (place: string, address: unknown) =>
      writeFileSync(join(place, ENDPOINT_FILE), JSON.stringify(address));
    let url: string;
    beforeEach(() => {
      url = process.env["AWS_ENDPOINT_URL"] ?? "";
      vi.stubEnv("AWS_ENDPOINT_URL", FORMER);
    });

    it("goes there as its role, whatever the provider's credentials", async () => {
      vi.stubEnv("BLUEGREEN_LOCAL_ROLE", "preview");
      addressIn(directory, { ...TEST_KEYS, url });
      const roles = [{ roleArn: "arn:aws:iam::1:role/first" }];
      expect(await ask({ "aws:assumeRoles": roles }, url)).toEqual(["healthy"]);
      expect(asked.map((one) => [one.key, one.role])).toEqual([[TEST_KEYS.accessKeyId, "preview"]]);
    });

    it("goes to where the cloud answers now, not to where it did when the stack was deployed", async () => {
      addressIn(directory, { ...TEST_KEYS, url });
      expect(await ask({}, FORMER)).toEqual(["healthy"]);
    });

    it("goes to the cloud of another checkout that this one has joined", async () => {
      const other = join(directory, "other");
      mkdirSync(other, { recursive: true });
      addressIn(other, { ...TEST_KEYS, url });
      addressIn(directory, { joined: other });
      expect(await ask({}, FORMER)).toEqual(["healthy"]);
    });
  });
});
