import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asAwsSays } from "../../aws-api/door.ts";
import {
  refuseClaim,
  refuseSignature,
  sign,
  type Refusal,
  type SignedRequest,
} from "../../access/signature.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

const NOW = Date.parse("2015-08-30T12:36:00Z");
const MINUTE_MS = 60_000;
const vanilla: SignedRequest = {
  method: "POST",
  headers: { host: "example.amazonaws.com", "x-amz-date": "20150830T123600Z" },
  body: Buffer.alloc(0),
};
const signed = (request: SignedRequest): SignedRequest => ({
  ...request,
  headers: { ...request.headers, authorization: sign(request, TEST_KEYS, "us-east-1", "service") },
});
const kindOf = (request: SignedRequest, nowMs = NOW) => refuseSignature(request, TEST_KEYS, nowMs)?.kind;

describe("a signature", () => {
  // AWS's published test suite for Signature Version 4: post-vanilla, post-x-www-form-urlencoded.
  it.each([
    ["of nothing", vanilla, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
    [
      "of a form",
      {
        ...vanilla,
        headers: { "content-type": "application/x-www-form-urlencoded", ...vanilla.headers },
        body: Buffer.from("Param1=value1"),
      },
      "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ],
  ])("%s is AWS's own", (_what, request, signature) => {
    expect(sign(request, TEST_KEYS, "us-east-1", "service")).toContain(`Signature=${signature}`);
    expect(kindOf(signed(request))).toBeUndefined();
  });

  it("fits its method, its headers, its body, its time and its key, and no other", () => {
    const whole: SignedRequest = {
      method: "POST",
      headers: { ...vanilla.headers, "x-amz-target": "Service.Act", "x-amz-security-token": "deploy" },
      body: Buffer.from("{}"),
    };
    const good = signed(whole);
    expect(kindOf(good)).toBeUndefined();
    const other = (headers: Record<string, string>) => ({
      ...good,
      headers: { ...good.headers, ...headers },
    });
    expect([
      kindOf({ ...good, method: "PUT" }),
      kindOf({ ...good, body: Buffer.from("{ }") }),
      kindOf(other({ host: "127.0.0.1:1" })),
      kindOf(other({ "x-amz-target": "Service.Other" })),
      kindOf(other({ "x-amz-security-token": "root" })),
      kindOf(other({ "x-amz-date": "20150830T123601Z" })),
      kindOf(other({ authorization: good.headers.authorization?.replace("us-east-1", "eu-west-1") ?? "" })),
    ]).toEqual(Array.from({ length: 7 }, () => "mismatch"));
    expect(refuseSignature(good, { ...TEST_KEYS, secretAccessKey: "other" }, NOW)?.kind).toBe("mismatch");
    expect(refuseSignature(good, { ...TEST_KEYS, accessKeyId: "OTHER" }, NOW)?.kind).toBe("unknownKey");
  });

  it("of one body announces no other", () => {
    const headers = { ...vanilla.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    expect(kindOf(signed({ ...vanilla, headers }))).toBe("mismatch");
  });

  it("must cover every header of AWS's own, so that none can be added", () => {
    const good = signed(vanilla);
    const added = { ...good, headers: { ...good.headers, "x-amz-target": "Service.Act" } };
    expect(refuseSignature(added, TEST_KEYS, NOW)).toMatchObject({
      kind: "incomplete",
      message: expect.stringContaining("'x-amz-target' must be in SignedHeaders"),
    });
  });

  it.each([
    [-15 * MINUTE_MS, undefined],
    [-15 * MINUTE_MS - 1000, "notNow"],
    [15 * MINUTE_MS, undefined],
    [15 * MINUTE_MS + 1000, "notNow"],
  ])("is looked at %i ms away from its time", (awayMs, kind) => {
    expect(kindOf(signed(vanilla), NOW + awayMs)).toBe(kind);
  });

  it.each<[string, string | undefined, string]>([
    ["is absent", undefined, "missing"],
    ["is another kind of proof", "Bearer x", "incomplete"],
    [
      "has no signature",
      "AWS4-HMAC-SHA256 Credential=a/20150830/r/s/aws4_request, SignedHeaders=host",
      "incomplete",
    ],
    ["has half a scope", "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=x", "incomplete"],
    [
      "is of another day",
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150831/r/s/aws4_request, SignedHeaders=host, Signature=x",
      "incomplete",
    ],
  ])("that %s is refused before the body is read", (_what, authorization, kind) => {
    expect(refuseClaim({ ...vanilla.headers, authorization }, TEST_KEYS, NOW)?.kind).toBe(kind);
  });

  it("of any nonsense is refused, and never throws", () => {
    const nonsense = fc.oneof(
      fc.string(),
      fc.string().map((text) => `AWS4-HMAC-SHA256 ${text}`),
    );
    fc.assert(
      fc.property(nonsense, fc.string(), (authorization, date) => {
        const request = { ...vanilla, headers: { host: "h", authorization, "x-amz-date": date } };
        expect(kindOf(request)).toBeDefined();
      }),
    );
  });
});

it("a refusal has the name of its protocol", () => {
  expect(asAwsSays({ kind: "missing", message: "" }, "json").code).toBe(
    "MissingAuthenticationTokenException",
  );
  expect(asAwsSays({ kind: "unknownKey", message: "" }, "query")).toMatchObject({
    code: "InvalidClientTokenId",
    status: 403,
  });
  expect(asAwsSays({ kind: "mismatch", message: "" }, "query").code).toBe("SignatureDoesNotMatch");
});

it("a refusal says where the keys are to whom has none, where a hint tells it", () => {
  const words = (kind: Refusal["kind"], hint?: string) =>
    asAwsSays({ kind, message: "Refused" }, "json", hint).message;
  expect(words("missing", "Keys: npm run keys")).toBe("Refused. Keys: npm run keys");
  expect(words("missing")).toBe("Refused");
  expect(words("mismatch", "Keys: npm run keys")).toBe("Refused");
});
