import {
  DescribeTargetGroupAttributesCommand,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { GroupSeen } from "../observations.ts";
import { healthyIn } from "./base.ts";
import type { Context } from "./context.ts";

// Slow start goes with round robin alone, so it comes after the other algorithm was rolled back.
const CHANGES = [
  ["load_balancing.algorithm.type", "least_outstanding_requests"],
  ["load_balancing.algorithm.type", "round_robin"],
  ["slow_start.duration_seconds", "60"],
  ["slow_start.duration_seconds", "0"],
] as const;
const LOOKS = 4;
const BETWEEN_MS = 4000;

/** Attributes of a group that has users. */
export async function group(context: Context): Promise<GroupSeen> {
  const { clients, clock, users } = context;
  const { elb } = clients;
  const base = await context.base();
  const { arn } = base.groups.blue;
  const healthyBefore = await healthyIn(elb, arn);
  let [fewestHealthy, failedRequests] = [healthyBefore, 0];
  const changed: { key: string; value: string; read: string }[] = [];
  for (const [Key, Value] of CHANGES) {
    await elb.send(
      new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes: [{ Key, Value }] }),
    );
    for (let look = 0; look < LOOKS; look++) {
      const answers = await Promise.all(Array.from({ length: 5 }, () => users.ask(`${base.url}/predict`)));
      failedRequests += answers.filter((answer) => answer?.status !== 200).length;
      fewestHealthy = Math.min(fewestHealthy, await healthyIn(elb, arn));
      await clock.sleep(BETWEEN_MS);
    }
    const { Attributes = [] } = await elb.send(
      new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }),
    );
    changed.push({
      key: Key,
      value: Value,
      read: Attributes.find((one) => one.Key === Key)?.Value ?? "nothing",
    });
  }
  return { changed, healthyBefore, fewestHealthy, failedRequests };
}
