import { ifThere, first, made, type Call } from "../../calls.ts";
import { api, changedMembers, record, resource } from "../../record-shape.ts";
import type { ResourceType } from "../../resource-type.ts";
import { set, text } from "../../shape.ts";
import { ecsTags, ecsTagStep } from "./tags.ts";

const inputs = resource({
  name: api("clusterName", text()),
  settings: api("settings", set(record({ name: api("name", text()), value: api("value", text()) }))),
  tags: api("tags", ecsTags, {}),
});

export function clusterType(call: Call): ResourceType {
  return {
    inputs,
    replacedBy: ["name", "region"],
    identity: ["name"],
    named: { property: "name", maxLength: 255 },
    async create(wanted) {
      const arn = String(made(await call("CreateCluster", inputs.toApi(wanted)), "cluster")["clusterArn"]);
      return { id: arn, arn };
    },
    steps: [
      {
        properties: ["settings"],
        async apply({ arn, news }) {
          await call("UpdateCluster", {
            cluster: arn,
            ...changedMembers(inputs, news, new Set(["settings"])),
          });
        },
      },
      ecsTagStep(call),
    ],
    async describe({ arn }) {
      const answer = await call("DescribeClusters", { clusters: [arn], include: ["TAGS", "SETTINGS"] });
      const found = first(answer, "clusters");
      // ECS API: a deleted cluster stays to be seen as INACTIVE for a while.
      if (found === undefined || found["status"] === "INACTIVE") return undefined;
      return { ...inputs.fromApi(found), tagsAll: ecsTags.fromApi(found["tags"]), arn };
    },
    async delete({ arn }) {
      await ifThere(call("DeleteCluster", { cluster: arn }));
    },
  };
}
