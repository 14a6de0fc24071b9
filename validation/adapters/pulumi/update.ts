import type { Stack } from "@pulumi/pulumi/automation/stack.js";
import { UserError } from "../../errors.ts";
import { messageOf } from "../../reading.ts";
import type { Applied, Update } from "../../ports.ts";
import { lockHolders } from "../lock-holders.ts";
import { saysOvertaken, writerVariables } from "../../../contract/transition/writer.ts";
import { deployedBy, readEntry, type Namespace, type UpdateEntry } from "./history.ts";

/** The stack's outputs as plain values. */
export const plainOutputs = (outputs: Readonly<Record<string, { readonly value: unknown }>>) =>
  Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));

/** What an update is made up from, and where that stands with the change in it. */
interface MadeUp {
  readonly entry: UpdateEntry;
  readonly configFile: string;
}

/** One `pulumi up` with this configuration file, and what became of it. Throws UserError when its end cannot be read. */
export async function runUpdate(
  stack: Stack,
  update: Update,
  { entry, configFile }: MadeUp,
  whose: Namespace & { readonly stack: string },
): Promise<Applied> {
  const isRouteAlone = update.scope === "route";
  try {
    const { generation } = update.change;
    const from = generation === undefined ? entry.values["generation"]?.text : Number(generation) - 1;
    stack.workspace.envVars = writerVariables(whose.model, Number(from ?? 0), isRouteAlone, update.from);
    const { summary, outputs, stdout, stderr } = await stack.up({
      message: update.message,
      configFile,
      refresh: update.refresh,
      color: "never",
      suppressProgress: true,
      showSecrets: true,
      ...(isRouteAlone ? { target: [routePattern(whose)] } : {}),
    });
    if (LOCK_LOST.test(`${stdout}\n${stderr}`)) return { kind: "cancelled" };
    const done = readEntry(summary, whose);
    // The Automation API asks for the newest entry after the lock is gone, and that may be somebody else's.
    if (!isOwn(done, summary.message, update)) return { kind: "overtaken", by: summary.message };
    return {
      kind: "applied",
      deployed: deployedBy(done, plainOutputs(outputs)),
      changedResources: done.changedResources,
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const message = messageOf(error);
    if (LOCK_LOST.test(message)) return { kind: "cancelled" };
    if (saysOvertaken(message)) return { kind: "stale" };
    const holders = lockHolders(message);
    return holders === undefined
      ? { kind: "failed", message: whatFailed(message), unknown: cutOffWhileCreating(message) }
      : { kind: "locked", holders };
  }
}

/**
 * What an update says at its end when its lock is there no more, on each of the CLI's backends but Pulumi Cloud, which
 * fails such an update: pkg/backend/diy/lock.go, Unlock; a blob that is gone cannot be deleted (gocloud.dev/blob). The
 * second text is the embedded engine's.
 */
const LOCK_LOST =
  /there was a problem deleting the lock at .*(?:not ?found|no such|does ?n.t exist)|the lock of this update was taken away/i;

function isOwn({ kind, values }: UpdateEntry, message: string, update: Update): boolean {
  const { generation } = update.change;
  const found = values["generation"]?.text;
  return (
    kind === "update" &&
    message === update.message &&
    (generation === undefined || found === String(generation))
  );
}

/** The route by type and agreed name, also when the user's program has put it into a component. */
const routePattern = ({ stack, project, model }: Namespace & { readonly stack: string }) =>
  `urn:pulumi:${stack}::${project}::**aws:lb/listenerRule:ListenerRule::${model}-route`;

const LONGEST_MESSAGE = 1_500;

/** What Pulumi says under "Diagnostics", without the progress around it. */
function whatFailed(message: string): string {
  const [, diagnostics] =
    /Diagnostics:\n([\s\S]*?)(?:\n(?:Outputs|Resources|Duration):|$)/.exec(message) ?? [];
  const told = (diagnostics ?? message).replace(PENDING, "").replaceAll(NO_REASON, "").trim();
  return told.slice(-LONGEST_MESSAGE);
}

/** What Pulumi says of the stack because of what it has said of a resource. */
const NO_REASON =
  /(?:^|\n)(?: *pulumi:pulumi:Stack \([^)\n]*\):\n)? *error: (?:update|preview) failed(?=\n|$)/g;

/** The text is Pulumi's own: pkg/resource/deploy/deployment_executor.go. */
const PENDING =
  / *warning: Attempting to deploy or update resources with [\s\S]*?to clear pending CREATE operations\.\n?/;

function cutOffWhileCreating(message: string): readonly string[] {
  const [warning = ""] = PENDING.exec(message) ?? [];
  return [...warning.matchAll(/\* (urn:\S+), interrupted while creating/g)].flatMap(([, urn]) => urn ?? []);
}
