import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalPlace } from "../../../cli/local/place.ts";
import { startUsers, type Users } from "../support/users.ts";
import { startVerb, type Ran } from "../support/verb.ts";
import { aStack, configOf, until, type World } from "../support/world.ts";

/** Two stacks come up and a release takes some virtual minutes, and a machine may be busy. */
const LONG = 240_000;

// What a checkout runs from; the rest is tests and documents.
const PARTS = ["cli", "contract", "examples", "infra", "packages", "validation", "watchdog", "policy"];
const FILES = ["package.json", "tsconfig.json", "Pulumi.yaml", "images.local.json"];

/** A second copy of the repository, as another team makes it: only the name in its Pulumi.yaml is another. */
async function secondCheckout(root: string, name: string): Promise<LocalPlace> {
  const copy = await mkdtemp(join(tmpdir(), "bluegreen-second-"));
  for (const part of [...PARTS, ...FILES]) await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  const project = join(copy, "Pulumi.yaml");
  await writeFile(project, (await readFile(project, "utf8")).replace(/^name: .*$/m, `name: ${name}`));
  return { root: copy, directory: join(copy, ".local") };
}

describe("given two checkouts of two projects, a stack of the same name in each, and one account", () => {
  let first: World;
  let second: LocalPlace;
  const users: Users[] = [];
  beforeAll(async () => {
    const given = {
      speed: 20,
      blue: { image: "digits:1", modelVersion: "1" },
      rollout: { watchdog: true },
    };
    first = await aStack(given);
    second = await secondCheckout(first.place.root, "churn");
    await mkdir(second.directory, { recursive: true });
    const file = JSON.stringify({ config: configOf(given) });
    await writeFile(join(second.directory, "Pulumi.local.yaml"), file);
    await until(async () => (await first.see.healthyTargets("blue")) === 1);
  }, LONG);
  afterAll(async () => {
    for (const { leave } of users) await leave();
    await first.close();
    await rm(second.root, { recursive: true, force: true });
  }, LONG);

  const run = (...args: string[]): Promise<Ran> => startVerb(second, args).ended;
  async function done(...args: string[]): Promise<string> {
    const ran = await run(...args);
    if (ran.exitCode !== 0) throw new Error(`${args.join(" ")}: ${ran.stdout}${ran.stderr}`);
    return ran.stdout;
  }
  const outputs = async () =>
    JSON.parse(await done("pulumi", "stack", "output", "--json")) as Readonly<Record<string, unknown>>;

  it(
    "the second joins the cloud of the first, and its stack takes over nothing there",
    { timeout: LONG },
    async () => {
      await done("local", "--join", first.place.directory);
      await done("pulumi", "up", "--yes", "--skip-preview");
      const [one, other] = [await first.see.outputs(), await outputs()];
      expect(other["names"]).toMatchObject({ project: "churn", stack: "local" });
      expect(other["clusterName"]).not.toBe(one.clusterName);
      expect(other["routeArn"]).not.toBe(one.routeArn);
      await first.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    },
  );

  it(
    "both release at once under their own users, and nobody's request fails",
    { timeout: LONG },
    async () => {
      const url = String((await outputs())["url"]);
      await until(async () => (await fetch(`${url}/health`)).ok);
      await first.deploy("digits:2", "2");
      await done("deploy", "digits:2", "--model-version", "2");
      users.push(first.users(120), startUsers(second, url, (120 / 60) * 20));
      const [one, other] = await Promise.all([
        first.rollout("--skip-tests"),
        run("rollout", "--skip-tests", "--json"),
      ]);
      expect(one).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(first.verdictOf(other)).toMatchObject({ exitCode: 0, result: "promoted" });
      expect(users.map(({ failures }) => failures())).toEqual([[], []]);
    },
  );

  it(
    "when the second destroys its stack, the first has everything that it had",
    { timeout: LONG },
    async () => {
      await users[1]?.leave();
      await done("pulumi", "destroy", "--yes");
      await first.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
      expect(await first.ask(20)).toEqual({ "2": 20 });
      expect(users[0]?.failures()).toEqual([]);
    },
  );
});
