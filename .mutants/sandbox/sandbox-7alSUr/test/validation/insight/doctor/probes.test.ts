import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { accountProbe, listenerOf } from "../../../../validation/adapters/doctor/account.ts";
import { shownCertificate } from "../../../../validation/adapters/doctor/certificate.ts";
import { platformsOf, shellNode } from "../../../../validation/adapters/doctor/tools.ts";
import { CERTIFICATE, KEY } from "../../../support/certificate.ts";
import { fakeAws, type Answered, type Asked, type FakeAws } from "../../support/fake-aws.ts";

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).toReversed()) await clean();
});

describe("The account, as AWS tells it", () => {
  let aws: FakeAws;
  const probe = async (answer: (asked: Asked) => Answered) => {
    aws = await fakeAws(answer);
    cleanup.push(aws.close);
    return accountProbe(aws.target);
  };

  test("is that of the caller", async () => {
    const { caller } = await probe(() => ({
      xml: "<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/ada</Arn>",
    }));
    expect(await caller()).toEqual({
      kind: "known",
      account: "123456789012",
      arn: "arn:aws:iam::123456789012:user/ada",
    });
    expect(aws.asked.map(({ operation }) => operation)).toEqual(["GetCallerIdentity"]);
  });

  test("has no caller when AWS does not take the credentials, and is unreadable when AWS fails", async () => {
    const refused = await probe(() => ({
      error: "InvalidClientTokenId",
      message: "The security token is invalid",
    }));
    expect(await refused.caller()).toEqual({ kind: "refused", why: "The security token is invalid" });
    const failing = await probe(() => ({ error: "InternalFailure" }));
    await expect(failing.caller()).rejects.toThrow("no");
  });

  const LISTENER = "arn:aws:elasticloadbalancing:us-east-1:1:listener/app/lb/1/2";
  const member = (inner: string) => `<member>${inner}</member>`;
  const LIMITS = ["target-groups=3000", "rules-per-application-load-balancer=100"]
    .map((one) => one.split("="))
    .map(([name, max]) => member(`<Name>${name}</Name><Max>${max}</Max>`))
    .join("");
  const answers: Readonly<Record<string, string>> = {
    DescribeAccountLimits: `<Limits>${LIMITS}</Limits>`,
    DescribeTargetGroups: `<TargetGroups>${member("<TargetGroupName>a</TargetGroupName>").repeat(7)}</TargetGroups>`,
    DescribeListeners: `<Listeners>${member(`<ListenerArn>${LISTENER}</ListenerArn>`).repeat(2)}</Listeners>`,
    DescribeRules: `<Rules>${member("<IsDefault>true</IsDefault>")}${member("<IsDefault>false</IsDefault>").repeat(3)}</Rules>`,
  };

  test("counts target groups and the rules of all listeners, without defaults", async () => {
    const { quotas } = await probe(({ operation }) => ({ xml: answers[operation] ?? "" }));
    expect(await quotas(LISTENER)).toEqual({
      targetGroups: { used: 7, limit: 3000 },
      rules: { used: 6, limit: 100 },
    });
    const listeners = aws.asked.find(({ operation }) => operation === "DescribeListeners");
    expect(listeners?.input["LoadBalancerArn"]).toBe(
      "arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/lb/1",
    );
    for (const { operation } of aws.asked) expect(operation).toMatch(/^Describe/);
  });

  test("has no rules before there is a load balancer, and no quota that AWS does not name", async () => {
    const { quotas } = await probe(({ operation }) => ({ xml: answers[operation] ?? "" }));
    expect((await quotas(undefined)).rules).toEqual({ used: 0, limit: 100 });
    const silent = await probe(({ operation }) => ({
      xml: operation === "DescribeAccountLimits" ? "<Limits></Limits>" : (answers[operation] ?? ""),
    }));
    await expect(silent.quotas(undefined)).rejects.toThrow("does not name target-groups");
  });

  test("knows the busiest minute of DescribeAlarms, or that there is no count", async () => {
    const NOW = 1_800_000_000_000;
    const { alarmCalls } = await probe(() => ({
      json: { MetricDataResults: [{ Id: "calls", Values: [3, 41, 7], StatusCode: "Complete" }] },
    }));
    expect(await alarmCalls(NOW)).toBe(41);
    expect(aws.asked[0]?.input).toMatchObject({ StartTime: NOW / 1000 - 3 * 3600, EndTime: NOW / 1000 });
    const silent = await probe(() => ({ json: { MetricDataResults: [{ Id: "calls", Values: [] }] } }));
    expect(await silent.alarmCalls(NOW)).toBeUndefined();
  });

  test("the listener of a route is in its ARN", () => {
    expect(listenerOf("arn:aws:elasticloadbalancing:us-east-1:1:listener-rule/app/lb/1/2/3")).toBe(LISTENER);
  });
});

