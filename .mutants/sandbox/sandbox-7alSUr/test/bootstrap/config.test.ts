import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it } from "vitest";
import { readBootstrapConfig } from "../../bootstrap/config.ts";

const PROJECT = "project";
const ZONE = { hostedZoneId: "Z0123456789", hostName: "model.example.com" };
const POLICY = "arn:aws:iam::123456789012:policy/reads-models";
const of = (repository: object) => ({ repositories: [repository] });
afterEach(() => pulumi.runtime.setAllConfig({}));

function read(written: Readonly<Record<string, unknown>>) {
  const whole = {
    project: "fraud-model",
    oidcProvider: "existing",
    repositories: [{ name: "octo/models" }],
    stacks: { prod: {} },
    ...written,
  };
  const given = Object.entries(whole).filter(([, value]) => value !== undefined);
  const texts = given.map(([key, value]) => [
    `${PROJECT}:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts));
  return readBootstrapConfig(new pulumi.Config(PROJECT));
}

describe("the bootstrap's configuration", () => {
  it("is read in the ways in which `pulumi config set` stores it", () => {
    const stacks = {
      prod: "{}",
      dev: null,
      eu: { vpcId: "vpc-1", ...ZONE, taskPolicyArns: [POLICY], preview: true, tick: true },
    };
    const repositories = [{ name: "octo/models", ownerId: 1001, id: "2002" }, { name: "octo/infra" }];
    expect(read({ stacks, repositories })).toEqual({
      project: "fraud-model",
      oidcProvider: "existing",
      repositories: [
        { owner: "octo", name: "models", ids: { owner: "1001", repository: "2002" } },
        { owner: "octo", name: "infra", ids: undefined },
      ],
      permissionsBoundaryArn: undefined,
      rolePath: "/",
      keepNames: false,
      stacks: {
        prod: { place: {}, preview: false, tick: false },
        dev: { place: {}, preview: false, tick: false },
        eu: { place: { vpcId: "vpc-1", ...ZONE, taskPolicyArns: [POLICY] }, preview: true, tick: true },
      },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["no repository", { repositories: [] }, "no repository is named"],
    ["a repository without an owner", of({ name: "models" }), "repositories[0].name is to be owner/name"],
    ["a repository without a name", of({ name: "octo/" }), "repositories[0].name is to be owner/name"],
    ["a repository that is a wildcard", of({ name: "octo/*" }), '"*" is no name of a GitHub owner'],
    [
      "a repository with another member",
      of({ name: "octo/x", owner: 1 }),
      "repositories[0].owner is unknown",
    ],
    ["a repository that is a text", { repositories: ["octo/models"] }, "repositories[0] is to be an object"],
    [
      "no word on the account's OIDC provider, which nobody may guess",
      { oidcProvider: undefined },
      "pulumi config set oidcProvider existing",
    ],
    ["another word on it", { oidcProvider: "lookup" }, "oidcProvider is lookup; allowed: existing or create"],
    [
      "the key of version 0.1, whose names would be replaced",
      { repository: "octo/models" },
      "pulumi config set keepNames true",
    ],
    ["a boundary that is none", { permissionsBoundaryArn: "admin" }, "permissionsBoundaryArn is admin"],
    ["a path with a wildcard", { rolePath: "/teams/*/" }, "rolePath is /teams/*/"],
    ["no stack", { stacks: {} }, "no stack is named"],
    ["a stack that is a wildcard", { stacks: { "*": {} } }, '"*" is no name of a GitHub owner'],
    [
      "a stack whose environment is another one's for reverts, which nobody reviews",
      { stacks: { prod: {}, "prod-revert": {} } },
      "stacks.prod-revert stands in the environment of prod's reverts",
    ],
    [
      "a stack whose environment is another one's for previews",
      { stacks: { prod: {}, "prod-preview": {} } },
      "stacks.prod-preview stands in the environment of prod's previews",
    ],
    ["ticks that are neither", { stacks: { prod: { tick: 1 } } }, "stacks.prod.tick is to be true or false"],
    ["a preview that is neither", { stacks: { prod: { preview: "yes" } } }, "stacks.prod.preview is to be"],
    ["half of the numbers", of({ name: "octo/models", id: 1 }), "needs both"],
    ["a number that is none", of({ name: "octo/models", ownerId: "x", id: 1 }), '"x" is no number'],
    [
      "more repositories than a trust policy has room for",
      {
        repositories: Array.from({ length: 9 }, (_, index) => ({
          name: `octo/${"r".repeat(98)}${index}`,
          ownerId: 1,
          id: 2,
        })),
      },
      "repositories are 9; allowed: fewer",
    ],
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
