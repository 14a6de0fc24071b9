import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { apiRates } from "../../access/rates.ts";
import { requiredPermissions } from "../../access/required-permissions.ts";
import { INDEX, operationsIndex } from "../../generate.ts";
import { OPERATIONS } from "../../operations/index.ts";

it("the list of operations is that of their files (npm run generate -w packages/local-cloud)", () => {
  expect(readFileSync(INDEX, "utf8")).toBe(operationsIndex());
});

it.each(OPERATIONS)("IAM is asked for $service:$name itself, or for more", ({ service, name }) => {
  const call = { service, operation: name, input: { resourceArn: "arn:aws:x" }, role: undefined };
  const actions = requiredPermissions(call, "us-east-1").map(({ action }) => action);
  expect(actions).toContain(`${service}:${name}`);
});

it.each(OPERATIONS)("the rate of $service:$name holds", ({ service, name, rate }) => {
  const guard = apiRates(() => 0);
  const call = () => guard({ service, operation: name, input: {}, role: undefined });
  for (let calls = 0; calls < (rate?.burst ?? 0); calls += 1) void call();
  if (rate !== undefined) expect(call).toThrow("Rate exceeded");
  else expect(call).not.toThrow();
});
