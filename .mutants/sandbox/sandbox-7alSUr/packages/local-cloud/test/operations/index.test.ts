import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ELB_READING } from "../../access/rate.ts";
import { apiRates } from "../../access/rates.ts";
import { requiredPermissions } from "../../access/required-permissions.ts";
import { DOCUMENT, INDEX, operationsIndex } from "../../generate.ts";
import { operationsDocument } from "../../operations-table.ts";
import { OPERATIONS } from "../../operations/index.ts";

it("the list of operations is that of their files (npm run generate -w packages/local-cloud)", () => {
  expect(readFileSync(INDEX, "utf8")).toBe(operationsIndex());
});

it("the table of operations is made from their files (npm run generate -w packages/local-cloud)", () => {
  expect(readFileSync(DOCUMENT, "utf8")).toBe(operationsDocument());
});

const TESTS = join(import.meta.dirname, "..");
const tests = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => readFileSync(join(TESTS, file), "utf8"))
  .join("\n");

it.each(OPERATIONS)("a test calls $service:$name", ({ name }) => {
  expect(tests).toMatch(new RegExp(`new ${name}Command\\(|"${name}"`));
});

it.each(OPERATIONS)("IAM is asked for $service:$name itself, or for more", ({ service, name }) => {
  const call = { service, operation: name, input: { resourceArn: "arn:aws:x" }, role: undefined };
  const actions = requiredPermissions(call, "us-east-1").map(({ action }) => action);
  expect(actions).toContain(`${service}:${name}`);
});

it("operations that share a bucket say the same of it", () => {
  const shared = OPERATIONS.filter(({ rate }) => rate?.sharedBy !== undefined);
  const buckets = Map.groupBy(shared, ({ service, rate }) => `${service}: ${rate?.sharedBy}`);
  for (const inside of buckets.values()) expect(new Set(inside.map(({ rate }) => rate)).size).toBe(1);
  expect(buckets.size).toBeGreaterThan(0);
});

it.each(OPERATIONS.filter(({ service }) => service === "elasticloadbalancing"))(
  "$name draws on the bucket of the load balancer's reads when it is one",
  ({ name, rate }) => {
    expect(rate).toBe(name.startsWith("Describe") ? ELB_READING : undefined);
  },
);

it.each(OPERATIONS)("the rate of $service:$name holds", ({ service, name, rate }) => {
  const guard = apiRates(() => 0);
  const call = () => guard({ service, operation: name, input: {}, role: undefined });
  for (let calls = 0; calls < (rate?.burst ?? 0); calls += 1) void call();
  if (rate !== undefined) expect(call).toThrow("Rate exceeded");
  else expect(call).not.toThrow();
});
