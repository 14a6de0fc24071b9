import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AUDIENCE, GITHUB_ROLES, ISSUER, SESSION_SECONDS, trustPolicy } from "../../bootstrap/trust.ts";
import { policiesOf } from "../../contract/iam/policy.ts";
import { PROJECT } from "../support/project.ts";
import { ACCOUNT, cannotJudge, REGION, startMoto, WITHOUT_MOTO, type Moto } from "./support/moto.ts";
import { accepted, elements, query } from "./support/raw.ts";
import { STACK } from "./support/stack.ts";

const REPOSITORIES = [
  { owner: "octo", name: "models", ids: { owner: "1001", repository: "2002" } },
  { owner: "octo", name: "older", ids: undefined },
];
const PLACE = {
  partition: "aws",
  region: REGION,
  accountId: ACCOUNT,
  project: PROJECT,
  stack: STACK,
  stateBucket: "state",
  stateKeyArn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/11111111-2222-3333-4444-555555555555`,
};

describe.skipIf(WITHOUT_MOTO !== "")(`GitHub's roles on moto${WITHOUT_MOTO}`, () => {
  let moto: Moto;
  let provider: string;
  const iam = (Action: string, parameters: Readonly<Record<string, string>>) =>
    accepted(query(moto, "iam", { Action, Version: "2010-05-08", ...parameters }));

  beforeAll(async () => {
    moto = await startMoto();
    const made = await iam("CreateOpenIDConnectProvider", {
      Url: `https://${ISSUER}`,
      "ClientIDList.member.1": AUDIENCE,
    });
    provider = elements(made, "OpenIDConnectProviderArn")[0] ?? "";
  });
  afterAll(() => moto?.stop());

  it("the provider is found by its address, as an account that has one already is asked", async () => {
    expect(provider).toBe(`arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}`);
    expect(await iam("ListOpenIDConnectProviders", {})).toContain(provider);
  });

  it.each(GITHUB_ROLES)(
    "%s: trust and every policy document are taken, and read back as written",
    async (role) => {
      const RoleName = `${PROJECT}-${STACK}-${role}`;
      const trust = JSON.stringify(trustPolicy(role, REPOSITORIES, { stack: STACK, ticks: true }, provider));
      await iam("CreateRole", {
        RoleName,
        Path: "/teams/ml/",
        AssumeRolePolicyDocument: trust,
        MaxSessionDuration: String(SESSION_SECONDS),
      });
      for (const [index, document] of policiesOf(role, PLACE).entries()) {
        const PolicyName = `${RoleName}-${index + 1}`;
        const made = await iam("CreatePolicy", { PolicyName, PolicyDocument: JSON.stringify(document) });
        await iam("AttachRolePolicy", { RoleName, PolicyArn: elements(made, "Arn")[0] ?? "" });
      }
      const read = await iam("GetRole", { RoleName });
      const [written = ""] = elements(read, "AssumeRolePolicyDocument");
      expect(JSON.parse(decodeURIComponent(written).replaceAll("&quot;", '"'))).toEqual(JSON.parse(trust));
      expect(elements(read, "MaxSessionDuration")).toEqual([String(SESSION_SECONDS)]);
      const attached = await iam("ListAttachedRolePolicies", { RoleName });
      expect(elements(attached, "PolicyArn").length).toBe(policiesOf(role, PLACE).length);
    },
  );

  it("a job gets short-lived credentials for its role", async () => {
    const sts = new STSClient({
      ...moto.client,
      credentials: { accessKeyId: "none", secretAccessKey: "none" },
    });
    const { Credentials, AssumedRoleUser } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/teams/ml/${PROJECT}-${STACK}-deploy`,
        RoleSessionName: "release",
        WebIdentityToken: "a.token.of-github",
        DurationSeconds: SESSION_SECONDS,
      }),
    );
    expect(Credentials?.SessionToken).toBeTruthy();
    expect(AssumedRoleUser?.Arn).toContain("assumed-role");
  });

  cannotJudge("whose token it is", "reads neither the token nor the trust policy (sts/responses.py)");
  cannotJudge(
    "that a policy is enough and no more",
    "lets every call pass unless it is asked to judge (INITIAL_NO_AUTH_ACTION_COUNT), and then knows no condition keys of ELB and ECS; the local cloud's --authorize judges",
  );
});
