import { rename } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CloudReader } from "../scenario/support/cloud-reader.ts";
import type { Users } from "../scenario/support/users.ts";
import { until } from "../scenario/support/world.ts";
import { PROJECT_DIRECTORY } from "./support/desk.ts";
import { LONG, USERS } from "./support/given-desk.ts";
import { aNewcomer, type Newcomer } from "./support/newcomer.ts";
import { runWorkflow, type WorkflowRun } from "./support/runner.ts";

/**
 * What docs/aws.md and docs/github.md say, from an empty folder on: two stacks of one repository. That of `prod` has a share
 * that a person approves; the environment of `eu` has reviewers, who are asked before each job.
 */
describe("given a newcomer with the documents, a repository and an account", () => {
  let me: Newcomer;
  let prod: CloudReader;
  let eu: CloudReader;
  const users: Users[] = [];
  beforeAll(async () => {
    me = await aNewcomer(["prod", "eu"]);
  }, LONG);
  afterAll(() => me?.close(), LONG);

  /** The commands of the documents, with what this machine has in place of AWS. */
  async function makeStack(stack: string, settings: readonly string[]): Promise<void> {
    const image = await me.pushed("digits:1");
    const set = [...FAST, ...settings].map((one) => `--set '${one}'`).join(" ");
    await me.types(
      `npx bluegreen init ${stack} --region us-east-1 --image ${image} --golden examples/digits/golden.jsonl \\
        --allow 0.0.0.0/0 --test-cidrs 127.0.0.1/32 ${set}`,
      "nobody",
    );
    // The project of the local cloud stands in a folder of its own, and a stack there knows the cloud's address.
    const file = `Pulumi.${stack}.yaml`;
    await rename(join(me.checkout, file), join(me.checkout, PROJECT_DIRECTORY, file));
    await me.types(
      `pulumi stack init ${stack} --secrets-provider "awskms://alias/key?region=us-east-1"
      pulumi config set --stack ${stack} localCloud ${me.endpoint.url}
      pulumi config set --stack ${stack} --secret testToken $(node -p 'crypto.randomBytes(24).toString("hex")')
      npx bluegreen doctor --jobs --stack ${stack}
      pulumi up --yes --stack ${stack}
      npx bluegreen status --stack ${stack}`,
      `${stack}-deploy`,
    );
  }
  const release = async (stack: string, version: string) => ({
    desk: me.desk,
    inputs: { stack, image: await me.pushed(`digits:${version}`), "model-version": version },
  });
  const tick = () => runWorkflow("tick.yml", { desk: me.desk, vars: { BLUEGREEN_STACKS: "prod eu" } });

  it(
    "init, stack init and up make both stacks, whose files are committed without a secret in clear",
    async () => {
      await me.types("npm ci", "nobody");
      await makeStack("prod", ["rollout.approvals=[100]"]);
      await makeStack("eu", []);
      me.desk.push(me.checkout, "Two stacks");
      prod = await me.see("prod");
      eu = await me.see("eu");
      for (const see of [prod, eu]) expect(await see.live()).toEqual({ blue: 100, green: 0 });
      for (const stack of ["prod", "eu"]) {
        const file = me.desk.stackFile("main", stack);
        expect(file).toMatch(/testToken:\n\s+secure: /);
        expect(file).toMatch(/watchdog: true[\s\S]*protect: true/);
      }
      // A clone, and nobody's passphrase: the key is what opens them.
      const [clone, token] = [await me.desk.clone(), "npm ci && pulumi config get --stack prod testToken"];
      await expect(me.types(token, "prod-deploy", clone)).rejects.toThrow("was not encrypted with");
      await me.desk.openSecrets(clone);
      expect(await me.types(token.replace("npm ci && ", ""), "prod-deploy", clone)).toMatch(
        /^[0-9a-f]{48}$/m,
      );
      users.push(...[prod, eu].map((stack) => me.users(stack.url(), USERS)));
    },
    LONG,
  );

  it(
    "the release of prod ends where it waits for a person, without a failure",
    async () => {
      const run = await runWorkflow("release.yml", await release("prod", "2"));
      expect(failed(run)).toEqual([]);
      expect(run.summary).toContain("run the workflow `steer` for prod");
      expect(await prod.standing()).toMatchObject({ live: { blue: 50, green: 50 }, releaseState: "running" });
    },
    LONG,
  );

  it(
    "the release of eu waits for its reviewer before its first user, and a tick looks at both stacks",
    async () => {
      await me.desk.setEnvironment("eu", true);
      await me.desk.setEnvironment("eu-tick", false);
      parked = await aParkedRelease();
      const run = await tick();
      expect(run.jobs["look"]).toBe("success");
      // 10: that of prod waits for a person.
      expect(looks(run)).toEqual([
        ["prod", 10],
        ["eu", 0],
      ]);
      expect(await eu.standing()).toMatchObject({ live: { blue: 100, green: 0 }, releaseState: "deployed" });
    },
    LONG,
  );

  it(
    "steer approves the share of prod, ticks promote it, and eu stays where its reviewer left it",
    async () => {
      const inputs = { stack: "prod", action: "approve", step: "", reason: "the numbers are good" };
      const steered = await runWorkflow("steer.yml", { desk: me.desk, inputs });
      expect(failed(steered)).toEqual([]);
      await until(async () => {
        expect(looks(await tick()).map(([, code]) => code)).toEqual([0, 0]);
        return (await prod.standing()).releaseState === "promoted";
      });
      expect(await prod.standing()).toMatchObject({ activeSlot: "green", live: { blue: 0, green: 100 } });
      expect(await eu.standing()).toMatchObject({ live: { blue: 100, green: 0 }, releaseState: "deployed" });
    },
    LONG,
  );

  it(
    "at its next reviewer the users of eu are on both models, and ticks watch and move nobody",
    async () => {
      await parked?.goOn();
      expect(await eu.live()).toEqual({ blue: 50, green: 50 });
      // Until all is proven, and no further.
      await until(async () => (await tick()).steps.some(({ output }) => output.includes("only watches")));
      expect(await eu.standing()).toMatchObject({ live: { blue: 50, green: 50 }, releaseState: "running" });
    },
    LONG,
  );

  it(
    "when the reviewers say yes, it goes on to its promotion, and no user of either stack has missed an answer",
    async () => {
      const run = await parked?.toTheEnd();
      expect(run?.jobs).toMatchObject({ rollout: "success", conclude: "success", record: "success" });
      expect(await eu.standing()).toMatchObject({ activeSlot: "green", releaseState: "promoted" });
      for (const { leave } of users) await leave();
      expect(users.flatMap(({ failures }) => failures())).toEqual([]);
    },
    LONG,
  );

  let parked: Parked | undefined;
  interface Parked {
    /** The reviewer says yes to the job that waits; resolves when the next one waits. */
    goOn(): Promise<void>;
    /** They say yes to this one and all others. */
    toTheEnd(): Promise<WorkflowRun>;
  }
  /** A release of eu whose reviewer lets the jobs pass that give nobody a user, and then takes their time. */
  async function aParkedRelease(): Promise<Parked> {
    let answer = () => {};
    let waits = Promise.withResolvers<void>();
    let asks = true;
    const run = runWorkflow("release.yml", {
      ...(await release("eu", "2")),
      async review(environment, job) {
        expect(environment).toBe("eu");
        if (job !== "rollout" || !asks) return "approved";
        const word = Promise.withResolvers<void>();
        answer = word.resolve;
        waits.resolve();
        await word.promise;
        return "approved";
      },
    });
    // A run that fails before it waits says why.
    const next = () => Promise.race([waits.promise, run.then((ended) => expect(failed(ended)).toEqual([]))]);
    await next();
    return {
      async goOn() {
        waits = Promise.withResolvers<void>();
        answer();
        await next();
      },
      toTheEnd() {
        asks = false;
        answer();
        return run;
      },
    };
  }
});

const failed = ({ steps }: WorkflowRun) => steps.filter(({ exitCode }) => exitCode !== 0);
/** Whom a tick has looked at, and how that ended. */
const looks = ({ steps }: WorkflowRun) =>
  steps
    .filter(({ step }) => step === "One step")
    .map(({ output, exitCode }) => [/^stack (\S+)/m.exec(output)?.[1], exitCode]);

/** A clock that is fast, and users who are few, who prove nothing; everything else is what init writes for a production. */
const FAST = [
  "rollout.steps=[50,100]",
  "rollout.bakeMinutes=2",
  "rollout.minRequests=20",
  "rollout.advanceWhen=blindSpot",
  "rollout.maxBlindSpots=[1]",
  "rollout.deadlineMinutes=10000",
  "service.startupSeconds=30",
  "service.requestTimeoutSeconds=10",
  "service.drainSeconds=10",
  "thresholds.minRequestsPerMinute=5",
];
