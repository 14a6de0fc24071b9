import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, describe, expect, test, vi } from "vitest";
import { clientConfig } from "../../../../validation/adapters/target.ts";
import { silentEndpoint } from "../../../support/silent-endpoint.ts";

const KEYS = { accessKeyId: "a", secretAccessKey: "b" };

describe("a call to AWS that is taken and never answered", () => {
  afterEach(() => vi.useRealTimers());

  test.each([
    [
      "the load balancer",
      (config: object) => new ElasticLoadBalancingV2Client(config).send(new DescribeRulesCommand({})),
    ],
    ["CloudWatch", (config: object) => new CloudWatchClient(config).send(new DescribeAlarmsCommand({}))],
  ])("is an error after ten seconds: %s", async (_name, send) => {
    const endpoint = await silentEndpoint();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const config = clientConfig({ region: "eu-central-1", endpoint: endpoint.url, credentials: KEYS });
    const outcome = send({ ...config, maxAttempts: 1 }).then(
      () => "answered",
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
    await endpoint.asked;
    vi.advanceTimersByTime(9_000);
    expect(await Promise.race([outcome, Promise.resolve("waits")])).toBe("waits");
    vi.advanceTimersByTime(2_000);
    expect(await outcome).toBe("TimeoutError");
    endpoint.close();
  });
});
