import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  AUDIENCE,
  ISSUER,
  subjects,
  trustPolicy,
  type GithubRole,
  type Repository,
} from "../../bootstrap/trust.ts";

const REPOSITORY: Repository = { owner: "octo", name: "models", ids: { owner: "1001", repository: "2002" } };
const OTHER: Repository = { owner: "octo", name: "infrastructure", ids: undefined };
const OLD = "repo:octo/models";
const NEW = "repo:octo@1001/models@2002";
type Claims = Readonly<Record<string, string>>;
const PROD = { stack: "prod", ticks: false };
const ROLES: readonly GithubRole[] = ["preview", "deploy", "revert"];

/** IAM: all operators and keys of a condition must hold; StringEquals is exact, and a claim that is not there fails. */
function accepts(role: GithubRole, claims: Claims, repository = REPOSITORY, ticks = false): boolean {
  const stack = { stack: "prod", ticks };
  const [{ Effect, Condition }] = trustPolicy(role, [repository], stack, "arn:provider").Statement;
  const { StringEquals, ...others } = Condition;
  if (Effect !== "Allow" || Object.keys(others).length > 0)
    throw new Error("the test knows StringEquals alone");
  return Object.entries(StringEquals).every(([key, wanted]) => {
    const claim = claims[key.replace(`${ISSUER}:`, "")];
    return claim !== undefined && [wanted].flat().includes(claim);
  });
}
const acceptedBy = (claims: Claims) => ROLES.filter((role) => accepts(role, claims));
const subject = (sub: string): Claims => ({ sub, aud: AUDIENCE });

const TABLE: readonly (readonly [string, Claims, readonly GithubRole[]])[] = [
  ["a pull request, whose jobs its branch writes, by name", subject(`${OLD}:pull_request`), []],
  ["a pull request, whose jobs its branch writes, by number", subject(`${NEW}:pull_request`), []],
  ["the environment of the preview, by name", subject(`${OLD}:environment:prod-preview`), ["preview"]],
  ["the environment of the preview, by number", subject(`${NEW}:environment:prod-preview`), ["preview"]],
  ["the protected environment, by name", subject(`${OLD}:environment:prod`), ["deploy"]],
  ["the protected environment, by number", subject(`${NEW}:environment:prod`), ["deploy"]],
  ["the environment of who steers, by name", subject(`${OLD}:environment:prod-steer`), ["deploy"]],
  ["the environment of who steers, by number", subject(`${NEW}:environment:prod-steer`), ["deploy"]],
  ["the environment of ticks, which nobody has asked for", subject(`${OLD}:environment:prod-tick`), []],
  ["the environment of the revert, by name", subject(`${OLD}:environment:prod-revert`), ["revert"]],
  ["the environment of the revert, by number", subject(`${NEW}:environment:prod-revert`), ["revert"]],
  ["a branch without environment", subject(`${OLD}:ref:refs/heads/main`), []],
  ["a branch without environment, by number", subject(`${NEW}:ref:refs/heads/main`), []],
  ["a branch that is called like the environment", subject(`${OLD}:ref:refs/heads/environment:prod`), []],
  ["a tag", subject(`${OLD}:ref:refs/tags/v1`), []],
  ["a tag that is called like a pull request", subject(`${OLD}:ref:refs/tags/pull_request`), []],
  ["another environment", subject(`${OLD}:environment:dev`), []],
  ["an environment that begins alike", subject(`${OLD}:environment:production`), []],
  ["an environment that ends alike", subject(`${OLD}:environment:not-prod`), []],
  ["the environment in other letters", subject(`${OLD}:environment:Prod`), []],
  ["the environment without a name", subject(`${OLD}:environment:`), []],
  ["no context at all", subject(OLD), []],
  ["a fork", subject("repo:eve/models:environment:prod"), []],
  ["a fork's pull request", subject("repo:eve/models:pull_request"), []],
  ["another repository of the owner", subject("repo:octo/website:environment:prod"), []],
  ["a repository that begins alike", subject("repo:octo/models-fork:environment:prod"), []],
  ["an owner that ends alike", subject("repo:not-octo/models:environment:prod"), []],
  [
    "the names with other numbers: somebody took the name over",
    subject("repo:octo@666/models@2002:environment:prod"),
    [],
  ],
  ["the owner with another repository's number", subject("repo:octo@1001/models@666:environment:prod"), []],
  ["numbers of the owner alone", subject("repo:octo@1001/models:environment:prod"), []],
  ["a wildcard for the context", subject(`${OLD}:*`), []],
  ["a wildcard for the repository", subject("repo:octo/*:environment:prod"), []],
  ["a wildcard for everything", subject("*"), []],
  ["another audience", { sub: `${OLD}:environment:prod`, aud: "https://github.com/octo" }, []],
  ["no audience", { sub: `${OLD}:environment:prod` }, []],
  ["no subject", { aud: AUDIENCE }, []],
  ["an empty subject", subject(""), []],
];

