import { createTransforms } from "../deployment/transforms.ts";
import { ACTIONS } from "./actions.ts";
import { completeConfig, resolveValue, withDefaults } from "../config/config.ts";
import { configPath, readConfig } from "../config/config-file.ts";
import { fail, type Context } from "../deployment/context.ts";
import { createControl, Stopped } from "../deployment/control.ts";
import { EXIT, UserError } from "../errors.ts";
import { emitDiagnostic, emitter } from "../deployment/events.ts";
import { NO_PROGRAM } from "../deployment/hook-binding.ts";
import { openLedger } from "../deployment/ledger.ts";
import type { HeldLock } from "../state/lock.ts";
import { loadProject, type Project } from "../config/project.ts";
import type { Properties } from "../values/provider.ts";
import { readBack } from "../deployment/refresh.ts";
import type { OperationRequest, Parts, Run } from "./run.ts";
import type { StackState, StackStore } from "../state/state.ts";
import { hasChanges, stepReporter } from "../deployment/steps.ts";
import { createTargets } from "../deployment/targets.ts";

export interface Outcome {
  succeeded: boolean;
  /** False: there were changes, and the person had said that there would be none. */
  asExpected: boolean;
  /** Of operations, by Pulumi's names; `same` included. */
  counts: Record<string, number>;
  durationSeconds: number;
  /** Secrets are wrapped (values.ts). */
  previousOutputs: Properties;
  outputs: Properties;
}

/** Carries out one update, preview, refresh or destroy. Throws UserError for what keeps it from starting. */
export async function runOperation(parts: Parts, request: OperationRequest): Promise<Outcome> {
  const project = await loadProject(request.cwd);
  // Asked for before anything else: a stack that does not exist has neither configuration nor lock.
  await loadStack(parts, request.stack, project);
  const own = await readConfig(configPath(project, request.stack, request.cwd, request.configFile), project);
  const config =
    request.kind === "update"
      ? completeConfig(project, request.stack, own, parts.secrets)
      : withDefaults(project, own);
  const targets = createTargets(request.targets);
  const run: Run = { parts, request, project, config, targets, emit: emitter(request.listeners) };
  if (request.planning) return execute(run, undefined);
  const lock = await parts.locks.acquire(request.stack);
  try {
    return await execute(run, lock);
  } finally {
    await lock.release();
  }
}

/** The stack's state. Throws UserError, in the words by which the Automation API knows a StackNotFoundError. */
export const loadStack = async (parts: Parts, stack: string, project: Project): Promise<StackState> =>
  ofProject(await parts.stacks.load(stack), stack, project);

/** The same for those who only read (`StackStore.look`). */
export const lookAtStack = async (
  parts: Parts,
  stack: string,
  project: Project,
): Promise<Readonly<StackState>> => ofProject(await parts.stacks.look(stack), stack, project);

function ofProject<S extends Readonly<StackState>>(state: S | undefined, stack: string, project: Project): S {
  if (state === undefined) throw new UserError(`no stack named '${stack}' found`, EXIT.stackNotFound);
  if (state.project !== project.name) {
    throw new UserError(
      `the stack '${stack}' belongs to the project '${state.project}', not to '${project.name}'`,
    );
  }
  return state;
}

/** `lock`: undefined: a preview holds none. */
async function execute(run: Run, lock: HeldLock | undefined): Promise<Outcome> {
  const { parts, request, emit } = run;
  const startedMs = Date.now();
  const state = await loadStack(parts, request.stack, run.project);
  emit({ preludeEvent: { config: shownConfig(run) } });
  warnOfPending(run, state);
  const carried = await carryOut(run, state, lock);
  const { context } = carried;
  const succeeded = carried.succeeded && (await stillHeld(context, lock));
  const { counts } = context.reporter;
  const expected = !succeeded || asExpected(run, counts);
  const outcome: Outcome = {
    succeeded: succeeded && expected,
    asExpected: expected,
    counts,
    durationSeconds: (Date.now() - startedMs) / 1000,
    previousOutputs: state.outputs,
    outputs: context.ledger.state().outputs,
  };
  if (!request.planning) {
    await context.ledger.save();
    await addHistory(run, startedMs, outcome);
  }
  const durationSeconds = Math.round(outcome.durationSeconds);
  emit({ summaryEvent: { maybeCorrupt: false, durationSeconds, resourceChanges: counts, policyPacks: {} } });
  emit({ cancelEvent: {} });
  return outcome;
}

