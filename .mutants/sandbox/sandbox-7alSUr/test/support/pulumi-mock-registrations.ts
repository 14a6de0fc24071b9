import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { isRecord } from "../../contract/config/field.ts";
import { PROJECT } from "./project.ts";
import { unwrap } from "./unwrap.ts";

/** A registration as the engine would receive it, with the options that Pulumi's own mocks do not show. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  /** Secrets are unwrapped here; `secretPaths` says which they were. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly secretPaths: readonly string[];
  readonly options: {
    /** `type::name` of the parent; undefined: the component that is called as the project. */
    readonly parent: string | undefined;
    readonly protect: boolean;
    readonly aliases: readonly MockAlias[];
    readonly ignoreChanges: readonly string[];
    readonly deleteBeforeReplace: boolean;
    readonly retainOnDelete: boolean;
    /** Of those given: how long the engine waits for it. */
    readonly customTimeouts: Readonly<Record<string, string>>;
    /** `type::name` of everything that it waits for, through its inputs or by `dependsOn`. */
    readonly dependsOn: readonly string[];
    /** Names of the hooks before a creation, and before an update. */
    readonly beforeCreate: readonly string[];
    readonly beforeUpdate: readonly string[];
  };
}

/** The stack, and the one component in which everything stands. */
export const STANDS_FOR_ALL = ["pulumi:pulumi:Stack", "bluegreen:index:BlueGreenService"];

/** `route` of `fraud-model-route`: the tests are of the model that is called as the project. */
export const shortName = (name: string) =>
  name.startsWith(`${PROJECT}-`) ? name.slice(PROJECT.length + 1) : name;

/** Listens on the mock monitor, where the options pass that mocks never see. The list fills as the program runs. */
export function recordRegistrations(): Registered[] {
  const seen: Registered[] = [];
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("setMocks left no monitor");
  // The generated type has four overloads of a gRPC call; the SDK uses the one with a callback alone.
  const open = monitor as unknown as {
    registerResource: (...args: unknown[]) => unknown;
    registerResourceHook: (request: unknown, done: (error: null, response: object) => void) => void;
  };
  // Pulumi's mock monitor has no hooks; they run in updates alone, which are none here.
  open.registerResourceHook = (_request, done) => done(null, {});
  const register = open.registerResource.bind(monitor);
  open.registerResource = (...args) => {
    // The first argument of registerResource is its request (proto/resource.proto).
    seen.push(readRequest(args[0] as RegisterResourceRequest));
    return register(...args);
  };
  return seen;
}

function readRequest(request: RegisterResourceRequest): Registered {
  const secretPaths: string[] = [];
  const inputs = unwrap(request.getObject()?.toJavaScript() ?? {}, "", secretPaths);
  const parent = keyOf(request.getParent());
  return {
    type: request.getType(),
    name: shortName(request.getName()),
    inputs: isRecord(inputs) ? inputs : {},
    secretPaths,
    options: {
      parent: STANDS_FOR_ALL.some((type) => parent?.startsWith(`${type}::`)) ? undefined : parent,
      protect: request.getProtect() ?? false,
      aliases: aliasesOf(request),
      ignoreChanges: request.getIgnorechangesList(),
      deleteBeforeReplace: request.getDeletebeforereplace(),
      retainOnDelete: request.getRetainondelete() ?? false,
      customTimeouts: Object.fromEntries(
        Object.entries(request.getCustomtimeouts()?.toObject() ?? {})
          .filter(([, text]) => text !== "")
          // protobuf: a field of the name of a reserved word gets a prefix.
          .map(([name, text]) => [name.replace("pb_", ""), text]),
      ),
      dependsOn: request
        .getDependenciesList()
        .map((urn) => keyOf(urn) ?? urn)
        .toSorted(),
      beforeCreate: request.getHooks()?.getBeforeCreateList() ?? [],
      beforeUpdate: request.getHooks()?.getBeforeUpdateList() ?? [],
    },
  };
}

interface MockAlias {
  readonly name: string;
  readonly isOfStack: boolean;
}

/** Those of the providers' SDKs are of former types, and say no name. */
const aliasesOf = (request: RegisterResourceRequest): readonly MockAlias[] =>
  request.getAliasesList().flatMap((alias) => {
    const spec = alias.getSpec();
    return spec === undefined || spec.getName() === ""
      ? []
      : [{ name: spec.getName(), isOfStack: spec.getNoparent() }];
  });

/** `type::name` of a URN; the type of a child stands behind those of its parents. */
function keyOf(urn: string): string | undefined {
  const [, , types, name] = urn.split("::");
  return types === undefined || name === undefined
    ? undefined
    : `${types.split("$").at(-1)}::${shortName(name)}`;
}
