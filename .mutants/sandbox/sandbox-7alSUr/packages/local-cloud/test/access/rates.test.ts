import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, describe, expect, it } from "vitest";
import { apiRates } from "../../access/rates.ts";
import { cloudWatch } from "../../aws-api/cloudwatch.ts";
import { handleQuery } from "../../aws-api/elbv2.ts";
import type { ApiCall } from "../../aws-api/guard.ts";
import { createApiServer, type ApiServer } from "../../aws-api/server.ts";
import { TEST_KEYS } from "../support/local-keys.ts";

const call = (service: string, operation: string): ApiCall => ({
  service,
  operation,
  input: {},
  role: undefined,
});

/** How many of so many calls at once pass. */
function passing(guard: ReturnType<typeof apiRates>, asked: ApiCall, times: number): number {
  return Array.from({ length: times }, () => {
    try {
      void guard(asked);
      return 1;
    } catch {
      return 0;
    }
  }).filter((one) => one === 1).length;
}

describe("AWS's rates", () => {
  it.each([
    ["cloudwatch", "DescribeAlarms", 9, 9],
    ["cloudwatch", "PutMetricAlarm", 3, 3],
    ["elasticloadbalancing", "DescribeRules", 40, 10],
    ["ecs", "DescribeServices", 100, 20],
  ])("%s %s: %i at once, and %i a second from then on", (service, operation, burst, perSecond) => {
    let nowMs = 0;
    const guard = apiRates(() => nowMs);
    const asked = call(service, operation);
    expect(passing(guard, asked, 200)).toBe(burst);
    nowMs += 1000;
    expect(passing(guard, asked, 200)).toBe(perSecond);
    nowMs += 3_600_000;
    expect(passing(guard, asked, 200)).toBe(burst);
  });

  it("are shared by all reads of the load balancer, and leave its writes alone", () => {
    const guard = apiRates(() => 0);
    expect(passing(guard, call("elasticloadbalancing", "DescribeTags"), 30)).toBe(30);
    expect(passing(guard, call("elasticloadbalancing", "DescribeRules"), 30)).toBe(10);
    expect(passing(guard, call("elasticloadbalancing", "ModifyRule"), 100)).toBe(100);
  });
});

describe("a throttled call, to the SDK's own clients,", () => {
  let server: ApiServer | undefined;
  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  it("is what AWS says it is, in both protocols", async () => {
    server = createApiServer({
      keys: TEST_KEYS,
      json: [cloudWatch({ DescribeAlarms: () => ({ MetricAlarms: [] }) })],
      query: (form, admission) =>
        handleQuery({ DescribeLoadBalancers: () => ({ LoadBalancers: [] }) }, form, admission),
      guard: apiRates(() => 0),
    });
    const { port } = await server.listen(0);
    const settings = {
      region: "us-east-1",
      endpoint: `http://127.0.0.1:${port}`,
      credentials: TEST_KEYS,
      maxAttempts: 1,
    };
    const watch = new CloudWatchClient(settings);
    const elb = new ElasticLoadBalancingV2Client(settings);
    const namesOf = async (times: number, ask: () => Promise<unknown>) =>
      Promise.all(
        Array.from({ length: times }, () =>
          ask().then(
            () => "passed",
            (error: Error) => error.name,
          ),
        ),
      );
    const count = (names: readonly string[], wanted: string) =>
      names.filter((name) => name === wanted).length;

    const alarms = await namesOf(12, () => watch.send(new DescribeAlarmsCommand({})));
    expect([count(alarms, "passed"), count(alarms, "Throttling")]).toEqual([9, 3]);
    const balancers = await namesOf(42, () => elb.send(new DescribeLoadBalancersCommand({})));
    expect([count(balancers, "passed"), count(balancers, "Throttling")]).toEqual([40, 2]);
    watch.destroy();
    elb.destroy();
  });
});