/** A `cancel` lets another update begin beside this one, which then has not succeeded, whatever it did. */
async function stillHeld(context: Context, lock: HeldLock | undefined): Promise<boolean> {
  if (lock === undefined || (await lock.isHeld())) return true;
  if (!context.control.stopped) {
    fail(context, new UserError("the lock of this update was taken away while it ran: it was cancelled"));
  }
  return false;
}

/**
 * Whether a state may still be written. An update that was cancelled and goes on (a machine that slept, say) would put what
 * it read at its start over what another update has written since; what it did itself a refresh finds.
 */
function fence(stacks: StackStore, loaded: StackState, lock: HeldLock | undefined) {
  let last = JSON.stringify(loaded);
  return async (next: StackState): Promise<boolean> => {
    if (lock !== undefined && !(await lock.isHeld())) {
      if (JSON.stringify(await stacks.load(next.stack)) !== last) return false;
    }
    last = JSON.stringify(next);
    return true;
  };
}

async function carryOut(
  run: Run,
  state: StackState,
  lock: HeldLock | undefined,
): Promise<{ context: Context; succeeded: boolean }> {
  const { parts, request, emit } = run;
  const mayStillWrite = fence(parts.stacks, state, lock);
  const context: Context = {
    project: run.project.name,
    stack: request.stack,
    planning: request.planning,
    provider: parts.provider.configure?.(textsOf(run)) ?? parts.provider,
    ledger: openLedger(state, async (next) => {
      if (request.planning) return;
      if (await mayStillWrite(next)) await parts.stacks.save(next);
      await stillHeld(context, lock);
    }),
    reporter: stepReporter(emit, request.planning),
    control: createControl(),
    emit,
    hooks: NO_PROGRAM,
    transforms: createTransforms(),
  };
  const cancel = () => fail(context, new UserError(`${request.kind} canceled`));
  request.signal?.addEventListener("abort", cancel, { once: true });
  try {
    if (request.signal?.aborted === true) cancel();
    if (request.kind === "refresh" || request.refresh) await readBack(context, run.targets, request.kind);
    if (request.clearPendingCreates) context.ledger.clearPending();
    return { context, succeeded: await ACTIONS[request.kind](run, context) };
  } catch (error) {
    if (!(error instanceof Stopped)) fail(context, error);
    await context.control.idle();
    return { context, succeeded: false };
  } finally {
    request.signal?.removeEventListener("abort", cancel);
  }
}

function asExpected({ request, emit }: Run, counts: Record<string, number>): boolean {
  if (!request.expectNoChanges || !hasChanges(counts)) return true;
  const done = request.planning ? "were proposed" : "occurred";
  emitDiagnostic(emit, { message: `no changes were expected but changes ${done}`, severity: "error" });
  return false;
}

function textsOf({ config, parts }: Run): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, raw]) => [key, resolveValue(raw, parts.secrets).text]),
  );
}

function shownConfig({ config, parts }: Run): Record<string, string> {
  const values = Object.entries(config).map(([key, raw]) => [key, resolveValue(raw, parts.secrets)] as const);
  return Object.fromEntries(values.map(([key, { text, secret }]) => [key, secret ? "[secret]" : text]));
}

function warnOfPending({ emit, request: { stack } }: Run, { pending }: StackState): void {
  for (const { urn, since } of pending) {
    const message =
      `an update that began to create this resource at ${since} was interrupted: it may exist, and is not in the ` +
      "state. Look for it; the next update creates it again, unless it is gone from the program. This warning " +
      `ends with that, or with \`pulumi refresh --clear-pending-creates --stack ${stack}\``;
    emitDiagnostic(emit, { urn, message, severity: "warning" });
  }
}

async function addHistory(run: Run, startedMs: number, outcome: Outcome): Promise<void> {
  const { request, parts, config } = run;
  await parts.history.add(request.stack, {
    kind: request.kind,
    startTime: new Date(startedMs).toISOString(),
    endTime: new Date().toISOString(),
    message: request.message,
    environment: request.environment,
    config,
    result: outcome.succeeded ? "succeeded" : "failed",
    resourceChanges: outcome.counts,
  });
}
