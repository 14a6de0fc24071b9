import { resolve } from "node:path";
import { Command, Option } from "commander";
import { fullName } from "../contract/names/names.ts";
import { CAPACITIES } from "../contract/config/capacity.ts";
import type { Context } from "../validation/ports.ts";
import { assignments, positive, slotArgument, whole } from "./arguments.ts";
import { localPlace } from "./local/place.ts";
import { given, structured, words } from "./model-options.ts";
import { addOperatingVerbs } from "./operating.ts";
import { addPlanningVerbs } from "./planning.ts";
import { latePointsOf } from "./late-points.ts";
import { publishLags } from "./publish-lag.ts";
import { addInit } from "./starting.ts";
import { addSteeringVerbs } from "./steering.ts";

const DEFAULT_PORT = 4777;

/**
 * The command line: verbs, their options, and the module that carries each out. Modules are loaded when their
 * verb runs, so that `revert` does not wait for what it does not need.
 */
export function createProgram(startedWallMs: number): Command {
  const program = new Command("bluegreen")
    .description(
      "Release machine-learning models blue-green: on AWS, or on a local AWS emulator on this machine.",
    )
    .exitOverride()
    .showHelpAfterError("(npx bluegreen --help)");

  addInit(program);
  const localCommand = program
    .command("local")
    .description("run the local cloud until Ctrl-C")
    .option("--port <port>", "port of its AWS APIs on 127.0.0.1 (0: any)", whole(0, 65_535), DEFAULT_PORT)
    .option("--speed <factor>", "virtual seconds per real second", positive, 1)
    .option(
      "--publish-lag <seconds>",
      "how late metrics can be read, in virtual seconds; of single ones by name: 60,RequestCount=180",
      publishLags,
      { publishLagSeconds: 0 },
    )
    .option(
      "--late-points <points>",
      "single datapoints later than that, or in part first: late=0.05:180,revised=0.05:0.5:180 (packages/local-cloud/README.md)",
      latePointsOf,
    )
    .option(
      "--authorize [stacks]",
      "each call needs a right of its role: docs/iam.md. Of these stacks, too (commas between), as <stack>-deploy",
    )
    .option("--api-rates", "AWS's limits on the rate of calls hold", false)
    .option("--awsx-provider <directory>", "a real awsx provider for the Pulumi CLI: docs/engines.md")
    .option(
      "--traffic <number>",
      "requests a minute to its stack, from the golden set; also to a local cloud that runs already",
      whole(1, 60_000),
    )
    .option("--join <checkout>", "use the local cloud that runs in another checkout, and start none")
    .action(async ({ publishLag, authorize, join, ...rest }) => {
      if (join !== undefined) {
        const { joinLocal } = await import("./verbs/local-join.ts");
        process.stdout.write(await joinLocal(localPlace(), resolve(join)));
        return;
      }
      const { local, welcome } = await import("./verbs/local.ts");
      const others = typeof authorize === "string" ? authorize.split(",") : [];
      const options = { ...rest, ...publishLag, authorize: authorize && others };
      await local(localPlace(), options, welcome);
    });
  localCommand
    .command("env")
    .description("how the AWS CLI and boto3 reach the local cloud: exports for this shell")
    .option("--json", "the same as JSON, with the token of everything that is no API of AWS", false)
    .action(async ({ json }) => {
      const { localEnv } = await import("./verbs/local-env.ts");
      process.stdout.write(await localEnv(localPlace(), json));
    });

  program
    .command("pulumi")
    .description("Pulumi's commands on the local stack, by its CLI or by the embedded engine")
    .argument("[arguments...]")
    .allowUnknownOption()
    .helpOption(false)
    .action(async (args: string[]) => {
      const { pulumi } = await import("./verbs/pulumi.ts");
      process.exitCode = await pulumi(localPlace(), args);
    });

  writingCommand(program, "deploy <image>", "put a model onto the idle slot, where it has no users")
    .requiredOption("--model-version <version>", "the model's version in its registry")
    .option(
      "--min-tasks <number>",
      "least number of tasks (default: as many as the active slot has now)",
      whole(1, 500),
    )
    .option("--max-tasks <number>", "greatest number of tasks", whole(1, 500))
    .option("--cpu <units>", "CPU units of this model's tasks", whole(256, 16_384))
    .option("--memory <MiB>", "memory of this model's tasks", whole(512, 122_880))
    .addOption(new Option("--capacity <kind>", "what this model's tasks run on").choices(CAPACITIES))
    .option("--gpus <number>", "GPUs of each of this model's tasks (capacity ec2)", whole(0, 16))
    .option("--env <NAME=value...>", "environment of this model alone", assignments)
    .option("--port <number>", "port that this model listens on", whole(1, 65_535))
    .option("--health-path <path>", "path of this model's health check")
    .option(
      "--command <words>",
      "this model's command in place of the image's own: words, or a JSON list of them",
      words,
    )
    .option("--set <key=value...>", "any other key of `service` for this model alone", assignments)
    .option("--reset-analysis", "forget what earlier releases of this digest counted", false)
    .addOption(formerly("--fresh-evidence"))
    .action(async (image: string, options) => {
      const { runFlow } = await import("./flow.ts");
      const { deploy } = await import("../validation/deploy/deploy.ts");
      const { pinnedImage } = await import("./local/pinned-image.ts");
      const { modelVersion, minTasks, maxTasks, capacity, gpus, cpu, memory, env } = options;
      const resetAnalysis = options.resetAnalysis || options.freshEvidence === true;
      const { port, healthPath, command, set } = options;
      const overrides = given({ capacity, gpus, cpu, memory, environment: env });
      const service = given({ ...structured(set), port, healthPath, command });
      await runFlow(options, "writes", async (context, target) => {
        const pinned = await pinnedImage(target, image);
        const asked = { modelVersion, minTasks, maxTasks, overrides, service, resetAnalysis };
        return deploy(context, { ...asked, image: pinned });
      });
    });

  writingCommand(
    program,
    "test",
    "pre-traffic tests of the candidate, compared with the active slot; no user sees them",
  )
    .option("--golden <path>", "the golden set of this run (default: `suite.goldenSet`)")
    .action(async (options) => {
      const [{ runFlow }, { testCandidate }, { testTools }, { showTest }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/suite/test-candidate.ts"),
        import("../validation/adapters/test-route.ts"),
        import("./view/suite.ts"),
      ]);
      const golden = options.golden === undefined ? undefined : resolve(options.golden);
      const flow = (context: Context) =>
        testCandidate(context, testTools(localPlace().root, notes(context)), { golden });
      await runFlow(options, "writes", flow, showTest);
    });

  writingCommand(program, "step", "one look at the running release, and what follows from it")
    .option(
      "--watch",
      "give the candidate no more users by it; a failing one is rolled back all the same",
      false,
    )
    .addOption(evidenceOption())
    .action(async (options) => {
      const [{ runFlow }, { step }, { keepEvidence }, { stepForMachines }] = await Promise.all([
        import("./flow.ts"),
        import("../validation/rollout/step.ts"),
        import("./evidence.ts"),
        import("../validation/report/for-machines.ts"),
      ]);
      const once = { start: false, startDeadlineMs: Number.POSITIVE_INFINITY, agreed: undefined } as const;
      const flow = async (context: Context) => {
        const outcome = await step(context, { ...once, watchOnly: options.watch });
        await keepEvidence(fullName(context), outcome, context.clock.now(), options.evidence);
        return outcome;
      };
      await runFlow(options, "writes", flow, undefined, stepForMachines);
    });

  writingCommand(program, "rollout", "step by step until promoted, rolled back, or a person is needed")
    .option("--poll <seconds>", "time between two looks (default: 60; on the local cloud 5)", positive)
    // The name that `--force-ownership` had in 0.1, for the release alone.
    .addOption(new Option("--take-over").default(false).hideHelp())
    .option("--one-step", "end as soon as the release has its next share, for jobs of one step each", false)
    .option("--no-wait", "end at once when only a person can let it go on (approval, pause): exit code 10")
    .option("--skip-tests", "also without passed pre-traffic tests; the audit log says so", false)
    .addOption(formerly("--untested"))
    .addOption(evidenceOption())
    .action(async (options) => {
      const [
        { runFlow },
        { rollout },
        { keepEvidence },
        { openRunRecords, stateDirectory },
        { syntheticRequests },
        { testTools },
        { rolloutForMachines },
      ] = await Promise.all([
        import("./flow.ts"),
        import("../validation/rollout/rollout.ts"),
        import("./evidence.ts"),
        import("../validation/adapters/processes/records.ts"),
        import("../validation/adapters/synthetic-requests.ts"),
        import("../validation/adapters/test-route.ts"),
        import("../validation/report/for-machines.ts"),
      ]);
      const flow = async (context: Context) => {
        const outcome = await rollout(context, {
          pollMs: options.poll === undefined ? undefined : options.poll * 1000,
          skipTests: options.skipTests || options.untested === true,
          oneStep: options.oneStep,
          noWait: !options.wait,
          ownership: {
            takeOver: options.takeOver || options.forceOwnership,
            fateOfRun: openRunRecords(stateDirectory()).fateOfRun,
          },
          openSynthetic: syntheticRequests(localPlace().root, notes(context)),
          warmBy: testTools(localPlace().root, notes(context)),
        });
        await keepEvidence(fullName(context), outcome.last, context.clock.now(), options.evidence);
        return outcome;
      };
      await runFlow(options, "writes", flow, undefined, rolloutForMachines);
    });

  writingCommand(program, "revert", "all traffic back, in seconds, from any state")
    .option("--reason <text>", "for the audit log", "reverted manually")
    .option("--wait", "wait until the slot that lost its users is drained", false)
    .addOption(
      new Option("--route <arn>", "the route, when nothing else finds it").env("BLUEGREEN_ROUTE_ARN"),
    )
    .option("--to <slot>", "who shall have everyone (default: as the route's tags say)", slotArgument)
    .action(async (options) => {
      const { runFlow } = await import("./flow.ts");
      const { revert } = await import("../validation/rollback/revert.ts");
      const { route, to, reason, wait } = options;
      await runFlow(options, "writes", (context) =>
        revert(context, { routeArn: route, to, reason, wait, startedWallMs }),
      );
    });

  writingCommand(program, "sync", "bring the release keys of the stack file in line with what is deployed")
    .option(
      "--only-file",
      "leave users who were rolled back to the next `step`, for who may only read",
      false,
    )
    .action(async (options) => {
      const { runFlow } = await import("./flow.ts");
      const { sync } = await import("../validation/stack/sync.ts");
      const { onlyFile } = options;
      await runFlow(options, onlyFile ? "reads" : "writes", (context) => sync(context, { onlyFile }));
    });

  const add = (nameAndArguments: string, description: string) =>
    flowCommand(program, nameAndArguments, description);
  const addWriting = (nameAndArguments: string, description: string) =>
    writingCommand(program, nameAndArguments, description);
  addSteeringVerbs(add, addWriting);
  addOperatingVerbs(add);
  addPlanningVerbs(program, add);
  return program;
}

/** A verb that works on a stack. */
const notes =
  ({ reporter }: Context) =>
  (message: string) =>
    reporter.report({ kind: "note", message });

function flowCommand(program: Command, nameAndArguments: string, description: string): Command {
  return program
    .command(nameAndArguments)
    .description(description)
    .addOption(
      new Option(
        "--stack <name>",
        "the stack; `local` is the one on the local cloud, `local:<name>` another one there, `aws:<name>` one on AWS",
      ).env("BLUEGREEN_STACK"),
    )
    .option("--json", "the result as one JSON object on standard output", false);
}

/** One that changes it. */
function writingCommand(program: Command, nameAndArguments: string, description: string) {
  return flowCommand(program, nameAndArguments, description).option(
    "--force-ownership",
    "break a lock, and take a release over, of which nobody can tell here whether their process still runs; if it does, both write, and one of the two updates is lost",
    false,
  );
}

/** A flag under the name that it had in 0.1; it goes with the next version. */
const formerly = (flag: string): Option => new Option(flag).hideHelp();

function evidenceOption(): Option {
  return new Option("--evidence <file>", "write what the last look saw, as JSON");
}
