import { ifThere, first, type Call } from "../../calls.ts";
import { api, record, resource } from "../../record-shape.ts";
import type { ResourceType } from "../../resource-type.ts";
import { list, number, set, text } from "../../shape.ts";

const inputs = resource({
  clusterName: api("cluster", text()),
  capacityProviders: api("capacityProviders", set(text()), []),
  defaultCapacityProviderStrategies: api(
    "defaultCapacityProviderStrategy",
    list(
      record({
        capacityProvider: api("capacityProvider", text()),
        base: api("base", number(), 0),
        weight: api("weight", number(), 0),
      }),
    ),
    [],
  ),
});

/** Which capacity providers a cluster's services may use. It is no thing of its own in ECS: its id is the cluster's name. */
export function clusterCapacityProvidersType(call: Call): ResourceType {
  return {
    inputs,
    replacedBy: ["clusterName", "region"],
    identity: ["clusterName"],
    async create(wanted) {
      await call("PutClusterCapacityProviders", inputs.toApi(wanted));
      const id = String(wanted["clusterName"]);
      return { id, arn: id };
    },
    steps: [
      {
        properties: ["capacityProviders", "defaultCapacityProviderStrategies"],
        async apply({ news }) {
          await call("PutClusterCapacityProviders", inputs.toApi(news));
        },
      },
    ],
    async describe({ id }) {
      const found = first(await call("DescribeClusters", { clusters: [id] }), "clusters");
      if (found === undefined || found["status"] === "INACTIVE") return undefined;
      return inputs.fromApi({ ...found, cluster: id });
    },
    async delete({ id }) {
      const none = { cluster: id, capacityProviders: [], defaultCapacityProviderStrategy: [] };
      await ifThere(call("PutClusterCapacityProviders", none));
    },
  };
}
