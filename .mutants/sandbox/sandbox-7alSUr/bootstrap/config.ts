import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { isRecord, type Field } from "../contract/config/field.ts";
import type { PolicyPlace } from "../contract/iam/place.ts";
import { iamFields } from "../contract/config/sections.ts";
import { PROVIDER_MODES, type ProviderMode } from "./identity-provider.ts";
import { readRepositories, refuseMoved } from "./repositories.ts";
import { fitsTrust, GITHUB_ROLES, subjects, type Repository } from "./trust.ts";
import { wrong } from "./wrong.ts";

/** What of a stack's own configuration its policies name. */
export type StackPlace = Pick<
  PolicyPlace,
  | "listenerArn"
  | "vpcId"
  | "hostedZoneId"
  | "hostName"
  | "taskPolicyArns"
  | "notifyTopicArn"
  | "modelPackageGroups"
>;

/** A stack with its place, whether it has a role for previews, and whether its ticks have an environment of theirs. */
export interface BootstrapStack {
  readonly place: StackPlace;
  readonly preview: boolean;
  readonly tick: boolean;
}

export interface BootstrapConfig {
  /** Name of the stacks' Pulumi project. */
  readonly project: string;
  readonly oidcProvider: ProviderMode;
  /** Whose jobs may take the roles; names are made of the first. */
  readonly repositories: readonly [Repository, ...Repository[]];
  /** Of every role that is made here, and of those that the stacks make. */
  readonly permissionsBoundaryArn: string | undefined;
  /** IAM path of the roles and policies; begins and ends with `/`. */
  readonly rolePath: string;
  /** Whether the names are those of version 0.1, without region and repository. */
  readonly keepNames: boolean;
  readonly stacks: Readonly<Record<string, BootstrapStack>>;
}

const MEMBERS = [
  "listenerArn",
  "vpcId",
  "hostedZoneId",
  "hostName",
  "taskPolicyArns",
  "notifyTopicArn",
  "modelPackageGroups",
  "preview",
  "tick",
];

/** @throws pulumi.RunError, which Pulumi shows without a stack trace. */
export function readBootstrapConfig(config = new pulumi.Config()): BootstrapConfig {
  refuseMoved(config);
  const repositories = readRepositories(config.getObject<unknown>("repositories"));
  const stacks = config.getObject<unknown>("stacks");
  if (!isRecord(stacks) || Object.keys(stacks).length === 0) {
    throw wrong("no stack is named. Fix it: pulumi config set --path stacks.prod.preview false");
  }
  const places = Object.entries(stacks).map(([stack, place]) => {
    for (const repository of repositories) requireNames(repository, stack);
    const read = stackOf(stack, place);
    if (!GITHUB_ROLES.every((role) => fitsTrust(role, repositories, { stack, ticks: read.tick }))) {
      throw wrong(
        `repositories are ${repositories.length}; allowed: fewer, or without ownerId and id: a role's trust policy has at most 4,096 characters (IAM), and names each of them. Fix it: pulumi config rm --path 'repositories[${repositories.length - 1}]'`,
      );
    }
    const [, owner, use] = /^(.+)-(revert|preview|steer|tick)$/.exec(stack) ?? [];
    if (owner !== undefined && owner in stacks) {
      throw wrong(`stacks.${stack} stands in the environment of ${owner}'s ${use}s; give it another name`);
    }
    return [stack, read] as const;
  });
  return {
    project: readProject(config),
    oidcProvider: readMode(config),
    repositories,
    permissionsBoundaryArn: readText(config, "permissionsBoundaryArn", iamFields.permissionsBoundaryArn),
    rolePath: readText(config, "rolePath", iamFields.rolePath) ?? iamFields.rolePath.default,
    keepNames: config.getBoolean("keepNames") ?? false,
    stacks: Object.fromEntries(places),
  };
}

