import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { isRecord } from "../contract/field.ts";
import type { Place } from "../contract/iam/place.ts";
import { GITHUB_ROLES, subjects, type Repository } from "./trust.ts";

/** What of a stack's own configuration its policies name. */
export type StackPlace = Pick<
  Place,
  "listenerArn" | "vpcId" | "hostedZoneId" | "hostName" | "taskPolicyArns" | "notifyTopicArn"
>;

export interface BootstrapConfig {
  /** Name of the stacks' Pulumi project. */
  readonly project: string;
  /** An account's own provider for GitHub; undefined: none is there yet. */
  readonly oidcProviderArn: string | undefined;
  readonly repository: Repository;
  readonly stacks: Readonly<Record<string, StackPlace>>;
}

const MEMBERS = ["listenerArn", "vpcId", "hostedZoneId", "hostName", "taskPolicyArns", "notifyTopicArn"];

/** @throws pulumi.RunError, which Pulumi shows without a stack trace. */
export function readBootstrapConfig(config = new pulumi.Config()): BootstrapConfig {
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
  const repository = { owner, name, ids: idsOf(ids) };
  const places = Object.entries(stacks).map(([stack, place]) => {
    requireNames(repository, stack);
    const owner = stack.replace(/-revert$/, "");
    if (owner !== stack && owner in stacks) {
      throw new pulumi.RunError(
        `stacks.${stack} stands in the environment of ${owner}'s reverts; give it another name`,
      );
    }
    return [stack, placeOf(stack, place)] as const;
  });
  const project = config.get("project") || readProject();
  // Bucket names are the narrowest of all (S3): at most 63 characters, 31 of them account and region.
  if (!/^[a-z0-9][a-z0-9-]{0,30}$/.test(project)) {
    throw new pulumi.RunError(
      `the project ${project} is to be at most 31 lower-case letters, digits and hyphens, as its bucket is named after it. Mend it: pulumi config set project <name>, which has to be the name in the Pulumi.yaml of the stacks`,
    );
  }
  return {
    project,
    oidcProviderArn: config.get("oidcProviderArn"),
    repository,
    stacks: Object.fromEntries(places),
  };
}

/** The stacks are those of the project around this one. */
function readProject(): string {
  const path = join(import.meta.dirname, "..", "Pulumi.yaml");
  const [, name] = /^name:\s*["']?([\w.-]+)/m.exec(readFileSync(path, "utf8")) ?? [];
  if (name === undefined) throw new pulumi.RunError(`${path} has no name`);
  return name;
}

/** Before anything is made: a trust policy of such words would let in somebody else. */
function requireNames(repository: Repository, stack: string): void {
  try {
    for (const role of GITHUB_ROLES) subjects(role, repository, stack);
  } catch (error) {
    throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
  }
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
  const given = typeof raw === "string" ? fromJson(raw) : (raw ?? {});
  if (!isRecord(given)) throw new pulumi.RunError(`stacks.${stack} is to be an object`);
  const unknown = Object.keys(given).find((key) => !MEMBERS.includes(key));
  if (unknown !== undefined) {
    throw new pulumi.RunError(`stacks.${stack}.${unknown} is unknown; allowed: ${MEMBERS.join(", ")}`);
  }
  const text = (key: string) => {
    const value = given[key];
    if (value === undefined) return {};
    if (typeof value !== "string") throw new pulumi.RunError(`stacks.${stack}.${key} is to be text`);
    return { [key]: value };
  };
  if ("hostedZoneId" in given !== "hostName" in given) {
    throw new pulumi.RunError(
      `stacks.${stack} has one of hostedZoneId and hostName: the records that its roles may write need both`,
    );
  }
  const { taskPolicyArns } = given;
  if (taskPolicyArns !== undefined && !Array.isArray(taskPolicyArns)) {
    throw new pulumi.RunError(`stacks.${stack}.taskPolicyArns is to be a list`);
  }
  return {
    ...text("listenerArn"),
    ...text("vpcId"),
    ...text("hostedZoneId"),
    ...text("hostName"),
    ...text("notifyTopicArn"),
    ...(taskPolicyArns === undefined ? {} : { taskPolicyArns: taskPolicyArns.map(String) }),
  };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text || "{}");
  } catch {
    // The caller says what it is not: an object.
    return undefined;
  }
}
