import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { upstream, world } from "./support.ts";

/** Two targets of one group: the first never answers before the test says so. */
async function twoTargets(algorithm: string) {
  const held: ServerResponse[] = [];
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  const w = await world();
  const group = await w.createGroup("models");
  await w.createRule(
    1,
    [{ Type: "forward", TargetGroupArn: group }],
    [{ Field: "path-pattern", PathPatternConfig: { Values: ["*"] } }],
  );
  await w.call("ModifyTargetGroupAttributes", {
    TargetGroupArn: group,
    Attributes: [{ Key: "load_balancing.algorithm.type", Value: algorithm }],
  });
  const slow = await upstream((request, response) => {
    if (request.url === "/health") return void response.end("well");
    held.push(response);
    resolve();
  });
  const quick = await upstream((_request, response) => void response.end("quick"));
  await w.register(group, slow);
  await w.register(group, quick);
  return { ...w, held, arrived };
}

test("with least outstanding requests, a busy task gets none while another is idle", async () => {
  const w = await twoTargets("least_outstanding_requests");
  const asked = [w.get("/a"), w.get("/b")];
  await w.arrived;
  for (let request = 0; request < 6; request += 1) expect((await w.get("/c")).body).toBe("quick");
  expect(w.held).toHaveLength(1);
  w.held[0]?.end("slow");
  expect((await Promise.all(asked)).map(({ body }) => body).toSorted()).toEqual(["quick", "slow"]);
});
