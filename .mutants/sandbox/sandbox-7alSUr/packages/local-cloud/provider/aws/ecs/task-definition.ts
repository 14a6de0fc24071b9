import { ifThere, made, type Call } from "../../calls.ts";
import { api, own, record, resource } from "../../record-shape.ts";
import type { ResourceType } from "../../resource-type.ts";
import { flag, number, set, text } from "../../shape.ts";
import { containerDefinitions } from "./container-definitions.ts";
import { ecsTags, ecsTagStep } from "./tags.ts";

const inputs = resource({
  family: api("family", text()),
  containerDefinitions: api("containerDefinitions", containerDefinitions()),
  cpu: api("cpu", text()),
  memory: api("memory", text()),
  networkMode: api("networkMode", text()),
  requiresCompatibilities: api("requiresCompatibilities", set(text())),
  executionRoleArn: api("executionRoleArn", text()),
  taskRoleArn: api("taskRoleArn", text()),
  runtimePlatform: api(
    "runtimePlatform",
    record({
      cpuArchitecture: api("cpuArchitecture", text()),
      operatingSystemFamily: api("operatingSystemFamily", text()),
    }),
  ),
  ephemeralStorage: api("ephemeralStorage", record({ sizeInGib: api("sizeInGiB", number()) })),
  tags: api("tags", ecsTags, {}),
  skipDestroy: own(flag(), false),
  trackLatest: own(flag(), false),
});

// ECS API: DescribeTaskDefinition has no error of its own for what is not there.
const UNDESCRIBABLE = /^(ClientException|.*NotFound(Exception)?)$/;

export function taskDefinitionType(call: Call): ResourceType {
  return {
    inputs,
    // A revision never changes: whatever is not a tag or about ourselves makes a new one.
    replacedBy: Object.keys(inputs.fields).filter(
      (name) => !["tags", "skipDestroy", "trackLatest"].includes(name),
    ),
    // Revisions of a family stand side by side.
    identity: [],
    async create(wanted) {
      const found = made(await call("RegisterTaskDefinition", inputs.toApi(wanted)), "taskDefinition");
      return { id: String(found["family"]), arn: String(found["taskDefinitionArn"]) };
    },
    steps: [ecsTagStep(call)],
    async describe({ arn }) {
      const lookup = call("DescribeTaskDefinition", { taskDefinition: arn, include: ["TAGS"] });
      const answer = await ifThere(lookup, UNDESCRIBABLE);
      if (answer === undefined) return undefined;
      const found = made(answer, "taskDefinition");
      if (found["status"] === "INACTIVE") return undefined;
      const tags = answer["tags"] ?? [];
      return {
        ...inputs.fromApi({ ...found, tags }),
        tagsAll: ecsTags.fromApi(tags),
        arn,
        arnWithoutRevision: arn.slice(0, arn.lastIndexOf(":")),
        revision: found["revision"],
      };
    },
    async delete({ arn, state }) {
      if (state["skipDestroy"] === true) return;
      await ifThere(call("DeregisterTaskDefinition", { taskDefinition: arn }), UNDESCRIBABLE);
    },
  };
}
