import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { UserError } from "../../validation/errors.ts";
import { EXIT } from "../../validation/outcome.ts";
import type { Clients } from "./aws/clients.ts";
import { TEARDOWN_MINUTES } from "./experiments.ts";
import { guardOf } from "./guard.ts";
import type { Options, RunPlace } from "./options.ts";
import type { Context } from "./perform/context.ts";
import { planOf, planWords, tooLittle } from "./plan.ts";
import { makeExperiments, type Session } from "./session.ts";
import { shelvesOf } from "./shelves.ts";
import { leftOvers, leftWords, nothingLeft, teardown, type RunClock } from "./teardown.ts";
import { newRun } from "./things.ts";

const MINUTE = 60_000;

/** What a run needs from the machine; a test has others. */
export interface Machine {
  readonly clients: Clients;
  readonly clock: RunClock;
  readonly users: Context["users"];
  /** Made for the run; `forget` afterwards. */
  readonly shellFor: (
    run: string,
    signal: AbortSignal,
  ) => Promise<{ readonly shell: Context["shell"]; forget(): Promise<void> }>;
  /** Calls `first` at the first Ctrl-C or SIGTERM, `second` at each one after it, until it is disposed of. */
  readonly signals: (on: {
    readonly first: (signal: string) => void;
    readonly second: () => void;
  }) => () => void;
  readonly random: () => number;
  readonly tell: (line: string) => void;
  /** Keeps what was seen: the findings and their table, before anything is taken down. */
  readonly keep: (
    what: { readonly run: string; readonly region: string; readonly experiments: readonly string[] },
    session: Session,
  ) => Promise<Report>;
  /** Ends the process at once. */
  readonly leave: (exitCode: number) => void;
}

/** Ids of the beliefs that the run's experiments were to answer, and did not with "seen". */
export interface Report {
  readonly failed: readonly string[];
  readonly untold: readonly string[];
}

/** @throws UserError BG325 when the caller is of another account. */
async function proveAccount({ sts }: Clients, { account }: RunPlace): Promise<string> {
  const { Account, Arn = "" } = await sts.send(new GetCallerIdentityCommand({}));
  if (Account !== account)
    throw new UserError("BG325", `They are of ${Account} (${Arn}); --account says ${account}.`);
  return Arn;
}

type Go = Extract<Options, { readonly kind: "go" }>;

/** A whole run: refusals first, then the experiments, what was seen, and the teardown whatever happened. */
export async function go(options: Go, machine: Machine): Promise<number> {
  const { limits, steps, region, account, from = "" } = options;
  const { clients, clock, tell } = machine;
  const plan = planOf(steps, limits);
  const problem = tooLittle(plan, limits);
  if (problem !== undefined) throw new UserError("BG327", problem);
  const arn = await proveAccount(clients, options);
  const shelves = shelvesOf(clients);
  const before = await leftOvers(shelves, undefined);
  // What cannot be listed cannot be taken down either.
  if (!nothingLeft(before)) throw new UserError("BG326", `${leftWords(before)}.`);

  const run = newRun(clock.now(), machine.random);
  const endMs = clock.now() + limits.minutes * MINUTE;
  const stopMs = endMs - TEARDOWN_MINUTES * MINUTE;
  const guard = guardOf(clock, stopMs);
  const command = `npm run test:aws -- --teardown --account ${account} --region ${region} --run ${run}`;
  let isInterrupted = false;
  const off = machine.signals({
    first: (signal) => {
      isInterrupted = true;
      guard.stop(signal);
      tell(`${signal}: no experiment goes on; everything is taken down (once more: leave it there)`);
    },
    second: () => {
      tell(`left as it is; it may cost money until it is gone: ${command}`);
      machine.leave(INTERRUPTED);
    },
  });
  tell(`run ${run} in ${region} as ${arn}\n${planWords(plan, limits)}\nIf this machine dies: ${command}\n`);
  let report: Report = { failed: [], untold: [] };
  try {
    const { shell, forget } = await machine.shellFor(run, guard.signal);
    const context = {
      run,
      region,
      clients: guard.clients(clients),
      clock: guard.clock,
      users: options.from === undefined ? machine.users : { ...machine.users, address: async () => from },
      images: options.images,
      subnets: options.subnets,
      shell,
      tell,
    };
    const session = await makeExperiments(steps, context, guard, stopMs);
    report = await machine.keep({ run, region, experiments: steps.map(({ id }) => id) }, session);
    await forget();
  } finally {
    await takeDown(machine, run, Math.max(endMs, clock.now() + TEARDOWN_MINUTES * MINUTE));
    off();
  }
  if (isInterrupted) return INTERRUPTED;
  if (report.failed.length > 0) return EXIT.needsPerson;
  return report.untold.length > 0 ? EXIT.evidenceMissing : EXIT.done;
}

/** As a shell has it of SIGINT. */
const INTERRUPTED = 130;

/** @throws UserError BG328 when something is left at the end of the time. */
async function takeDown({ clients, clock, tell }: Machine, run: string | undefined, untilMs: number) {
  tell("teardown");
  const left = await teardown(shelvesOf(clients), { run, clock, untilMs, tell });
  if (!nothingLeft(left)) throw new UserError("BG328", `Left: ${leftWords(left)}.`);
  tell("nothing is left");
}

/** Removes what runs have left, by tags and names alone. */
export async function takeDownLater(
  options: Extract<Options, { readonly kind: "teardown" }>,
  machine: Machine,
): Promise<number> {
  await proveAccount(machine.clients, options);
  await takeDown(machine, options.run, machine.clock.now() + options.minutes * MINUTE);
  return EXIT.done;
}
