import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { readIfThere } from "../../packages/pulumi-engine/state/files.ts";
import { LOCAL_STACK } from "../local/project.ts";
import { judgeHolder } from "../../validation/adapters/lock-holders.ts";
import { alone } from "../../validation/adapters/processes/alone.ts";
import { freeTheDead } from "../../validation/stack/locks.ts";
import { UserError } from "../../validation/errors.ts";
import { exitCodeOf, type Interrupt } from "../interruption.ts";
import { localEngine, type LocalEngine } from "../local/engine.ts";
import { aloneAs, type LocalPlace } from "../local/place.ts";
import { runningCloud } from "../local/running-cloud.ts";
import { isRecord } from "../../contract/config/field.ts";
import { asTypedOnLaptop, onStack } from "../../contract/names/local-cloud.ts";
import { projectName } from "../../validation/adapters/pulumi/project-name.ts";
import { localStacks } from "../local/stack-names.ts";
import { harmless } from "../view/harmless.ts";

/** Commands that reach the cloud; the others work on files and need none. */
const NEEDS_CLOUD = ["up", "update", "preview", "pre", "refresh", "destroy"];

/** Commands on the stack that the local cloud makes at its first start. */
const NEEDS_STACK = ["config", "stack", "cancel"];

/** Those of them that take the stack's lock. */
const WRITES = ["up", "update", "refresh", "destroy"];

/** `npx bluegreen pulumi …`: Pulumi's everyday commands on the local stack, by its CLI or by the embedded engine. */
export async function pulumi(place: LocalPlace, args: readonly string[]): Promise<number> {
  const cloud = await runningCloud(place);
  const [command = ""] = args;
  const isNew = (await readIfThere(join(place.directory, "Pulumi.yaml"))) === undefined;
  const needsCloud = NEEDS_CLOUD.includes(command) || (isNew && NEEDS_STACK.includes(command));
  if (cloud === undefined && needsCloud) throw new UserError("BG152", "");
  const engine = await localEngine(place, cloud);
  const onAStack = [...NEEDS_CLOUD, ...NEEDS_STACK].includes(command);
  const named = namedIn(args);
  const selected = onAStack && named === undefined ? await selectedBeside(engine, place) : undefined;
  if (selected !== undefined) process.stderr.write(`${harmless(besideNote(selected))}\n`);
  const stack = named ?? selected ?? LOCAL_STACK;
  if (WRITES.includes(command)) await cancelDead(engine, place, stack);
  const asTyped = (text: string) => {
    const typed = asTypedOnLaptop(text);
    return stack === LOCAL_STACK ? typed : onStack(typed, { verbs: stack, pulumi: stack });
  };
  const abort = new AbortController();
  let came: Interrupt | undefined;
  const listeners = (["SIGINT", "SIGTERM"] as const).map((signal) => {
    const interrupt = () => {
      if (came !== undefined && !engine.isCli) process.exit(exitCodeOf(signal));
      came ??= signal;
      // The terminal sends Ctrl-C to the CLI, too, which takes a second one as an order to end at once.
      if (signal === "SIGTERM" || !engine.isCli) abort.abort();
    };
    process.on(signal, interrupt);
    return () => process.off(signal, interrupt);
  });
  try {
    const code = await engine.type([...args], {
      cwd: place.directory,
      signal: abort.signal,
      onOutput: (text) => process.stdout.write(harmless(asTyped(text))),
      onError: (text) => process.stderr.write(harmless(asTyped(text))),
      confirm: process.stdin.isTTY ? ask : undefined,
    });
    if (came === undefined || code === 0) return code;
    if (WRITES.includes(command)) process.stderr.write(asTyped(`interrupted (${came}). ${LEFT}\n`));
    return exitCodeOf(came);
  } finally {
    for (const off of listeners) off();
  }
}

const LEFT =
  "What was in flight has come to its end and is recorded; nothing more was begun. Go on: the same command again. " +
  "Where users are: npx bluegreen status. All traffic back: npx bluegreen revert.";

const besideNote = (selected: string) =>
  `pulumi: on stack ${selected}, which is selected; the verbs work on ${LOCAL_STACK} unless --stack names another one. Back: npx bluegreen pulumi stack select ${LOCAL_STACK}`;

/** The stack that Pulumi works on when none is named, where it is not that of the verbs. */
async function selectedBeside(engine: LocalEngine, place: LocalPlace): Promise<string | undefined> {
  // Asking an engine takes a moment, and mostly there is one stack.
  if ((await localStacks(place, await projectName(place.root))).length < 2) return undefined;
  const { code, stdout } = await engine.runPulumi(["stack", "ls", "--json"], { cwd: place.directory });
  const stacks: unknown = code === 0 ? JSON.parse(stdout) : [];
  const current = (Array.isArray(stacks) ? stacks : []).find(
    (one) => isRecord(one) && one["current"] === true,
  );
  const name = isRecord(current) ? String(current["name"]).split("/").at(-1) : undefined;
  return name === LOCAL_STACK ? undefined : name;
}

/** The stack that the command line names. */
function namedIn(args: readonly string[]): string | undefined {
  const at = args.findIndex((word) => word === "--stack" || word === "-s");
  return args[at === -1 ? args.length : at + 1] ?? args.find((word) => word.startsWith("--stack="))?.slice(8);
}

/** As the verbs do: the lock of a process of this machine that is gone is in nobody's interest. */
async function cancelDead(engine: LocalEngine, place: LocalPlace, stack: string): Promise<void> {
  await freeTheDead({
    store: {
      async lockHolder() {
        const found = await engine.lockHolder(stack);
        return found && judgeHolder(found);
      },
      async breakLock() {
        await engine.runPulumi(["cancel", "--yes", "--stack", stack], { cwd: place.directory });
      },
      alone: (use) => alone(aloneAs(place), use),
    },
    reporter: {
      report(event) {
        if (event.kind === "note") process.stderr.write(`${harmless(event.message)}\n`);
      },
    },
  });
}

async function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
