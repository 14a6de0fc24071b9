import { describe, expect, it } from "vitest";
import { parseConfig } from "../../contract/config/parse.ts";
import { rawConfig, type WrittenConfig } from "../support/written-config.ts";

const SHARED = {
  vpcId: "vpc-1",
  taskSubnetIds: ["subnet-1", "subnet-2"],
  listenerArn: "arn:aws:elasticloadbalancing:us-east-1:1:listener/app/shared/1/2",
  hostHeaders: [],
};
const TOKEN = "0123456789abcdef0123456789abcdef";

interface Wrong {
  readonly title: string;
  readonly values: WrittenConfig;
  readonly key: string;
  readonly fix: string;
}

const problemsOf = (values: WrittenConfig) => {
  const parsed = parseConfig(rawConfig(values));
  return parsed.ok ? [] : parsed.problems;
};

describe("of the host name, its zone and its certificate", () => {
  const wrong: readonly Wrong[] = [
    {
      title: "a hosted zone on the local cloud",
      values: {
        localCloud: "http://127.0.0.1:4566",
        service: { hostName: "model.example.com", hostedZoneId: "Z0123456789" },
      },
      key: "service.hostedZoneId",
      fix: "pulumi config rm --path service.hostedZoneId",
    },
    {
      title: "a hosted zone without a name in it",
      values: { service: { hostedZoneId: "Z0123456789" } },
      key: "service.hostName",
      fix: "pulumi config set --path service.hostName model.example.com",
    },
    {
      title: "a host name without HTTPS",
      values: { service: { hostName: "model.example.com" } },
      key: "service.hostName",
      fix: "pulumi config rm --path service.hostName",
    },
    {
      title: "a host name that is too long for the certificate that ACM is to make",
      values: { service: { hostName: `${"m".repeat(53)}.example.com`, hostedZoneId: "Z0123456789" } },
      key: "service.hostName",
      fix: "pulumi config set --path service.hostName model.example.com",
    },
    {
      title: "a hosted zone beside a shared listener",
      values: {
        network: { ...SHARED, hostHeaders: ["model.example.com"] },
        service: { hostName: "model.example.com", hostedZoneId: "Z0123456789" },
      },
      key: "service.hostedZoneId",
      fix: "pulumi config rm --path service.hostedZoneId",
    },
    {
      title: "a host name for which the route on a shared listener takes no request",
      values: {
        network: { ...SHARED, hostHeaders: ["*.example.org", "model?.example.com", "model-example.com"] },
        service: { hostName: "model.example.com" },
      },
      key: "service.hostName",
      fix: "pulumi config rm --path service.hostName",
    },
    ...[
      "Model.example.com",
      "model",
      "model_a.example.com",
      "-model.example.com",
      "model.example.com.",
      "https://model.example.com",
      "10.0.0.1",
      "*.example.com",
      `${"m".repeat(64)}.example.com`,
    ].map((hostName) => ({
      title: `the host name ${hostName}`,
      values: { service: { hostName, hostedZoneId: "Z0123456789" } },
      key: "service.hostName",
      fix: "pulumi config set --path service.hostName <value>",
    })),
  ];

  it.each(wrong)("$title is refused", ({ values, key, fix }) => {
    expect(problemsOf(values).map((problem) => [problem.key, problem.fix])).toEqual([[key, fix]]);
  });

  const right: readonly { readonly title: string; readonly values: WrittenConfig }[] = [
    {
      title: "a test token behind HTTPS with a certificate of the stack's own",
      values: { testToken: TOKEN, service: { hostName: "model.example.com", hostedZoneId: "Z0123456789" } },
    },
    {
      title: "a host name that a pattern of the shared listener covers, whatever its case",
      values: {
        network: { ...SHARED, hostHeaders: ["*.EXAMPLE.com"] },
        service: { hostName: "model.example.com" },
      },
    },
  ];

  it.each(right)("nothing is said against $title", ({ values }) => {
    expect(problemsOf(values)).toEqual([]);
  });
});
