import { describe, expect, it } from "vitest";
import { handleQuery } from "../../aws-api/elbv2.ts";
import { AwsError } from "../../aws-api/errors.ts";
import type { Operations } from "../../aws-api/operations.ts";

describe("the query protocol", () => {
  const echo: Operations = { Echo: (input) => ({ Json: JSON.stringify(input) }) };

  async function echoed(form: string): Promise<unknown> {
    const { body } = await handleQuery(echo, form);
    const json = /<Json>(.*)<\/Json>/.exec(body)?.[1] ?? body;
    return JSON.parse(json.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code))));
  }

  it("orders list members by their number, also above 9", async () => {
    const values = Array.from({ length: 12 }, (_, i) => `v${i + 1}`);
    const form = values.map((value, i) => `Names.member.${i + 1}=${value}`).toReversed();
    expect(await echoed(`Action=Echo&Version=2015-12-01&${form.join("&")}`)).toEqual({ Names: values });
  });

  it("reads an empty list, an empty text and encoded characters", async () => {
    expect(await echoed("Action=Echo&Tags=&Marker=&Name=a%2Bb+c%26")).toEqual({
      Tags: [],
      Marker: "",
      Name: "a+b c&",
    });
  });

  it.each([
    ["Action=Echo&Port=eighty", "MalformedQueryString"],
    ["Action=Echo&HealthCheckEnabled=yes", "MalformedQueryString"],
    ["Action=Echo&Names.member.x=1", "MalformedQueryString"],
    ["Action=Echo&Names.1=a", "MalformedQueryString"],
    ["Action=Echo&Name=1&Name.a=2", "MalformedQueryString"],
    ["Action=Echo&Name=1&Name=2", "MalformedQueryString"],
    [`Action=Echo&${"A.".repeat(100_000)}A=1`, "MalformedQueryString"],
    ["Version=2015-12-01", "MissingAction"],
    ["Action=constructor", "NotSimulated"],
  ])("refuses %s with %s", async (form, code) => {
    expect((await handleQuery(echo, form)).body).toContain(`<Code>${code}</Code>`);
  });

  it("tells the caller's faults from ours", async () => {
    const failing: Operations = {
      Theirs: () => {
        throw new AwsError("ValidationError", "a < b");
      },
      Ours: () => Promise.reject(new Error("broken")),
    };
    const theirs = await handleQuery(failing, "Action=Theirs");
    expect(theirs).toMatchObject({ status: 400, contentType: "text/xml" });
    expect(theirs.body).toContain(
      "<Type>Sender</Type><Code>ValidationError</Code><Message>a &#60; b</Message>",
    );
    const ours = await handleQuery(failing, "Action=Ours");
    expect(ours.status).toBe(500);
    expect(ours.body).toContain("<Type>Receiver</Type><Code>InternalFailure</Code>");
  });
});
