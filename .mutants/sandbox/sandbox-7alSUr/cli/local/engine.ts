import { join } from "node:path";
import type { PulumiCommand } from "@pulumi/pulumi/automation/cmd.js";
import type { CommandOptions, CommandResult } from "../../packages/pulumi-engine/engine.ts";
import type { LockHolder } from "../../packages/pulumi-engine/state/lock.ts";
import { projectName } from "../../validation/adapters/pulumi/project-name.ts";
import { backendDirectory } from "./project.ts";
import { fromFiles } from "../errors.ts";
import { cancellable } from "../interruption.ts";
import { withReasons } from "./cli-reasons.ts";
import { cliLockHolder } from "./cli-locks.ts";
import { ownRun } from "../../validation/adapters/processes/records.ts";
import { runCli, typeCli, withThisNode, type PulumiCli } from "../pulumi-cli.ts";
import { chooseEngine, nameOf } from "./engine-choice.ts";
import type { Endpoint } from "./endpoint.ts";
import type { LocalPlace } from "./place.ts";
import { HINTS } from "./hints.ts";

/** Carries out Pulumi's commands on the local project. */
export interface LocalEngine {
  /** `embedded engine`, or `pulumi CLI v3.260.0`. */
  readonly name: string;
  readonly isCli: boolean;
  runPulumi(args: string[], options: CommandOptions): Promise<CommandResult>;
  /** The same in this terminal, with all that a person sees and answers there; resolves to the exit code. */
  type(args: string[], options: CommandOptions): Promise<number>;
  /** For the Automation API. */
  command(): Promise<PulumiCommand>;
  /** Who runs an update of the stack, or died while running one. */
  lockHolder(stack: string): Promise<LockHolder | undefined>;
}

/** The engine of the local project, on the cloud that runs there; without one, for commands that need none. */
export async function localEngine(place: LocalPlace, cloud: Endpoint | undefined): Promise<LocalEngine> {
  const choice = cloud?.engine ?? (await chooseEngine(place));
  const name = nameOf(choice);
  return choice.kind === "cli" ? cliEngine(name, place, choice) : embeddedEngine(name, place, cloud);
}

async function embeddedEngine(
  name: string,
  { root, directory }: LocalPlace,
  cloud: Endpoint | undefined,
): Promise<LocalEngine> {
  const [{ createEngine }, { awsxComponents }, { httpProvider }, { takingDefaultTags }] = await Promise.all([
    import("../../packages/pulumi-engine/engine.ts"),
    import("../../packages/local-cloud/provider/awsx.ts"),
    import("../../packages/local-cloud/provider/http.ts"),
    import("../../packages/local-cloud/provider/default-tags.ts"),
  ]);
  const engine = await createEngine({
    stateDirectory: join(directory, "pulumi"),
    // Shared by all local clouds of the checkout: a program that was compiled once starts a second faster.
    compileCacheDirectory: compileCache(root),
    // Without a cloud, commands that need it say so, and the others work.
    provider: takingDefaultTags(httpProvider(cloud, HINTS)),
    foreignSecretsAdvice:
      "use the Pulumi CLI (BLUEGREEN_ENGINE=cli), or, for a stack of the local cloud, name none and set its secrets anew with `pulumi config set --secret`",
    components: awsxComponents,
    runId: () => ownRun().id,
  });
  return {
    name,
    isCli: false,
    runPulumi: engine.runPulumi,
    lockHolder: engine.lockHolder,
    async type(args, options) {
      const { code } = await engine.runPulumi(args, options);
      return code;
    },
    async command() {
      const { pulumiCommand } = await import("../../packages/pulumi-engine/automation.ts");
      return pulumiCommand({
        // The flows know a person's mistakes by our codes, and tell everything else as Pulumi's own failure.
        runPulumi: (args, options) =>
          cancellable(engine.runPulumi)(args, options).catch((error: unknown) => {
            throw fromFiles(error);
          }),
      });
    },
  };
}

function cliEngine(name: string, place: LocalPlace, cli: PulumiCli): LocalEngine {
  const run = (args: string[], options: CommandOptions) =>
    runCli(cli, args, { ...options, env: cliEnvironment(place, options.env ?? process.env) });
  return {
    name,
    isCli: true,
    runPulumi: run,
    lockHolder: async (stack) => cliLockHolder(place.directory, await projectName(place.root), stack),
    type: (args, options) =>
      withReasons(
        args,
        cliEnvironment(place, options.env ?? process.env),
        (given) => typeCli(cli, given.args, { ...options, env: given.env }),
        options.onError ?? (() => {}),
      ),
    async command() {
      const { cliCommand } = await import("../../packages/pulumi-engine/automation.ts");
      return cliCommand({ runPulumi: cancellable(run) }, cli);
    },
  };
}

/** What in a person's shell is about other stacks than this one, and would lead the CLI there. */
const OTHERS = ["PULUMI_STACK", "PULUMI_CONFIG_PASSPHRASE_FILE"];

function cliEnvironment({ root, directory }: LocalPlace, environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own = Object.fromEntries(Object.entries(environment).filter(([name]) => !OTHERS.includes(name)));
  return {
    ...withThisNode(own),
    PULUMI_BACKEND_URL: `file://${backendDirectory(directory)}`,
    // The secrets of a local stack open nothing outside this machine; an empty passphrase counts as set.
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    NODE_COMPILE_CACHE: compileCache(root),
  };
}

const compileCache = (root: string) => join(root, "node_modules", ".cache", "bluegreen");