describe("The node of the shell", () => {
  const directories = async (...made: readonly { path: string; version?: string }[]) => {
    const root = await mkdtemp(join(tmpdir(), "doctor-"));
    cleanup.push(() => rm(root, { recursive: true }));
    for (const { path, version } of made) {
      await mkdir(join(root, path), { recursive: true });
      if (version === undefined) continue;
      await writeFile(join(root, path, "node"), `#!/bin/sh\necho ${version}\n`);
      await chmod(join(root, path, "node"), 0o755);
    }
    return made.map(({ path }) => join(root, path)).join(delimiter);
  };

  test("is the first that no package brought", async () => {
    const path = await directories(
      { path: "node_modules/.bin", version: "v24.0.0" },
      { path: "empty" },
      { path: "usr", version: "v20.1.0" },
      { path: "later", version: "v22.0.0" },
    );
    expect(await shellNode(path)).toBe("v20.1.0");
  });

  test("may not be there", async () => {
    expect(
      await shellNode(await directories({ path: "node_modules/.bin", version: "v24.0.0" })),
    ).toBeUndefined();
  });
});

describe("The platforms of an image", () => {
  const entry = (architecture: string) => ({ Descriptor: { platform: { architecture, os: "linux" } } });

  test("are those of each of its manifests, without attestations", () => {
    expect(platformsOf([entry("amd64"), entry("arm64"), entry("unknown"), entry("amd64")])).toEqual([
      "amd64",
      "arm64",
    ]);
  });

  test("is one when it has one, and none when nothing says so", () => {
    expect(platformsOf(entry("arm64"))).toEqual(["arm64"]);
    expect(platformsOf({ Ref: "x" })).toEqual([]);
  });
});

describe("The certificate that the load balancer shows", () => {
  const listen = async () => {
    const asked: string[] = [];
    const server = createServer({
      key: KEY,
      cert: CERTIFICATE,
      SNICallback(name, answer) {
        asked.push(name);
        answer(null);
      },
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanup.push(() => new Promise((resolve) => server.close(resolve)));
    // A TCP server that listens has an address with a port.
    return { asked, port: (server.address() as AddressInfo).port };
  };
  const SHOWN = {
    names: ["model.example.com", "*.example.com"],
    endsMs: Date.parse("2036-11-22T18:25:24Z"),
    distrust: "DEPTH_ZERO_SELF_SIGNED_CERT",
  };

  test("is read whoever made it, and said not to be trusted", async () => {
    const { port } = await listen();
    const shown = { ...SHOWN, hostName: "localhost", covers: false };
    expect(await shownCertificate({ url: `https://localhost:${port}/` })).toEqual(shown);
  });

  test.each([
    ["model.example.com", true],
    ["other.example.com", true],
    ["model.example.org", false],
  ])("is that for %s, wherever the DNS leads it; it covers it: %s", async (hostName, covers) => {
    const { port, asked } = await listen();
    const address = { url: `https://${hostName}`, loadBalancerDnsName: `127.0.0.1:${port}` };
    expect(await shownCertificate(address)).toEqual({ ...SHOWN, hostName, covers });
    expect(asked).toEqual([hostName]);
  });

  test("is held against the name also when it is trusted", async () => {
    const before = getCACertificates("default");
    cleanup.push(async () => setDefaultCACertificates(before));
    setDefaultCACertificates([...before, CERTIFICATE]);
    const { port } = await listen();
    const shown = (hostName: string) =>
      shownCertificate({ url: `https://${hostName}`, loadBalancerDnsName: `127.0.0.1:${port}` });
    expect(await shown("model.example.com")).toMatchObject({ covers: true, distrust: undefined });
    expect(await shown("model.example.org")).toMatchObject({ covers: false, distrust: undefined });
  });

  test("is not there without HTTPS, or where nobody answers", async () => {
    await expect(shownCertificate({ url: "http://localhost/" })).rejects.toThrow("no HTTPS");
    await expect(shownCertificate({ url: "https://127.0.0.1:1/" })).rejects.toThrow("ECONNREFUSED");
  });
});
