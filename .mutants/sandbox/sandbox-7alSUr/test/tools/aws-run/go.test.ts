import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../contract/config/parse.ts";
import { go, takeDownLater } from "../../../tools/aws-run/go.ts";
import { KINDS, RUN_TAG } from "../../../tools/aws-run/things.ts";
import { autoClock } from "./support/auto-clock.ts";
import { GO, machine, TEARDOWN } from "./support/machine.ts";
import { ScriptedAccount } from "./support/scripted-account.ts";

const account = () => new ScriptedAccount(autoClock());

/** Somebody else's, of each kind that a teardown could mistake for its own. */
function withStrangers(one: ScriptedAccount): ScriptedAccount {
  one.add("loadBalancer", "arn:aws:elasticloadbalancing:…/prod", { Name: "prod" });
  one.add("targetGroup", "arn:aws:elasticloadbalancing:…/prod-tg", {});
  one.add("cluster", "arn:aws:ecs:us-east-1:123456789012:cluster/prod", {});
  one.add(
    "service",
    "arn:aws:ecs:us-east-1:123456789012:service/prod/api",
    {},
    "arn:aws:ecs:us-east-1:123456789012:cluster/prod",
  );
  one.add("taskDefinition", "arn:aws:ecs:us-east-1:123456789012:task-definition/prod:7", {});
  one.add("alarm", "prod-errors", {});
  one.add("role", "/bgtest/prod/role-1", {});
  one.add("logGroup", "/ecs/bgtest-of-somebody", {});
  one.add("securityGroup", "sg-prod", { Name: "prod" });
  one.add("certificate", "arn:aws:acm:…:certificate/prod", {}, "example.com");
  return one;
}