describe("a token of GitHub", () => {
  it.each(TABLE)("of %s", (_title, claims, roles) => {
    expect(acceptedBy(claims)).toEqual(roles);
  });

  it.each([OLD, NEW])("of ticks is accepted where somebody has asked for their environment: %s", (who) => {
    const claims = subject(`${who}:environment:prod-tick`);
    expect(ROLES.filter((role) => accepts(role, claims, REPOSITORY, true))).toEqual(["deploy"]);
  });

  it("by number is not accepted as long as the numbers are not known", () => {
    const named = { ...REPOSITORY, ids: undefined };
    expect(accepts("deploy", subject(`${OLD}:environment:prod`), named)).toBe(true);
    expect(accepts("deploy", subject(`${NEW}:environment:prod`), named)).toBe(false);
  });
});

describe("a trust policy", () => {
  it("of two repositories lets in the jobs of both, and of no other", () => {
    const [{ Condition }] = trustPolicy("deploy", [REPOSITORY, OTHER], PROD, "arn:provider").Statement;
    expect(Condition.StringEquals[`${ISSUER}:sub`]).toEqual([
      `${OLD}:environment:prod`,
      `${NEW}:environment:prod`,
      `${OLD}:environment:prod-steer`,
      `${NEW}:environment:prod-steer`,
      "repo:octo/infrastructure:environment:prod",
      "repo:octo/infrastructure:environment:prod-steer",
    ]);
  });

  it("lets into the stack's own role from the environments that docs/security.md and docs/github.md name", () => {
    const environments = subjects("deploy", OTHER, "prod", true).map(
      (one) => one.split(":environment:prod")[1],
    );
    expect(environments).toEqual(["", "-steer", "-tick"]);
    const rows = [
      ["security.md", "| a stolen token of a runner |"],
      ["github.md", "| `…-deploy` |"],
    ] as const;
    for (const [file, begin] of rows) {
      const text = readFileSync(join(import.meta.dirname, "../../docs", file), "utf8");
      const row = text.split("\n").find((line) => line.startsWith(begin));
      for (const use of environments) expect(row).toContain(`\`<stack>${use}\``);
    }
  });

  it("names whole subjects, with no wildcard and no set operator that an absent claim would satisfy", () => {
    for (const role of ROLES) {
      const policy = JSON.stringify(trustPolicy(role, [REPOSITORY, OTHER], PROD, "arn:provider"));
      expect(policy).not.toMatch(/[*?]|ForAllValues|ForAnyValue|StringLike/);
    }
  });

  it.each([
    [{ ...REPOSITORY, name: "*" }, "prod"],
    [{ ...REPOSITORY, owner: "octo/x" }, "prod"],
    [{ ...REPOSITORY, ids: { owner: "*", repository: "1" } }, "prod"],
    [REPOSITORY, "prod:environment:dev"],
    [REPOSITORY, "*"],
  ])("is not made of words that would mean something else: %j %s", (repository, stack) => {
    expect(() => subjects("deploy", repository, stack)).toThrow("is no n");
  });
});
