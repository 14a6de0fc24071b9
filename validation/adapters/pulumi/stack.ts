import { join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";
import type { Stack } from "@pulumi/pulumi/automation/stack.js";
import { ownKeys, qualified } from "../../../contract/config/own-keys.ts";
import { overGiven } from "../../../contract/names/given-sections.ts";
import { modelsIn } from "../../../contract/names/model-outputs.ts";
import { UserError } from "../../errors.ts";
import { isStale, numberedAnew, refreshes } from "./made-up.ts";
import { attempt } from "../../reading.ts";
import type { LockHolder, StackStore, Update } from "../../ports.ts";
import { withDeployedFile, type SecretTool } from "./deployed-file.ts";
import { alone } from "../processes/alone.ts";
import {
  configuredOf,
  deployedBy,
  readEntry,
  readUpdate,
  type Namespace,
  type UpdateEntry,
} from "./history.ts";
import { runUpdate } from "./update.ts";
import { ofItsModel } from "./checkout-config.ts";
import { followFile, readCheckout, syncFile, type Configured } from "./checkout.ts";
import { outOfStep, secretPathsOf } from "./stack-file.ts";
import { lazily } from "../target.ts";
import { knowingRefusals } from "./refusals.ts";
import { stackReader, type RunnablePulumi, type StackReader } from "./stack-reader.ts";

export interface PulumiStackOptions {
  /** Name of the Pulumi project. */
  readonly project: string;
  /** Which of its models, by the namespace of its configuration; absent: the one that is called as the project. */
  readonly model?: string | undefined;
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

/**
 * One update per action: `up` with `--target` on the route can touch nothing else, whatever the checkout's
 * program would change, so no preview of its own is needed before it (1.5 s of engine time), and its count of
 * changed resources is checked afterwards.
 */
export function pulumiStack({ model, ...given }: PulumiStackOptions): StackStore {
  const options: OfModel = { ...given, model: model ?? given.project };
  const whose = { project: options.project, model: options.model };
  const open = lazily(() => openStack(options));
  const writer = lazily(() => openWriter(options));
  const path = join(options.directory, `Pulumi.${options.stack}.yaml`);
  const current = async () => {
    const { reader } = await open();
    const last = await lastUpdate(reader, options);
    return last && { ...last, deployed: deployedBy(last.entry, await reader.outputs()) };
  };
  const checkoutFile = async () => ({ path, whose, secrets: (await open()).secrets });
  const follow = async (known: readonly Configured[]) => {
    const { reader } = await open();
    return followFile(await checkoutFile(), known, () => lastUpdates(reader, options));
  };
  const carryOut = async (entry: UpdateEntry, update: Update) => {
    const [stack, { secrets }] = await Promise.all([writer(), open()]);
    const { scratchDirectory } = options;
    const { change } = update;
    const what = { entry, change, checkoutPath: path, scratchDirectory, secrets };
    return withDeployedFile(what, (configFile) => runUpdate(stack, update, { entry, configFile }, options));
  };
  /**
   * An update that came between what ours was made up from and its lock, such as a person's `pulumi up`: ours has just put
   * that person's keys back. The generation only tells those of our tools apart.
   */
  const missedBetween = async (before: UpdateEntry) => {
    const { reader } = await open();
    const entries = await attempt(() => lastEntries(reader, options));
    const [, previous] = entries.readable ? entries.value : [];
    return previous === undefined || previous.endedWallMs === before.endedWallMs ? undefined : previous;
  };
  return {
    deployed: async () => (await current())?.deployed,
    follow: () => follow([]),
    async models() {
      const { reader } = await open();
      return modelsIn(await reader.outputs(), options.project);
    },
    async apply(asked) {
      const update = { ...asked, message: toldOf(whose, asked.message) };
      for (let tries = 1; ; tries += 1) {
        const before = await current();
        if (before === undefined)
          throw new UserError("BG101", `Stack ${options.stack} has no succeeded update.`);
        const { config } = before.deployed;
        if (isStale(update, config)) return { kind: "stale" };
        const refresh = refreshes(update, before.hasFailedSince);
        const first = await carryOut(before.entry, { ...update, refresh, from: config.split });
        // Where only another model's update has come between, this one is made up anew from what that left.
        if (first.kind === "stale" && tries < TRIES) continue;
        const missed = first.kind === "applied" ? await missedBetween(before.entry) : undefined;
        const applied =
          first.kind === "applied" && missed !== undefined
            ? await carryOut(missed, numberedAnew(update, first.deployed.config.split))
            : first;
        if (applied.kind === "applied") {
          // The update is done, whatever becomes of the file; the end of the verb follows again, and tells.
          await attempt(() => follow([applied.deployed, before.deployed]));
        }
        const { others = [] } = before.deployed;
        return applied.kind === "locked" && others.length > 0 ? { ...applied, others } : applied;
      }
    },
    async breakLock() {
      const stack = await writer();
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
            values: overGiven(ofItsModel(file), deployed.outputs?.given ?? {}),
            secretPaths: secretPathsOf(file),
          };
    },
    async updates(limit) {
      const { reader } = await open();
      const entries: unknown[] = [];
      for (let page = 1; entries.length < limit; page += 1) {
        const found = await reader.history({ size: LONG_PAGE, page, showSecrets: false });
        entries.push(...found);
        if (found.length < LONG_PAGE) break;
      }
      return entries.slice(0, limit).map((entry) => readUpdate(entry, whose));
    },
    sync: async (deployed) => syncFile(await checkoutFile(), deployed),
  };
}

interface OpenStack {
  readonly reader: StackReader;
  readonly secrets: SecretTool;
}

async function openStack(options: OfModel): Promise<OpenStack> {
  const command = await options.pulumiCommand();
  const reader = stackReader(command, options);
  return { reader, secrets: secretTool(reader.config, command, options) };
}

/** Loaded at first use: the Automation API takes half a second, which who only reads must not wait for, nor `revert`. */
async function openWriter({ directory, stack: name, pulumiCommand }: OfModel): Promise<Stack> {
  const [{ LocalWorkspace, Stack: Stacks }, command] = await Promise.all([
    import("@pulumi/pulumi/automation/index.js"),
    pulumiCommand(),
  ]);
  const workspace = await LocalWorkspace.create({ workDir: directory, pulumiCommand: command });
  // `pulumi stack select` would change which stack the person's own commands act on.
  workspace.selectStack = async () => {};
  return Stacks.select(name, workspace);
}

function secretTool(
  readAll: () => Promise<Readonly<Record<string, { readonly value: string }>>>,
  command: PulumiCommand,
  { stack, directory, model }: OfModel,
): SecretTool {
  return {
    async reveal() {
      const values = Object.entries(await readAll()).map(([key, { value }]) => [key, value] as const);
      return ownKeys(Object.fromEntries(values), model);
    },
    async encryptInto(path, key, text) {
      // The Automation API's own setConfig passes values as arguments, too, but knows no configuration file.
      const whole = qualified(key, model);
      const inside = key.slice(key.lastIndexOf(":") + 1).includes(".") ? ["--path"] : [];
      const place = ["--config-file", path, "--stack", stack];
      const args = ["config", "set", "--secret", ...inside, ...place, whole, "--", text];
      // See RunnablePulumi: the Automation API itself calls it for every operation.
      await knowingRefusals(stack, () => (command as RunnablePulumi).run(args, directory, {}));
    },
  };
}

type OfModel = PulumiStackOptions & Namespace;
type Named = Pick<OfModel, "stack" | "project" | "model">;

/** Each try but the last was overtaken by an update of another model, which took seconds. */
const TRIES = 10;

/** In the history, which is the stack's, an update says which model it was of. */
const toldOf = ({ project, model }: Namespace, message: string): string =>
  model === project ? message : message.replace(/^bluegreen:/, `bluegreen, model ${model}:`);

const PAGE = 10;
/** For the whole story: each page starts the CLI once. */
const LONG_PAGE = 100;

/** The newest updates that succeeded, newest first. */
async function lastEntries(reader: StackReader, named: Named): Promise<readonly UpdateEntry[]> {
  const entries = await reader.history({ size: PAGE, page: 1, showSecrets: true });
  return entries
    .map((entry) => readEntry(entry, named))
    .filter(({ kind, succeeded }) => succeeded && kind === "update");
}

/** What they were configured with. */
const lastUpdates = async (reader: StackReader, named: Named): Promise<readonly Configured[]> =>
  (await lastEntries(reader, named)).map(configuredOf);

interface LastUpdate {
  readonly entry: UpdateEntry;
  /** Whether a later one was not carried out to its end. */
  readonly hasFailedSince: boolean;
}

/** The last update that succeeded; undefined: none, or the stack was destroyed after it. */
async function lastUpdate(reader: StackReader, named: Named): Promise<LastUpdate | undefined> {
  let hasFailedSince = false;
  for (let page = 1; ; page += 1) {
    const entries = await reader.history({ size: PAGE, page, showSecrets: true });
    const updates = entries
      .map((entry) => readEntry(entry, named))
      .filter(({ kind }) => kind === "update" || kind === "destroy");
    const at = updates.findIndex(({ succeeded }) => succeeded);
    hasFailedSince ||= at !== 0 && updates.length > 0;
    const entry = updates[at];
    if (entry !== undefined) return entry.kind === "update" ? { entry, hasFailedSince } : undefined;
    if (entries.length < PAGE) return undefined;
  }
}
