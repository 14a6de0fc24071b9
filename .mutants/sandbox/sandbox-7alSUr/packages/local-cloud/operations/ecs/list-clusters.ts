import * as v from "valibot";
import { defineOperation } from "../../aws-api/define-operation.ts";
import { count, ecsInput, page } from "../../tasks/resources/input.ts";

// ECS API, ListClusters: 1 to 100 clusters a page.
const Input = v.strictObject({
  maxResults: v.optional(count(1, 100), 100),
  nextToken: v.optional(v.string()),
});

export default defineOperation({
  service: "ecs",
  name: "ListClusters",
  // Amazon ECS "Request throttling": cluster read actions.
  rate: { burst: 50, perSecond: 20 },
  run({ model }, raw) {
    const input = ecsInput("ListClusters", Input, raw);
    const active = Object.values(model.clusters).filter(({ status }) => status === "ACTIVE");
    const { items, nextToken } = page(
      active.map(({ arn }) => arn),
      input.maxResults,
      input.nextToken,
    );
    return { clusterArns: items, nextToken };
  },
});
