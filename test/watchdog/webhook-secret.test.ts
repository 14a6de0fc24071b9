import { describe, expect, it } from "vitest";
import { SNSClient } from "@aws-sdk/client-sns";
import { notify } from "../../watchdog/notify.ts";

const CANARY = "canary-4711";
const NOTIFICATION = {
  kind: "promoted",
  stack: "prod",
  releaseId: "v2-g3",
  reason: "it is promoted",
} as const;

describe("a webhook that cannot be called", () => {
  it.each([
    ["an address with a name and a password", `https://hook:${CANARY}@127.0.0.1:1/x`],
    ["an address that is none", `https://[${CANARY}/x`],
    ["a port where nobody listens", `https://127.0.0.1:1/${CANARY}`],
  ])("is told of without its address: %s", async (_, url) => {
    const told = notify({ topicArn: undefined, url }, async () => new SNSClient({}), NOTIFICATION);
    const error = await told.catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/^Error: .*the webhook cannot be reached: /);
    expect(
      JSON.stringify([String(error), error instanceof Error ? [error.stack, error.cause] : ""]),
    ).not.toContain(CANARY);
  });
});
