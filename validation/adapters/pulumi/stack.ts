import { join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";
import type { Stack } from "@pulumi/pulumi/automation/stack.js";
import { ownKeys, qualified } from "../../../contract/config/own-keys.ts";
import { BY_VERB } from "../../../contract/transition/writer.ts";
import { UserError } from "../../errors.ts";
import { attempt, messageOf } from "../../reading.ts";
import type { LockHolder, StackStore, Update } from "../../ports.ts";
import { withDeployedFile, type SecretTool } from "./deployed-file.ts";
import { alone } from "../processes/alone.ts";
import { configuredOf, deployedBy, readEntry, readUpdate, type UpdateEntry } from "./history.ts";
import { plainOutputs, runUpdate } from "./update.ts";
import { followFile, readCheckout, syncFile, type Configured } from "./checkout.ts";
import { outOfStep, secretPathsOf, valuesOf } from "./stack-file.ts";
import { lazily } from "../target.ts";

export interface PulumiStackOptions {
  /** Name of the Pulumi project: the namespace of its configuration. */
  readonly project: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Where Pulumi.yaml and the stack's file are. */
  readonly directory: string;
  /** For the configuration file of an update; ignored by Git. */
  readonly scratchDirectory: string;
  /** What no two processes of this machine may do at once with this stack is done under this name. */
  readonly aloneAs: string;
  /** Who holds the stack, for an engine that can tell without an update: Pulumi's CLI cannot. */
  readonly lockHolder?: () => Promise<LockHolder | undefined>;
  /** The engine: Pulumi's CLI, or the embedded one. Asked for at the first use of the stack. */
  readonly pulumiCommand: () => Promise<PulumiCommand>;
}

/** `run` is a method of every PulumiCommand that its published types leave out. */
interface RunnablePulumi extends PulumiCommand {
  run(args: string[], cwd: string, environment: Record<string, string>): Promise<{ readonly stdout: string }>;
}

/**
 * One update per action: `up` with `--target` on the route can touch nothing else, whatever the checkout's
 * program would change, so no preview of its own is needed before it (1.5 s of engine time), and its count of
 * changed resources is checked afterwards.
 */
export function pulumiStack(options: PulumiStackOptions): StackStore {
  const { project } = options;
  const open = lazily(() => openStack(options));
  const path = join(options.directory, `Pulumi.${options.stack}.yaml`);
  const current = async () => {
    const { stack } = await open();
    const entry = await lastUpdate(stack, options);
    return entry && { entry, deployed: deployedBy(entry, await outputsOf(stack, project)) };
  };
  const checkoutFile = async () => ({ path, project, secrets: (await open()).secrets });
  const follow = async (known: readonly Configured[]) => {
    const { stack } = await open();
    return followFile(await checkoutFile(), known, () => lastUpdates(stack, options));
  };
  const carryOut = async (entry: UpdateEntry, update: Update) => {
    const { stack, secrets } = await open();
    const { scratchDirectory } = options;
    const { change } = update;
    const what = { entry, change, checkoutPath: path, project, scratchDirectory, secrets };
    return withDeployedFile(what, (configFile) => runUpdate(stack, update, configFile, options));
  };
  /**
   * An update that came between what ours was made up from and its lock, such as a person's `pulumi up`: ours has just put
   * that person's keys back. The generation only tells those of our tools apart.
   */
  const missedBetween = async (before: UpdateEntry) => {
    const { stack } = await open();
    const entries = await attempt(() => lastEntries(stack, options));
    const [, previous] = entries.readable ? entries.value : [];
    return previous === undefined || previous.endedWallMs === before.endedWallMs ? undefined : previous;
  };
  return {
    deployed: async () => (await current())?.deployed,
    follow: () => follow([]),
    async apply(update) {
      const before = await current();
      if (before === undefined)
        throw new UserError("BG101", `Stack ${options.stack} has no succeeded update.`);
      const next = update.change.generation;
      if (next !== undefined && next !== before.deployed.config.generation + 1) return { kind: "stale" };
      const first = await carryOut(before.entry, update);
      const missed = first.kind === "applied" ? await missedBetween(before.entry) : undefined;
      const applied = missed === undefined ? first : await carryOut(missed, numberedAnew(update));
      if (applied.kind === "applied") {
        // The update is done, whatever becomes of the file; the end of the verb follows again, and tells.
        await attempt(() => follow([applied.deployed, before.deployed]));
      }
      return applied;
    },
    async breakLock() {
      const { stack } = await open();
      await stack.cancel();
    },
    alone: (use) => alone(options.aloneAs, use),
    lockHolder: options.lockHolder ?? (async () => undefined),
    async checkout(deployed) {
      const file = await readCheckout(await checkoutFile());
      return file === undefined
        ? { outOfStep: [] }
        : {
            outOfStep: outOfStep(file, deployed.raw),
            values: valuesOf(file),
            secretPaths: secretPathsOf(file),
          };
    },
    async updates(limit) {
      const { stack } = await open();
      const entries: unknown[] = [];
      for (let page = 1; entries.length < limit; page += 1) {
        const found = await historyPage(stack, page, options.stack, { size: LONG_PAGE, showSecrets: false });
        entries.push(...found);
        if (found.length < LONG_PAGE) break;
      }
      return entries.slice(0, limit).map((entry) => readUpdate(entry, project));
    },
    sync: async (deployed) => syncFile(await checkoutFile(), deployed),
  };
}

interface OpenStack {
  readonly stack: Stack;
  readonly secrets: SecretTool;
}

/** Loaded at first use: the Automation API takes half a second, which the fast path of `revert` must not wait for. */
async function openStack(options: PulumiStackOptions): Promise<OpenStack> {
  const { directory, stack: name } = options;
  const [{ LocalWorkspace, Stack: Stacks }, command] = await Promise.all([
    import("@pulumi/pulumi/automation/index.js"),
    options.pulumiCommand(),
  ]);
  const workspace = await LocalWorkspace.create({
    workDir: directory,
    pulumiCommand: command,
    envVars: { [BY_VERB]: "1" },
  });
  // `pulumi stack select` would change which stack the person's own commands act on.
  workspace.selectStack = async () => {};
  const stack = await Stacks.select(name, workspace);
  return { stack, secrets: secretTool(workspace.getAllConfig.bind(workspace, name), command, options) };
}

function secretTool(
  readAll: () => Promise<Readonly<Record<string, { readonly value: string }>>>,
  command: PulumiCommand,
  { stack, directory, project }: PulumiStackOptions,
): SecretTool {
  return {
    async reveal() {
      const values = Object.entries(await readAll()).map(([key, { value }]) => [key, value] as const);
      return ownKeys(Object.fromEntries(values), project);
    },
    async encryptInto(path, key, text) {
      // The Automation API's own setConfig passes values as arguments, too, but knows no configuration file.
      const whole = qualified(key, project);
      const inside = key.includes(".") ? ["--path"] : [];
      const place = ["--config-file", path, "--stack", stack];
      const args = ["config", "set", "--secret", ...inside, ...place, whole, "--", text];
      // See RunnablePulumi: the Automation API itself calls it for every operation.
      await (command as RunnablePulumi).run(args, directory, {});
    },
  };
}

type Named = Pick<PulumiStackOptions, "stack" | "project">;

const PAGE = 10;
/** For the whole story: each page starts the CLI once. */
const LONG_PAGE = 100;

/** The newest updates that succeeded, newest first. */
async function lastEntries(stack: Stack, { stack: name, project }: Named): Promise<readonly UpdateEntry[]> {
  const entries = await historyPage(stack, 1, name, { size: PAGE, showSecrets: true });
  return entries
    .map((entry) => readEntry(entry, project))
    .filter(({ kind, succeeded }) => succeeded && kind === "update");
}

/** What they were configured with. */
const lastUpdates = async (stack: Stack, named: Named): Promise<readonly Configured[]> =>
  (await lastEntries(stack, named)).map(configuredOf);

/** The same once more, after itself. */
const numberedAnew = ({ change, ...update }: Update): Update => ({
  ...update,
  change: change.generation === undefined ? change : { ...change, generation: Number(change.generation) + 1 },
});

/** The last update that succeeded; undefined: none, or the stack was destroyed after it. */
async function lastUpdate(stack: Stack, { stack: name, project }: Named): Promise<UpdateEntry | undefined> {
  for (let page = 1; ; page += 1) {
    const entries = await historyPage(stack, page, name, { size: PAGE, showSecrets: true });
    const found = entries
      .map((entry) => readEntry(entry, project))
      .find(({ kind, succeeded }) => succeeded && (kind === "update" || kind === "destroy"));
    if (found !== undefined) return found.kind === "update" ? found : undefined;
    if (entries.length < PAGE) return undefined;
  }
}

/** What Pulumi's CLI says without the passphrase, with a wrong one, and when KMS refuses (seen with 3.260). */
const CLOSED = /(?:passphrase must be set|incorrect passphrase|operation error KMS)[^\n]*/;

async function historyPage(
  stack: Stack,
  page: number,
  name: string,
  { size, showSecrets }: { readonly size: number; readonly showSecrets: boolean },
): Promise<readonly unknown[]> {
  try {
    return await stack.history(size, page, showSecrets);
  } catch (error) {
    if (error instanceof Error && error.name === "StackNotFoundError") {
      throw new UserError("BG101", `There is no stack ${name}.`);
    }
    const [closed] = CLOSED.exec(messageOf(error)) ?? [];
    if (closed !== undefined) throw new UserError("BG290", `It says: ${closed.trim()}`);
    throw error;
  }
}

async function outputsOf(stack: Stack, project: string): Promise<Readonly<Record<string, unknown>>> {
  return plainOutputs(await stack.outputs(), project);
}
