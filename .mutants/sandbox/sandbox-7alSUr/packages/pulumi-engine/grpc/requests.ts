import type { ReadResourceRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";

import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb.js";

import type { Alias } from "../deployment/aliases.ts";
import type { ReadRequest } from "../deployment/registrations.ts";
import { notSupported } from "../errors.ts";
import type { Goal } from "../deployment/goal.ts";
import { NO_HOOKS, type HookBinding } from "../deployment/hook-binding.ts";
import { decodeProperties } from "../values/values.ts";

// Options of Pulumi that would change what is deployed: leaving one of them out silently would be wrong.
const UNSUPPORTED: [option: string, isUsed: (request: RegisterResourceRequest) => boolean][] = [
  ["the resource option 'import'", (r) => r.getImportid() !== ""],
  ["the resource option 'deletedWith'", (r) => r.getDeletedwith() !== ""],
  ["the resource option 'replaceWith'", (r) => r.getReplaceWithList().length > 0],
  ["the resource option 'replacementTrigger'", (r) => r.hasReplacementTrigger()],
  ["hooks around a deletion, or on an error", (r) => hasOtherHooks(r)],
  [
    "hooks of components",
    (r) => !r.getCustom() && Object.values(hooksOf(r)).some((names) => names.length > 0),
  ],
  ["the resource option 'stateMigrations'", (r) => r.getStateMigrationsList().length > 0],
  ["the resource option 'envVarMappings'", (r) => r.getEnvvarmappingsMap().getLength() > 0],
  ["the resource option 'hideDiffs'", (r) => r.getHidediffsList().length > 0],
];

/** The program's registration as a goal. Throws UserError for an option that the engine does not have. */
export function goalOf(request: RegisterResourceRequest): Omit<Goal, "transforms"> {
  const unsupported = UNSUPPORTED.find(([, isUsed]) => isUsed(request));
  if (unsupported !== undefined)
    throw notSupported(`${unsupported[0]} (${request.getType()} ${request.getName()})`);
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    ...optional("parent", request.getParent()),
    ...optional("provider", request.getProvider()),
    inputs: decodeProperties(request.getObject()?.toJavaScript() ?? {}),
    dependencies: request.getDependenciesList(),
    propertyDependencies: propertyDependenciesOf(request),
    protect: request.getProtect() === true,
    retainOnDelete: request.getRetainondelete() === true,
    ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    aliases: request.getAliasesList().map(aliasOf),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    customTimeouts: timeoutsIn(request.getCustomtimeouts()),
    hooks: hooksOf(request),
  };
}

/** The program's read (`.get`, a StackReference). */
export function readRequestOf(request: ReadResourceRequest): ReadRequest {
  return {
    type: request.getType(),
    name: request.getName(),
    id: request.getId(),
    ...optional("parent", request.getParent()),
    inputs: decodeProperties(request.getProperties()?.toJavaScript() ?? {}),
    dependencies: request.getDependenciesList(),
  };
}

/** protobuf has no missing text, only an empty one. */
function optional<Key extends string>(key: Key, text: string): { [K in Key]?: string } {
  // A computed key widens to `string`; it is this very key.
  return text === "" ? {} : ({ [key]: text } as { [K in Key]?: string });
}

export function aliasOf(alias: AliasMessage): Alias {
  const spec = alias.getSpec();
  if (spec === undefined) return { urn: alias.getUrn() };
  return {
    ...optional("name", spec.getName()),
    ...optional("type", spec.getType()),
    ...optional("stack", spec.getStack()),
    ...optional("project", spec.getProject()),
    ...(spec.getNoparent() ? { parent: null } : optional("parent", spec.getParenturn())),
  };
}

function hooksOf(request: RegisterResourceRequest): HookBinding {
  const hooks = request.getHooks();
  if (hooks === undefined) return NO_HOOKS;
  return {
    beforeCreate: hooks.getBeforeCreateList(),
    afterCreate: hooks.getAfterCreateList(),
    beforeUpdate: hooks.getBeforeUpdateList(),
    afterUpdate: hooks.getAfterUpdateList(),
  };
}

/** Those of a deletion would have to run when the program is gone already. */
function hasOtherHooks(request: RegisterResourceRequest): boolean {
  const hooks = request.getHooks();
  if (hooks === undefined) return false;
  const lists = [hooks.getBeforeDeleteList(), hooks.getAfterDeleteList(), hooks.getOnErrorList()];
  return lists.some((names) => names.length > 0);
}

function propertyDependenciesOf(request: RegisterResourceRequest): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  // Only `forEach` gives the entries as messages (google-protobuf, Map.toArray gives raw arrays).
  request.getPropertydependenciesMap().forEach((dependencies, property) => {
    found[property] = dependencies.getUrnsList();
  });
  return found;
}

export function timeoutsIn(
  timeouts: RegisterResourceRequest.CustomTimeouts | undefined,
): Record<string, string> {
  const all = {
    create: timeouts?.getCreate() ?? "",
    update: timeouts?.getUpdate() ?? "",
    delete: timeouts?.getDelete() ?? "",
    read: timeouts?.getRead() ?? "",
  };
  return Object.fromEntries(Object.entries(all).filter(([, timeout]) => timeout !== ""));
}