describe("a run on an account", () => {
  it("makes every experiment, keeps what it saw, and leaves nothing of all the kinds that it made", async () => {
    const one = withStrangers(account());
    const before = [...one.standing.keys()];
    const run = machine(one.process());
    const exitCode = await go(GO, run);
    expect(Object.keys(run.kept[0]?.seen ?? {}).toSorted()).toEqual([
      "alarms",
      "certificates",
      "group",
      "internal",
      "release",
      "rights",
      "route",
      "shift",
      "traffic",
      "zones",
    ]);
    expect(run.kept[0]?.troubles).toEqual([]);
    expect([...one.standing.keys()]).toEqual(before);
    for (const kind of KINDS) expect(one.made).toContain(kind);
    // Everybody is always answered by version 1 here, so some beliefs fail.
    expect(exitCode).toBe(10);
  });

  it("tags everything at its creation with the run", async () => {
    const one = account();
    const tagged: unknown[] = [];
    const add = one.add.bind(one);
    one.add = (kind, id, tags, within) => {
      add(kind, id, tags, within);
      tagged.push(one.standing.get(id)?.tags[RUN_TAG]);
      return id;
    };
    await go(GO, machine(one.process()));
    expect(new Set(tagged)).toEqual(new Set(["t2611291405nn"]));
  });

  it("is over within its time, and begins the teardown in time when that runs out", async () => {
    const one = account();
    const startMs = one.clock.now();
    const run = machine(one.process());
    // Nobody ever answers with version 1, so the base never becomes ready.
    const slow = { ...run, users: { ...run.users, ask: async () => undefined } };
    await go(GO, slow);
    expect(one.clock.now() - startMs).toBeLessThan(60 * 60_000);
    expect(run.kept[0]?.troubles.join("\n")).toContain("base: the tasks are not healthy");
    expect([...one.standing.keys()]).toEqual([]);
  });

  it("refuses another account before it makes anything", async () => {
    const one = account();
    await expect(go({ ...GO, account: "999999999999" }, machine(one.process()))).rejects.toMatchObject({
      code: "BG325",
      message: expect.stringContaining("They are of 123456789012 (arn:aws:iam::123456789012:user/somebody)"),
    });
    expect(one.made).toEqual([]);
  });

  it("refuses a region with left-overs, by their names, until they are removed", async () => {
    const one = account();
    one.add("cluster", "arn:aws:ecs:us-east-1:123456789012:cluster/bgtest-t2611281200xy", {});
    const refused = go(GO, machine(one.process()));
    await expect(refused).rejects.toMatchObject({
      code: "BG326",
      message: expect.stringContaining("cluster/bgtest-t2611281200xy (run t2611281200xy)"),
      fix: expect.stringContaining("npm run test:aws -- --teardown"),
    });
    expect(await takeDownLater(TEARDOWN, machine(one.process()))).toBe(0);
    expect([...one.standing.keys()]).toEqual([]);
  });

  it("refuses when it could not list what it would have to remove", async () => {
    const one = account();
    const { clients, clock } = one.process();
    const query = async () => {
      throw new Error("UnauthorizedOperation");
    };
    const blind = { clients: { ...clients, raw: { ...clients.raw, query } }, clock };
    await expect(go(GO, machine(blind))).rejects.toMatchObject({
      code: "BG326",
      message: expect.stringContaining("role: cannot be listed: UnauthorizedOperation"),
    });
    expect(one.made).toEqual([]);
  });

  it.each([
    [{ usd: 0.01, minutes: 60 }, "0.01 USD are allowed"],
    [{ usd: 5, minutes: 20 }, "20 are allowed"],
  ])("refuses a budget or a time that does not suffice: %o", async (limits, words) => {
    const one = account();
    await expect(go({ ...GO, limits }, machine(one.process()))).rejects.toMatchObject({
      code: "BG327",
      message: expect.stringContaining(words),
    });
    expect(one.calls).toBe(0);
  });

  it("gives the product's stack a configuration that the program takes, with the run's tag and path", async () => {
    const one = account();
    const run = machine(one.process());
    // Plain Node by digest, so that no registry is asked, and the containers get a command.
    const node = (digit: string) => `public.ecr.aws/docker/library/node@sha256:${digit.repeat(64)}`;
    await go({ ...GO, images: { one: node("1"), two: node("2") } }, run);
    const [config = {}] = run.configured;
    const asPulumiHasIt = Object.entries(config).flatMap(([key, value]) =>
      key.startsWith("aws:") ? [] : [[key, JSON.stringify(value)] as const],
    );
    expect(parseConfig(Object.fromEntries(asPulumiHasIt))).toMatchObject({
      ok: true,
      config: {
        slots: { blue: { image: node("1"), minTasks: 1 } },
        service: { command: ["node", "-e", expect.stringContaining("modelVersion"), "1"] },
        iam: { rolePath: "/bgtest/bgtest-t2611291405nn/" },
      },
    });
    expect(config["aws:defaultTags"]).toEqual({ tags: { [RUN_TAG]: "t2611291405nn" } });
    expect(run.commands.map(({ program, args }) => `${program} ${args[0]}`)).toEqual([
      "pulumi stack",
      "pulumi up",
      "pulumi stack",
      "pulumi preview",
      "bluegreen deploy",
      "bluegreen rollout",
      "bluegreen revert",
      "pulumi destroy",
    ]);
    const deploy = run.commands.find(({ args }) => args[0] === "deploy")?.args ?? [];
    expect(JSON.parse(deploy[deploy.indexOf("--command") + 1] ?? "")).toEqual([
      "node",
      "-e",
      expect.stringContaining("modelVersion"),
      "2",
    ]);
  });

  it("says what a command of the release said that failed, and takes the stack down all the same", async () => {
    const one = account();
    const run = machine(one.process(), "bluegreen rollout");
    expect(await go(GO, run)).toBe(10);
    expect(run.kept[0]?.seen.release?.commands.at(-1)).toEqual({
      command: "bluegreen rollout --skip-tests",
      exitCode: 10,
      said: "it did not",
    });
    expect([...one.standing.keys()]).toEqual([]);
  });
});

describe("the teardown", () => {
  it("removes one run alone when it is named", async () => {
    const one = account();
    const [first, second] = ["t2611281200xy", "t2611291200xy"].map((run) =>
      one.add("cluster", `arn:aws:ecs:us-east-1:123456789012:cluster/bgtest-${run}`, {}),
    );
    await takeDownLater({ ...TEARDOWN, run: "t2611291200xy" }, machine(one.process()));
    expect([...one.standing.keys()]).toEqual([first]);
    expect(second).not.toBe(first);
  });

  it("says what will not go, and asks a person", async () => {
    const one = account();
    one.add("securityGroup", "sg-1", { [RUN_TAG]: "t2611291200xy" });
    one.add("loadBalancer", "arn:aws:elasticloadbalancing:…/of-somebody", {});
    await expect(takeDownLater(TEARDOWN, machine(one.process()))).rejects.toMatchObject({
      code: "BG328",
      exitCode: 10,
      message: expect.stringMatching(/securityGroup sg-1 \(run t2611291200xy\); .*DependencyViolation/),
    });
  });

  it("refuses credentials of another account", async () => {
    const one = account();
    const other = { ...TEARDOWN, account: "999999999999" };
    await expect(takeDownLater(other, machine(one.process()))).rejects.toMatchObject({ code: "BG325" });
  });
});
