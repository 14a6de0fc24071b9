import { hostname } from "node:os";

import { chosenStack, printJson, type Command, type Invocation } from "./command.ts";
import { createDisplay, previewDigest } from "./display.ts";
import { EXIT, messageOf, UserError } from "../errors.ts";
import { openEventLog } from "../grpc/event-log.ts";
import type { EngineEvent } from "../deployment/events.ts";
import type { UpdateKind } from "../state/history.ts";
import { runOperation } from "../operation/operation.ts";
import { failureLine } from "./reasons.ts";
import type { OperationRequest } from "../operation/run.ts";

const DEFAULT_PARALLEL = "16";

const COMMON = {
  "config-file": { kind: "text" },
  diff: { kind: "switch" },
  "event-log": { kind: "text" },
  "exec-kind": { kind: "text" },
  "exec-agent": { kind: "text" },
  "expect-no-changes": { kind: "switch" },
  message: { kind: "text", short: "m" },
  parallel: { kind: "text", short: "p" },
  "show-secrets": { kind: "switch" },
  "suppress-outputs": { kind: "switch" },
  "suppress-progress": { kind: "switch" },
  target: { kind: "texts", short: "t" },
} as const;
const DOING = {
  yes: { kind: "switch", short: "y" },
  "skip-preview": { kind: "switch", short: "f" },
} as const;
const DEPENDENTS = { "target-dependents": { kind: "switch" } } as const;
const REFRESH = { refresh: { kind: "on-off", short: "r" } } as const;
const PREVIEW_ONLY = { "preview-only": { kind: "switch" } } as const;

export const UPDATE_COMMANDS: Record<string, Command> = {
  up: command("update", false, { ...COMMON, ...DOING, ...REFRESH, ...DEPENDENTS }),
  preview: command("update", true, {
    ...COMMON,
    ...REFRESH,
    ...DEPENDENTS,
    json: { kind: "switch", short: "j" },
  }),
  refresh: command("refresh", false, {
    ...COMMON,
    ...DOING,
    ...PREVIEW_ONLY,
    "clear-pending-creates": { kind: "switch" },
    "run-program": { kind: "on-off" },
  }),
  destroy: command("destroy", false, {
    ...COMMON,
    ...DOING,
    ...PREVIEW_ONLY,
    ...REFRESH,
    "run-program": { kind: "on-off" },
  }),
};

const TITLES: Record<UpdateKind, { planning: string; doing: string; noun: string }> = {
  update: { planning: "Previewing update", doing: "Updating", noun: "update" },
  refresh: { planning: "Previewing refresh", doing: "Refreshing", noun: "refresh" },
  destroy: { planning: "Previewing destroy", doing: "Destroying", noun: "destroy" },
};

function command(kind: UpdateKind, alwaysPlanning: boolean, flags: Command["flags"]): Command {
  return {
    flags,
    positionals: { min: 0, max: 0 },
    async run(invocation) {
      const { args } = invocation;
      if (args.onOff("run-program") === true)
        throw new UserError(`the embedded engine does not run the program for a ${kind}`);
      if (alwaysPlanning || args.has("preview-only")) return operate(invocation, kind, true);
      // Consent enough, as in Pulumi.
      if (args.has("skip-preview")) return operate(invocation, kind, false);
      if (!args.has("yes") && invocation.confirm === undefined) {
        throw new UserError(
          "--yes or --skip-preview must be passed in to proceed when running in non-interactive mode",
          EXIT.consentMissing,
        );
      }
      const previewed = await operate(invocation, kind, true);
      if (previewed !== 0) return previewed;
      const agreed = args.has("yes") || (await invocation.confirm?.(`Do you want to perform this ${kind}?`));
      if (agreed !== true) throw new UserError(`confirmation declined, not proceeding with the ${kind}`);
      return operate(invocation, kind, false);
    },
  };
}

async function operate(invocation: Invocation, kind: UpdateKind, planning: boolean): Promise<number> {
  const { args, parts, print } = invocation;
  const stack = await chosenStack(invocation);
  const json = args.has("json");
  const events: EngineEvent[] = [];
  const display = createDisplay(json ? () => {} : print, {
    planning,
    diff: args.has("diff"),
    showOutputs: kind === "update" && !args.has("suppress-outputs"),
    showSecrets: args.has("show-secrets"),
  });
  const { planning: previewTitle, doing } = TITLES[kind];
  if (!json) print(`${planning ? previewTitle : doing} (${stack}):\n\n`);
  const target = args.text("event-log");
  const log = target === undefined ? undefined : await openEventLog(target);
  try {
    const outcome = await runOperation(parts, {
      ...requestOf(invocation, kind, planning, stack),
      listeners: [display.listener, (event) => events.push(event), ...(log ? [log.write] : [])],
    });
    if (json) printJson(invocation, previewDigest(events, outcome));
    else display.finish(outcome);
    if (outcome.succeeded) return 0;
    const diagnostics = events.flatMap((event) =>
      "diagnosticEvent" in event ? [event.diagnosticEvent] : [],
    );
    invocation.printError(failureLine(planning ? "preview" : TITLES[kind].noun, diagnostics));
    return outcome.asExpected ? EXIT.failed : EXIT.changesNotExpected;
  } finally {
    // The update has ended, well or not: a reader of its events that went away changes nothing in that.
    await log?.close().catch((error: unknown) => {
      invocation.printError(`warning: the event log is incomplete: ${messageOf(error)}\n`);
    });
  }
}

function requestOf(
  { args, cwd, env, signal }: Invocation,
  kind: UpdateKind,
  planning: boolean,
  stack: string,
): Omit<OperationRequest, "listeners"> {
  return {
    kind,
    planning,
    stack,
    cwd,
    env,
    configFile: args.text("config-file"),
    message: args.text("message") ?? "",
    targets: { urns: args.texts("target"), dependents: args.has("target-dependents") },
    refresh: args.onOff("refresh") === true,
    clearPendingCreates: args.has("clear-pending-creates"),
    expectNoChanges: args.has("expect-no-changes"),
    parallel: parallelOf(args.text("parallel") ?? DEFAULT_PARALLEL),
    environment: {
      "exec.kind": args.text("exec-kind") ?? "cli",
      "exec.host": hostname(),
      engine: "embedded",
    },
    signal,
  };
}

function parallelOf(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UserError(`--parallel must be a whole number from 1, not ${JSON.stringify(text)}`);
}
