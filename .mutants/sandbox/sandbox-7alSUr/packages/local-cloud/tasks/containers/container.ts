import { extname, join } from "node:path";
import type { Guardian } from "../guardian.ts";
import type { ImageCatalog, LocalImage } from "../images.ts";
import type { ContainerRecord } from "../model.ts";
import { withPorts } from "../placeholders.ts";
import { startProcess } from "../process.ts";
import type { ProcessEnd, TaskProcess } from "../process.ts";
import { LOCAL_PORTS } from "./local-ports.ts";
import { isPublicNode } from "./public-node.ts";

export interface ContainerPlan {
  readonly record: ContainerRecord;
  readonly environment: Readonly<Record<string, string>>;
  /** In place of the image's own; empty: the image's. An image of the catalog has no ENTRYPOINT that would stay. */
  readonly command: readonly string[];
  /** That its definition names. */
  readonly containerPorts: readonly number[];
  /** Names of containers that start before it, and stop after it. */
  readonly dependsOn: readonly string[];
  /** Real milliseconds between SIGTERM and SIGKILL. */
  readonly killAfterMs: number;
}

/** What stands for an image here: a command of the catalog, or the Node of this machine for a public image of it. */
export type FoundImage =
  | { readonly kind: "catalog"; readonly image: LocalImage }
  | { readonly kind: "node"; readonly command: readonly string[] };

// A module like this one: TypeScript here, JavaScript where the package is installed.
const PORT_MAP = join(import.meta.dirname, `port-map${extname(import.meta.filename)}`);

/** A text: why there is none. The catalog comes first: whoever maps an image knows better. */
export function findImage(
  images: ImageCatalog,
  { record: { image: reference }, command }: ContainerPlan,
): FoundImage | string {
  try {
    const image = images.resolve(reference);
    if (image !== undefined) return { kind: "catalog", image };
    if (isPublicNode(reference) && command[0] === "node") return { kind: "node", command };
    const known = images.known();
    const list = known.length === 0 ? "no image is known" : `known images: ${known.join(", ")}`;
    const node = isPublicNode(reference)
      ? "; a public image of Node needs a command that begins with node"
      : "";
    return `CannotPullContainerError: failed to resolve ref ${reference}: not found (${list}${node})`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `CannotPullContainerError: failed to resolve ref ${reference}: ${why}`;
  }
}

/** Ports of this machine by what stands for them. */
export interface ContainerPorts {
  /** Its own by the names of variables, PORT first. */
  readonly named: Readonly<Record<string, number>>;
  /** All of the task by what its definition names. */
  readonly ofTask: ReadonlyMap<number, number>;
}

export interface RunningContainer {
  readonly plan: ContainerPlan;
  readonly process: TaskProcess;
}

/** Starts the process of a container; `ended` is called when it has ended, and its record says how. */
export function startContainer(
  plan: ContainerPlan,
  found: FoundImage,
  ports: ContainerPorts,
  guardian: Guardian,
  ended: (end: ProcessEnd) => void,
): RunningContainer {
  const { record } = plan;
  const { command, cwd, environment } =
    found.kind === "node" ? nodeProcess(plan, found.command, ports) : imageProcess(plan, found.image, ports);
  const started = startProcess({ command, cwd }, environment, record.logFile, guardian);
  record.pid = started.pid;
  record.status = "RUNNING";
  void started.ended.then((end) => {
    record.status = "STOPPED";
    if (end.kind === "exited") record.exitCode = end.exitCode;
    else record.reason = `CannotStartContainerError: ${end.message}`;
    ended(end);
  });
  return { plan, process: started };
}

function imageProcess({ command, environment }: ContainerPlan, found: LocalImage, { named }: ContainerPorts) {
  const { cwd, ...image } = withPorts(found, named);
  const given = {
    ...Object.fromEntries(Object.entries(named).map(([name, port]) => [name, String(port)])),
    HOST: "127.0.0.1",
  };
  return {
    command: command.length === 0 ? image.command : command,
    cwd,
    environment: { ...image.environment, ...environment, ...given },
  };
}

/** As in its image: the variables that its definition gives it, ports that it names, and the root to work in. */
function nodeProcess({ environment }: ContainerPlan, command: readonly string[], { ofTask }: ContainerPorts) {
  const [node = "node", ...args] = command;
  return {
    command: [node, "--import", PORT_MAP, ...args],
    cwd: "/",
    environment: { ...environment, [LOCAL_PORTS]: JSON.stringify([...ofTask]) },
  };
}

/**
 * Ends containers, each when those have ended that depend on it (Amazon ECS, container dependency: "the order is reversed
 * for container shutdown"). Settles when all are gone.
 */
export async function stopContainers(containers: readonly RunningContainer[]): Promise<void> {
  const stopping = new Map<RunningContainer, Promise<void>>();
  const stop = (container: RunningContainer): Promise<void> => {
    const known = stopping.get(container);
    if (known !== undefined) return known;
    const { record, killAfterMs } = container.plan;
    const dependents = containers.filter(({ plan }) => plan.dependsOn.includes(record.name));
    const stopped = Promise.all(dependents.map(stop)).then(async () => {
      await container.process.stop(killAfterMs);
    });
    stopping.set(container, stopped);
    return stopped;
  };
  await Promise.all(containers.map(stop));
}
