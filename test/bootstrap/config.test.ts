import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { readBootstrapConfig } from "../../bootstrap/config.ts";

const PROJECT = "project";
const ZONE = { hostedZoneId: "Z0123456789", hostName: "model.example.com" };
const POLICY = "arn:aws:iam::123456789012:policy/reads-models";
afterEach(() => pulumi.runtime.setAllConfig({}));

function read(written: Readonly<Record<string, unknown>>) {
  const whole = { project: "fraud-model", repository: "octo/models", stacks: { prod: {} }, ...written };
  const texts = Object.entries(whole).map(([key, value]) => [
    `${PROJECT}:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts));
  return readBootstrapConfig(new pulumi.Config(PROJECT));
}

describe("the bootstrap's configuration", () => {
  it("is read in the ways in which `pulumi config set` stores it", () => {
    const stacks = { prod: "{}", dev: null, eu: { vpcId: "vpc-1", ...ZONE, taskPolicyArns: [POLICY] } };
    expect(read({ stacks, repositoryIds: { owner: 1001, repository: "2002" } })).toEqual({
      project: "fraud-model",
      oidcProviderArn: undefined,
      repository: { owner: "octo", name: "models", ids: { owner: "1001", repository: "2002" } },
      stacks: { prod: {}, dev: {}, eu: { vpcId: "vpc-1", ...ZONE, taskPolicyArns: [POLICY] } },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["a repository without an owner", { repository: "models" }, "repository is to be owner/name"],
    ["a repository without a name", { repository: "octo/" }, "is no name of a GitHub owner"],
    ["a repository that is a wildcard", { repository: "octo/*" }, '"*" is no name of a GitHub owner'],
    ["no stack", { stacks: {} }, "no stack is named"],
    ["a stack that is a wildcard", { stacks: { "*": {} } }, '"*" is no name of a GitHub owner'],
    [
      "a stack whose environment is another one's for reverts, which nobody reviews",
      { stacks: { prod: {}, "prod-revert": {} } },
      "stacks.prod-revert stands in the environment of prod's reverts",
    ],
    ["half of the numbers", { repositoryIds: { owner: 1 } }, "needs both"],
    ["a number that is none", { repositoryIds: { owner: "x", repository: 1 } }, '"x" is no number'],
    ["a stack that is no JSON", { stacks: { prod: "vpc-1" } }, "stacks.prod is to be an object"],
    ["a stack that is a list", { stacks: { prod: [1] } }, "stacks.prod is to be an object"],
    ["an unknown member", { stacks: { prod: { vpc: "vpc-1" } } }, "stacks.prod.vpc is unknown"],
    ["a member that is no text", { stacks: { prod: { vpcId: {} } } }, "stacks.prod.vpcId is to be text"],
    [
      "a hosted zone without a name: its roles could write none of its records",
      { stacks: { prod: { hostedZoneId: "Z0123456789" } } },
      "stacks.prod has one of hostedZoneId and hostName",
    ],
    [
      "policies that are no list: they would be left out of the role without a word",
      { stacks: { prod: { taskPolicyArns: POLICY } } },
      "stacks.prod.taskPolicyArns is to be a list",
    ],
  ])("is refused without a stack trace when it has %s", (_title, written, words) => {
    const refused = (() => {
      try {
        return read(written);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(pulumi.RunError);
    expect(String(refused)).toContain(words);
  });
});
