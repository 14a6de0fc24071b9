import { hostname } from "node:os";
import { join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";
import type { Runner } from "../packages/pulumi-engine/automation.ts";
import { localRole } from "../contract/names/local-role.ts";
import { localCredentials } from "../packages/local-cloud/access/address.ts";
import type { Slot } from "../contract/slot.ts";
import { fullName, logGroupOf } from "../contract/names/names.ts";
import { awsPorts, s3Client } from "../validation/adapters/aws.ts";
import { s3Labels } from "../validation/adapters/labels/s3-labels.ts";
import { localClock, systemClock } from "../validation/adapters/clock.ts";
import { customGates } from "../validation/adapters/custom-gate.ts";
import { signalRows } from "../validation/adapters/signal-rows.ts";
import { judgeHolder } from "../validation/adapters/lock-holders.ts";
import { ownRun } from "../validation/adapters/processes/records.ts";
import { pulumiStack } from "../validation/adapters/pulumi/stack.ts";
import { fileMemo } from "../validation/adapters/route-memo.ts";
import { lazily, type Target } from "../validation/adapters/target.ts";
import { showOwner } from "../validation/core/owner.ts";
import { UserError } from "../validation/errors.ts";
import { LOG_LINES } from "../validation/deploy/failed-task-log.ts";
import { attempt, messageOf } from "../validation/reading.ts";
import type { Outcome } from "../validation/outcome.ts";
import type { Context, LabelStore, Reporter } from "../validation/ports.ts";
import type { TaskLog } from "../validation/deploy/task-log.ts";
import { tidy } from "../validation/stack/clean-up.ts";
import { cancellable } from "./interruption.ts";
import { leavesWithWords } from "./farewell.ts";
import { telling } from "./notify.ts";
import { labelFiles } from "./local/label-files.ts";
import { journalOf, type Journal } from "./journal.ts";
import { aloneAs, localPlace, type LocalPlace } from "./local/place.ts";
import { modelTarget, type ModelOptions, type ModelTarget } from "./model-target.ts";
import { describeTarget, stackTarget, type Access, type StackTarget } from "./stack-target.ts";
import { showError } from "./errors.ts";
import { resultJson } from "./json.ts";
import { LOCAL_STACK } from "./local/project.ts";
import { asTypedOnLaptop, ofModel, onStack } from "../contract/names/local-cloud.ts";
import { harmless } from "./view/harmless.ts";
import { createReporter } from "./view/reporter.ts";
import { screenOf } from "./view/screen.ts";
import { userName } from "../validation/adapters/processes/user-name.ts";

export interface FlowOptions {
  readonly stack?: string | undefined;
  readonly json: boolean;
  readonly model?: string | undefined;
  /** Of a verb that needs no engine: see ModelOptions. */
  readonly byRoute?: ModelOptions["byRoute"];
  /** Of a verb that writes: a person's word that who holds the stack, or owns the release, has ended. */
  readonly forceOwnership?: boolean | undefined;
  /** Of a verb that is simply run again after a kill: registries are told also when nothing was left to deploy. */
  readonly tellsAgain?: boolean;
}

/**
 * Runs a flow on its stack: progress to standard error, the result to standard output, the exit code set. The result
 * is what `show` makes of it for people, and what `forMachines` makes of it for `--json`.
 */
export async function runFlow<T extends Outcome>(
  { stack, json, forceOwnership = false, tellsAgain = false, ...asked }: FlowOptions,
  access: Access,
  flow: (context: Context, target: ModelTarget, journal: Journal) => Promise<T>,
  show: (outcome: T) => string = ({ sentence }) => sentence,
  forMachines: (outcome: T) => object = (outcome) => outcome,
): Promise<void> {
  const { stdout } = process;
  const place = localPlace();
  const found = await stackTarget(stack, access, place, process.env);
  const screen = screenOf(process.stderr, json);
  const reporter = createReporter(screen);
  const { target, context: given } = await openModel(found, asked, place, reporter, access);
  const told = telling(fullName(target), given.reporter, given.store, sdkTarget(target));
  const journal = journalOf(target, place, { ...given, reporter: told.reporter });
  const followed = access === "writes" ? await registrarOf(given, target) : undefined;
  const { store } = followed ?? given;
  const context = { ...given, store, takeForce: once(forceOwnership) };
  const routeArn = await attempt(() => context.memo.read());
  screen.write(`${harmless(describeTarget(target, routeArn.readable ? routeArn.value : undefined))}\n`);
  const asTyped = typedFor(target, stack);
  const interruption =
    access === "writes"
      ? leavesWithWords({ ...context, reporter: journal.reporter }, target, json, asTyped)
      : undefined;
  void interruption?.happened.then(() => reporter.close());
  try {
    const outcome = await flow(interruption?.context ?? context, target, journal)
      .finally(() => (access === "writes" ? tidy(context) : undefined))
      .finally(() => reporter.close());
    stdout.write(`${harmless(json ? resultJson(forMachines(outcome)) : asTyped(show(outcome)))}\n`);
    process.exitCode = outcome.exitCode;
    // After the result: whoever reads it has waited for the traffic, and not for a mail.
    if (access === "writes")
      await Promise.all([told.conclude(outcome), reportOf(journal, outcome), followed?.conclude(tellsAgain)]);
  } catch (error) {
    // An update that was cut short fails, and whoever did it reads what is left instead.
    if (interruption?.signal() !== undefined) return;
    process.exitCode = showError(error, json, asTyped);
  }
}

/** The model that is asked for, with all that its flows need. */
export async function openModel(
  found: StackTarget,
  asked: ModelOptions,
  place: LocalPlace,
  reporter: Reporter,
  access: Access,
): Promise<{ readonly target: ModelTarget; readonly context: Context }> {
  const ofProject = lazily(() => contextOf(found, place, reporter, access));
  const target = await modelTarget(found, asked, ofProject);
  const isProject = target.model === target.project;
  const context = isProject ? ofProject() : contextOf(target, place, reporter, access, target.model);
  return { target, context: await context };
}

/** A release that this verb has ended leaves a report; `rollout` has told of its own in the result. */
async function reportOf(journal: Journal, outcome: Outcome): Promise<void> {
  const report = await journal.conclude(outcome);
  if (report !== undefined) process.stderr.write(`${harmless(`report: ${report}`)}\n`);
}

async function registrarOf(context: Context, target: StackTarget) {
  const { registrar, registryToolsFor } = await import("./registries.ts");
  const all = async () => (await import("../validation/registries/all.ts")).ALL_REGISTRIES;
  return registrar(context, all, (until) => registryToolsFor(target, until));
}

/** Tells a flow's notes as they come. */
export const notes =
  ({ reporter }: Context) =>
  (message: string) =>
    reporter.report({ kind: "note", message });

/** How commands are typed for this stack; `named`: as the command line, or the environment, names it. */
export function typedFor(target: ModelTarget, named: string | undefined): (text: string) => string {
  const { model, project } = target;
  const onModel = (text: string) => (model === project ? text : ofModel(text, model));
  const here = (text: string) => (target.kind === "local" ? asTypedOnLaptop(onModel(text)) : onModel(text));
  // The one that is worked on when none is named, by all commands alike.
  const isDefault = target.kind === "local" && target.stack === LOCAL_STACK;
  if (named === undefined || isDefault) return here;
  if (target.kind === "aws" && named === process.env["BLUEGREEN_STACK"]) return here;
  return (text) => onStack(here(text), { verbs: named, pulumi: target.stack });
}

/** `allowed` for the first who asks: whoever takes the lock after it was broken is at work. */
function once(allowed: boolean): () => boolean {
  let left = allowed;
  return () => {
    const answer = left;
    left = false;
    return answer;
  };
}

/** Everything that a flow needs, wired to the stack's cloud and engine. Nothing heavy is loaded before its use. */
export async function contextOf(
  target: StackTarget,
  place: LocalPlace,
  reporter: Reporter,
  access: Access = "reads",
  model = target.project,
): Promise<Context> {
  const { project, stack, directory } = target;
  const clock = target.kind === "local" ? await localClock(target.cloud.url) : systemClock();
  const store = pulumiStack({
    project,
    model,
    stack,
    directory,
    scratchDirectory: join(place.directory, "tmp"),
    pulumiCommand: lazily(() => engineOf(target, place)),
    aloneAs: target.kind === "local" ? aloneAs(place) : `stack ${project}/${stack}`,
    ...(target.kind === "local" ? { lockHolder: () => localLockHolder(target, place) } : {}),
  });
  const serviceOf = async (slot: Slot) => {
    const running = (await store.deployed())?.outputs.slots[slot].running;
    if (running?.serviceName === undefined) throw new Error(`${slot} has no service`);
    return running.serviceName;
  };
  return {
    project,
    stack,
    model,
    owner: thisProcess(access),
    takeForce: () => false,
    async logsOf(slot) {
      const service = await serviceOf(slot);
      return target.kind === "local"
        ? join(target.cloud.joined ?? place.directory, "cloud", "logs", service)
        : `CloudWatch Logs, group ${logGroupOf(service)}`;
    },
    lastLines: async (slot) => (target.kind === "local" ? lastLogLines(target, await serviceOf(slot)) : []),
    reporter,
    clock,
    customGates: customGates(place.root, clock),
    signalRows: signalRows(place.root, clock),
    store,
    memo: fileMemo(join(place.directory, "routes", model === project ? stack : `${stack}+${model}`)),
    ...awsPorts(sdkTarget(target)),
    labels: labelsOf(target, place),
  };
}

/** In files beside the local cloud, which has no S3; else in the bucket that the stack names. */
function labelsOf(target: StackTarget, place: LocalPlace): Context["labels"] {
  const stores = new Map<string, LabelStore>();
  const open = (bucket: string | undefined) => {
    if (target.kind === "local") return labelFiles(target.cloud.joined ?? place.directory);
    if (bucket === undefined) throw new UserError("BG341", "labels.bucket is not set.");
    return s3Labels(s3Client(sdkTarget(target)), bucket);
  };
  return (bucket) => {
    const store = stores.get(bucket ?? "") ?? open(bucket);
    stores.set(bucket ?? "", store);
    return store;
  };
}

async function lastLogLines(
  { cloud }: Extract<StackTarget, { kind: "local" }>,
  service: string,
): Promise<readonly TaskLog[]> {
  const { localLogs } = await import("../validation/adapters/logs/local.ts");
  return localLogs(cloud)(service, LOG_LINES);
}

/** A run of GitHub Actions goes on in another job, on another machine, and is still the same owner. */
function thisProcess(
  access: Access,
  { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = process.env,
): string {
  if (GITHUB_RUN_ID !== undefined) {
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  }
  const since = new Date(Math.round(performance.timeOrigin)).toISOString();
  // Only who may become an owner has to be found again.
  const run = access === "writes" ? ownRun().id : undefined;
  return showOwner({ user: userName(), host: hostname(), pid: process.pid, since, run });
}

/** How an SDK client reaches the stack's cloud. */
export function sdkTarget(target: StackTarget): Target {
  if (target.kind === "aws") {
    const { region, profile } = target;
    return { region, profile, endpoint: undefined, credentials: undefined };
  }
  const { region, url } = target.cloud;
  return { region, endpoint: url, credentials: localCredentials(target.cloud, localRole(process.env)) };
}

async function localLockHolder({ stack, cloud }: LocalTarget, place: LocalPlace) {
  const { localEngine } = await import("./local/engine.ts");
  const holder = await (await localEngine(place, cloud)).lockHolder(stack);
  return holder && judgeHolder(holder);
}

type LocalTarget = Extract<StackTarget, { readonly kind: "local" }>;

async function engineOf(target: StackTarget, place: LocalPlace): Promise<PulumiCommand> {
  if (target.kind === "local") {
    const { localEngine } = await import("./local/engine.ts");
    return (await localEngine(place, target.cloud)).command();
  }
  const [{ findCli, runCli, withThisNode }, { cliCommand }] = await Promise.all([
    import("./pulumi-cli.ts"),
    import("../packages/pulumi-engine/automation.ts"),
  ]);
  const cli = await findCli(place.root, process.env).catch((error: unknown) => {
    throw new UserError("BG154", messageOf(error).split("\n")[0] ?? "");
  });
  if (cli === undefined) throw new UserError("BG154", "It is not on PATH.");
  const runPulumi: Runner["runPulumi"] = (args, options) =>
    runCli(cli, args, { ...options, env: withThisNode(options.env ?? process.env) });
  return cliCommand({ runPulumi: cancellable(runPulumi) }, cli);
}
