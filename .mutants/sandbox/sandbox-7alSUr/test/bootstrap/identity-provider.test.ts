import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { githubProvider } from "../../bootstrap/identity-provider.ts";

const ARN = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";

/** The account answers so when it is asked for its provider; undefined: it has none. */
async function account(found: Readonly<Record<string, unknown>> | undefined): Promise<readonly string[]> {
  const asked: string[] = [];
  await pulumi.runtime.setMocks({
    // With an id it is read, and without one it is made.
    newResource({ name, id, inputs }) {
      asked.push(id ? `read ${name} ${id}` : `make ${name}`);
      return { id: id || name, state: { ...inputs, arn: id } };
    },
    call: ({ token, inputs }) => {
      asked.push(`${token} ${String(inputs["url"])}`);
      if (found === undefined) throw new Error("couldn't find resource\nmore of it");
      return { ...found };
    },
  });
  return asked;
}

describe("the account's OIDC provider for GitHub", () => {
  it("is found by its address, and read under the name of one that version 0.1 has made, which Pulumi then keeps", async () => {
    const asked = await account({
      arn: ARN,
      clientIdLists: ["https://github.com/octo", "sts.amazonaws.com"],
    });
    const arn = await githubProvider("existing");
    expect(await new Promise((resolve) => arn.apply(resolve))).toBe(ARN);
    expect(asked).toEqual([
      "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider https://token.actions.githubusercontent.com",
      `read github ${ARN}`,
    ]);
  });

  it("is not made in place of one that cannot be read", async () => {
    await account(undefined);
    const refused = githubProvider("existing");
    await expect(refused).rejects.toBeInstanceOf(pulumi.RunError);
    await expect(refused).rejects.toThrow(/cannot be read: .*pulumi config set oidcProvider create/s);
  });

  it("is refused without AWS's audience, with the command that gives it", async () => {
    await account({ arn: ARN, clientIdLists: ["https://github.com/octo"] });
    await expect(githubProvider("existing")).rejects.toThrow(
      `aws iam add-client-id-to-open-id-connect-provider --open-id-connect-provider-arn ${ARN}`,
    );
  });
});