/** Not guessed: what was made here by an earlier update would be found by a check-up, and taken for somebody else's. */
function readMode(config: pulumi.Config): ProviderMode {
  const given = config.get("oidcProvider");
  const mode = PROVIDER_MODES.find((one) => one === given);
  if (mode !== undefined) return mode;
  throw wrong(
    `oidcProvider is ${given || "not said"}; allowed: ${PROVIDER_MODES.join(" or ")}. An account has one provider for GitHub: aws iam list-open-id-connect-providers shows whether it is there. Fix it: pulumi config set oidcProvider existing (or create)`,
  );
}

function readText(config: pulumi.Config, key: string, field: Field<string | undefined>): string | undefined {
  const given = config.get(key);
  if (!given) return undefined;
  const read = field.read(given);
  if (read !== undefined) return read.value;
  throw wrong(`${key} is ${given}; allowed: ${field.allowed}`);
}

function readProject(config: pulumi.Config): string {
  const project = config.get("project") || ownProject();
  // Bucket names are the narrowest of all (S3): at most 63 characters, most of them account, region and repository.
  if (/^[a-z0-9][a-z0-9-]{0,30}$/.test(project)) return project;
  throw wrong(
    `the project ${project} is to be at most 31 lower-case letters, digits and hyphens, as its bucket is named after it. Fix it: pulumi config set project <name>, which has to be the name in the Pulumi.yaml of the stacks`,
  );
}

/** The stacks are those of the project around this one. */
function ownProject(): string {
  const path = join(import.meta.dirname, "..", "Pulumi.yaml");
  const [, name] = /^name:\s*["']?([\w.-]+)/m.exec(readFileSync(path, "utf8")) ?? [];
  if (name === undefined) throw wrong(`${path} has no name`);
  return name;
}

/** Before anything is made: a trust policy of such words would let in somebody else. */
function requireNames(repository: Repository, stack: string): void {
  try {
    for (const role of GITHUB_ROLES) subjects(role, repository, stack);
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : String(error));
  }
}

/**
 * `pulumi config set --path stacks.prod '{}'` stores the text, into which no later `--path stacks.prod.…` goes; an empty
 * YAML value is null.
 */
function stackOf(stack: string, raw: unknown): BootstrapStack {
  const given = typeof raw === "string" ? fromJson(raw) : (raw ?? {});
  if (!isRecord(given)) throw wrong(`stacks.${stack} is to be an object`);
  const unknown = Object.keys(given).find((key) => !MEMBERS.includes(key));
  if (unknown !== undefined) {
    throw wrong(`stacks.${stack}.${unknown} is unknown; allowed: ${MEMBERS.join(", ")}`);
  }
  const text = (key: string) => {
    const value = given[key];
    if (value === undefined) return {};
    if (typeof value !== "string") throw wrong(`stacks.${stack}.${key} is to be text`);
    return { [key]: value };
  };
  if ("hostedZoneId" in given !== "hostName" in given) {
    throw wrong(
      `stacks.${stack} has one of hostedZoneId and hostName: the records that its roles may write need both`,
    );
  }
  const isTrue = (key: string) => {
    const said = String(given[key] ?? false);
    if (said !== "true" && said !== "false") throw wrong(`stacks.${stack}.${key} is to be true or false`);
    return said === "true";
  };
  const listed = (key: string) => {
    const value = given[key];
    if (value === undefined) return {};
    if (!Array.isArray(value)) throw wrong(`stacks.${stack}.${key} is to be a list`);
    return { [key]: value.map(String) };
  };
  const place = {
    ...text("listenerArn"),
    ...text("vpcId"),
    ...text("hostedZoneId"),
    ...text("hostName"),
    ...text("notifyTopicArn"),
    ...listed("taskPolicyArns"),
    ...listed("modelPackageGroups"),
  };
  return { place, preview: isTrue("preview"), tick: isTrue("tick") };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text || "{}");
  } catch {
    // The caller says what it is not: an object.
    return undefined;
  }
}
