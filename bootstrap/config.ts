import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../contract/field.ts";
import type { Place } from "../contract/iam/place.ts";
import type { Repository } from "./trust.ts";

/** What of a stack's own configuration its policies name. */
export type StackPlace = Pick<Place, "listenerArn" | "vpcId" | "taskPolicyArns" | "notifyTopicArn">;

export interface BootstrapConfig {
  readonly repository: Repository;
  readonly stacks: Readonly<Record<string, StackPlace>>;
}

const MEMBERS = ["listenerArn", "vpcId", "taskPolicyArns", "notifyTopicArn"];

/** @throws pulumi.RunError, which Pulumi shows without a stack trace. */
export function readBootstrapConfig(): BootstrapConfig {
  const config = new pulumi.Config();
  const [owner, name, ...rest] = config.require("repository").split("/");
  if (owner === undefined || name === undefined || rest.length > 0) {
    throw new pulumi.RunError(
      "repository is to be owner/name. Mend it: pulumi config set repository <owner>/<name>",
    );
  }
  const ids = config.getObject<unknown>("repositoryIds");
  const stacks = config.getObject<unknown>("stacks");
  if (!isRecord(stacks) || Object.keys(stacks).length === 0) {
    throw new pulumi.RunError("no stack is named. Mend it: pulumi config set --path 'stacks.prod' '{}'");
  }
  return {
    repository: { owner, name, ids: idsOf(ids) },
    stacks: Object.fromEntries(
      Object.entries(stacks).map(([stack, place]) => [stack, placeOf(stack, place)]),
    ),
  };
}

function idsOf(raw: unknown): Repository["ids"] {
  if (!isRecord(raw) || Object.keys(raw).length === 0) return undefined;
  const { owner, repository } = raw;
  if (owner === undefined || repository === undefined) {
    throw new pulumi.RunError("repositoryIds names one of owner and repository, and needs both");
  }
  return { owner: String(owner), repository: String(repository) };
}

/** `pulumi config set --path stacks.prod '{}'` stores the text, and an empty YAML value is null. */
function placeOf(stack: string, raw: unknown): StackPlace {
  const given: unknown = typeof raw === "string" ? JSON.parse(raw || "{}") : (raw ?? {});
  if (!isRecord(given)) throw new pulumi.RunError(`stacks.${stack} is to be an object`);
  const unknown = Object.keys(given).find((key) => !MEMBERS.includes(key));
  if (unknown !== undefined) {
    throw new pulumi.RunError(`stacks.${stack}.${unknown} is unknown; allowed: ${MEMBERS.join(", ")}`);
  }
  const text = (key: string) => {
    const value = given[key];
    return value === undefined ? {} : { [key]: String(value) };
  };
  const { taskPolicyArns } = given;
  return {
    ...text("listenerArn"),
    ...text("vpcId"),
    ...text("notifyTopicArn"),
    ...(Array.isArray(taskPolicyArns) ? { taskPolicyArns: taskPolicyArns.map(String) } : {}),
  };
}
