import { describe, expect, it } from "vitest";
import { compileConditions } from "../../gateway/match-rule.ts";
import type { RequestFacts } from "../../gateway/match-rule.ts";
import type { RuleConditionRecord } from "../../gateway/model.ts";

const REQUEST: RequestFacts = {
  method: "GET",
  path: "/predict",
  query: "",
  headers: { host: "api.example.com:8080" },
  sourceIp: "127.0.0.1",
};

const cases: readonly [title: string, RuleConditionRecord, Partial<RequestFacts>, boolean][] = [
  ["a path of /* is every path", { field: "path-pattern", values: ["/*"] }, {}, true],
  ["/api/* does not match /api", { field: "path-pattern", values: ["/api/*"] }, { path: "/api" }, false],
  [
    "/api/* matches what is below it",
    { field: "path-pattern", values: ["/api/*"] },
    { path: "/api/a/b" },
    true,
  ],
  ["? is exactly one character", { field: "path-pattern", values: ["/v?"] }, { path: "/v12" }, false],
  ["? is any one character", { field: "path-pattern", values: ["/v?"] }, { path: "/v1" }, true],
  ["paths are case-sensitive", { field: "path-pattern", values: ["/Predict"] }, {}, false],
  ["a dot is only a dot", { field: "path-pattern", values: ["/a.b"] }, { path: "/axb" }, false],
  ["one of several values is enough", { field: "path-pattern", values: ["/x", "/predict"] }, {}, true],
  ["hosts ignore case and port", { field: "host-header", values: ["API.example.com"] }, {}, true],
  ["hosts take wildcards", { field: "host-header", values: ["*.example.com"] }, {}, true],
  ["another host does not match", { field: "host-header", values: ["*.example.org"] }, {}, false],
  ["a method is compared as it is", { field: "http-request-method", values: ["GET", "HEAD"] }, {}, true],
  ["another method does not match", { field: "http-request-method", values: ["POST"] }, {}, false],
  [
    "header names and values ignore case",
    { field: "http-header", name: "X-Slot", values: ["Green"] },
    { headers: { "x-slot": "green" } },
    true,
  ],
  [
    "a header that is missing does not match",
    { field: "http-header", name: "x-slot", values: ["*"] },
    {},
    false,
  ],
  [
    "a query pair matches by key and value",
    { field: "query-string", values: [{ key: "Version", value: "v*" }] },
    { query: "a=b&version=V1" },
    true,
  ],
  [
    "a query value without key matches any key",
    { field: "query-string", values: [{ value: "b" }] },
    { query: "a=b" },
    true,
  ],
  ["an empty query has no pair", { field: "query-string", values: [{ value: "*" }] }, {}, false],
  [
    "an address in the block matches",
    { field: "source-ip", values: ["10.0.0.0/8", "127.0.0.0/8"] },
    {},
    true,
  ],
  ["an address outside does not", { field: "source-ip", values: ["10.0.0.0/8", "::/0"] }, {}, false],
];

describe("a rule's conditions", () => {
  it.each(cases)("%s", (_title, condition, request, expected) => {
    expect(compileConditions([condition])({ ...REQUEST, ...request })).toBe(expected);
  });

  it("must all hold", () => {
    const path: RuleConditionRecord = { field: "path-pattern", values: ["/*"] };
    const slot: RuleConditionRecord = { field: "http-header", name: "x-slot", values: ["green"] };
    const matches = compileConditions([path, slot]);
    expect(matches(REQUEST)).toBe(false);
    expect(matches({ ...REQUEST, headers: { "x-slot": "green" } })).toBe(true);
  });

  it("let every request through where there is none", () => {
    expect(compileConditions([])(REQUEST)).toBe(true);
  });
});
