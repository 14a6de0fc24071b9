import type { ReleaseSeen } from "../observations.ts";
import { ROLE_PATH } from "../shelves/others.ts";
import { RUN_TAG, runName } from "../things.ts";
import { byDigest, commandOf } from "./answering.ts";
import type { Context, Shell } from "./context.ts";
import { networkOf } from "./network.ts";

type Commands = { readonly command: string; readonly exitCode: number; readonly said: string }[];

/**
 * A stack of the product from its first update to its end, in the same VPC, by the Pulumi CLI and the verbs. Its tags
 * and names are the run's, so that the teardown finds what a broken run leaves of it without its state.
 */
export async function release(context: Context): Promise<ReleaseSeen> {
  const { shell, tell } = context;
  if (shell === undefined) throw new Error("there is no Pulumi CLI on PATH, nor the npm package `pulumi`");
  const commands: Commands = [];
  const seen: { drift?: readonly string[]; revertSeconds?: number } = {};
  try {
    await story(context, shell, recorded(shell, commands), seen);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    tell(error.message);
  }
  return { commands, drift: seen.drift, revertSeconds: seen.revertSeconds };
}

async function story(
  context: Context,
  shell: Shell,
  does: Does,
  seen: { drift?: readonly string[]; revertSeconds?: number },
): Promise<void> {
  const { run, users, clock, images } = context;
  const digests = { one: await byDigest(images.one), two: await byDigest(images.two) };
  const stack = runName(run);
  await does("pulumi", "stack", "init", stack);
  await shell.configure(stack, await settings(context, digests.one));
  await does("pulumi", "up", "--stack", stack, "--yes", "--skip-preview");
  const output = await does("pulumi", "stack", "output", "url", "--stack", stack, "--json");
  const url = String(JSON.parse(output));
  seen.drift = await driftOf(does, stack);
  const command = commandOf(images.two, "2") ?? [];
  await does(
    "bluegreen",
    "deploy",
    digests.two,
    "--model-version",
    "2",
    ...(command.length === 0 ? [] : ["--command", JSON.stringify(command)]),
  );
  const leaving = { isTime: false };
  const crowd = (async () => {
    while (!leaving.isTime) {
      const three = Array.from({ length: 3 }, () => users.ask(`${url}/predict`, { patienceMs: 5000 }));
      await Promise.all(three);
      await clock.sleep(1000);
    }
  })().catch(() => {});
  try {
    await does("bluegreen", "rollout", "--skip-tests");
    const startMs = clock.now();
    await does("bluegreen", "revert");
    seen.revertSeconds = Math.round((clock.now() - startMs) / 1000);
  } finally {
    leaving.isTime = true;
    await crowd;
  }
  await does("pulumi", "destroy", "--stack", stack, "--yes", "--skip-preview");
}

/** A command that failed, after which nothing goes on: the commands so far are what was seen. */
class Broken extends Error {}

type Does = (program: "pulumi" | "bluegreen", ...args: readonly string[]) => Promise<string>;

/** Runs a command and writes down how it ended; nothing goes on after one that failed. */
const recorded =
  (shell: Shell, commands: Commands): Does =>
  async (program, ...args) => {
    const all = program === "bluegreen" ? [...args, "--json"] : [...args, "--non-interactive"];
    const { exitCode, stdout, stderr } = await shell.run(program, all);
    const said = stderr.trim().split("\n").at(-1) ?? "";
    commands.push({ command: `${program} ${args.slice(0, 2).join(" ")}`, exitCode, said });
    if (exitCode !== 0)
      throw new Broken(`\`${program} ${args.join(" ")}\` ended with ${exitCode}: ${stderr.slice(-2000)}`);
    return stdout;
  };

/** What a refresh right after the update finds to do. */
async function driftOf(does: Does, stack: string): Promise<readonly string[]> {
  const stdout = await does("pulumi", "preview", "--stack", stack, "--refresh", "--json");
  const { steps } = Object(JSON.parse(stdout)) as { readonly steps?: unknown };
  return (Array.isArray(steps) ? steps : []).flatMap((step: unknown) => {
    const { op, urn } = Object(step) as { readonly op?: unknown; readonly urn?: unknown };
    // What is read or stays as it is, is no drift.
    return op === "same" || op === "read" || op === "refresh" ? [] : [`${String(op)} ${String(urn)}`];
  });
}

/** The smallest stack: two subnets, one small task, everything quick, nothing protected. Keys as a stack's file has them. */
async function settings(context: Context, image: string): Promise<Readonly<Record<string, unknown>>> {
  const { run, region, images, users } = context;
  const { vpcId, subnets } = await networkOf(context);
  const ids = subnets.slice(0, 2).map(({ id }) => id);
  const command = commandOf(images.one, "1");
  return {
    "aws:region": region,
    "aws:defaultTags": { tags: { [RUN_TAG]: run } },
    blue: { image, modelVersion: "1", minTasks: 1 },
    service: {
      ...(command === undefined ? {} : { command }),
      cpu: 256,
      memory: 512,
      startupSeconds: 30,
      requestTimeoutSeconds: 10,
      drainSeconds: 10,
      allowedCidrs: [`${await users.address()}/32`],
      logDays: "1",
    },
    network: { vpcId, publicSubnetIds: ids, taskSubnetIds: ids, assignPublicIp: true },
    iam: { rolePath: `${ROLE_PATH}${runName(run)}/` },
    rollout: {
      steps: [50, 100],
      bakeMinutes: 2,
      minRequests: 50,
      // Whether AWS takes the calls is asked here: proving something of a model would take hours of the account's money.
      advanceWhen: "blindSpot",
      protect: false,
      watchdog: false,
    },
  };
}
