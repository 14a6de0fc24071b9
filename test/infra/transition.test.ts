import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test, vi } from "vitest";
import { isRecord } from "../../contract/config/field.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { previousOf } from "../../contract/transition/previous.ts";
import { readPrevious } from "../../contract/transition/read-previous.ts";
import {
  changesBetween,
  find,
  NEVER_DEPLOYED,
  rawConfig,
  runProgram,
  type WrittenConfig,
} from "../support/pulumi-mocks.ts";
import { BY_VERB } from "../../contract/transition/writer.ts";
import { EMPTY, IMAGE, ONE_SLOT, OTHER_IMAGE, TWO_SLOTS, TYPE } from "./configs.ts";

/** What an update is refused with that finds these outputs; undefined: it is not. */
async function refusal(config: WrittenConfig, last: unknown): Promise<unknown> {
  return runProgram(config, "dev", last).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const messageOf = async (config: WrittenConfig, last: unknown): Promise<string> => {
  const error = await refusal(config, last);
  expect(error).toBeInstanceOf(pulumi.RunError);
  return error instanceof Error ? error.message : "";
};

describe("A generation that is higher than the deployed one", () => {
  const before = { ...TWO_SLOTS, generation: 12 };
  const edited = { ...before, network: { cidr: "10.1.0.0/16" } };

  test("switches no rule off in a person's update: it may be another stack's, or one whose write failed", async () => {
    const { outputs } = await runProgram(before);
    const refused = await messageOf({ ...edited, generation: 40 }, outputs);
    expect(refused).toContain("network.cidr is 10.1.0.0/16");
    expect(refused).toBe(await messageOf(edited, outputs));
  });

  test("is a verb's own where it says so, and nothing may stand in the way of its revert", async () => {
    const { outputs } = await runProgram(before);
    vi.stubEnv(BY_VERB, "1");
    expect(await refusal({ ...edited, generation: 13 }, outputs)).toBeUndefined();
  });
});

describe("The program warns", () => {
  test("of labels that count only when the candidate has all users", async () => {
    const warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    const signals = [{ name: "wrong", source: { from: "labels", labelAfterMinutes: 60 } }];
    const labels = { bucket: "labels" };
    const steps = [10, { percent: 50, bakeMinutes: 40 }, 100];
    const saidWith = async (bakeMinutes: number) => {
      warned.mockClear();
      await runProgram({ ...ONE_SLOT, signals, labels, rollout: { steps, bakeMinutes } });
      return warned.mock.calls.map(([message]) => message);
    };
    expect(await saidWith(20)).toEqual([
      expect.stringMatching(
        /^wrong counts a label 60 minutes after its answer, .* all users 60 minutes after/,
      ),
    ]);
    expect(await saidWith(21)).toEqual([]);
    warned.mockRestore();
  });

  const release = { id: "v2-g3", slot: "green", state: "deployed" };
  test.each([
    [
      "shifts users to a candidate that nobody tested",
      { greenWeight: 50 },
      "green gets 50 % of the users manually",
    ],
    ["switches everyone to it", { activeSlot: "green" }, "green gets 100 % of the users manually"],
  ])("of an update manually that %s", async (_what, change, words) => {
    const warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    const before = await runProgram({ ...TWO_SLOTS, release });
    await runProgram({ ...TWO_SLOTS, release, ...change }, "dev", before.outputs);
    const said = warned.mock.calls.map(([message]) => message);
    warned.mockRestore();
    expect(said).toEqual([expect.stringContaining(`${words}, although it was not tested.`)]);
  });

  test("of nothing when a rollout shifts them", async () => {
    const warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    const before = await runProgram({ ...TWO_SLOTS, release });
    const running = { ...release, state: "running", weight: 10 };
    await runProgram({ ...TWO_SLOTS, release: running, greenWeight: 10 }, "dev", before.outputs);
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

describe("The program remembers", () => {
  test.each([
    ["an empty stack", EMPTY],
    ["one slot", ONE_SLOT],
    ["two slots, a share and a generation", { ...TWO_SLOTS, greenWeight: 25, generation: 7 }],
    [
      "a slot with settings of its own",
      {
        ...ONE_SLOT,
        green: {
          image: OTHER_IMAGE,
          minTasks: 3,
          overrides: { cpu: 2048, memory: 4096, environment: { A: "1" } },
        },
        activeSlot: "green",
        service: { environment: { B: "2" }, port: 9000, architecture: "ARM64" },
      },
    ],
  ])("%s in its outputs, as the contract says", async (_title, config) => {
    const { outputs } = await runProgram(config);
    const parsed = parseConfig(rawConfig(config));
    expect(isRecord(outputs) && readPrevious(outputs)).toEqual(parsed.ok && previousOf(parsed.config));
  });

  test("nothing on the first run, and then what the run before has left", async () => {
    const first = await runProgram(ONE_SLOT, "dev", NEVER_DEPLOYED);
    const second = await runProgram(TWO_SLOTS, "dev", first.outputs);
    const third = await runProgram({ ...TWO_SLOTS, greenWeight: 10 }, "dev", second.outputs);
    expect(changesBetween(second, third)).toEqual({ [`${TYPE.rule}::route`]: ["actions"] });
  });

  test("no value of the environment or of a secret", async () => {
    const { outputs } = await runProgram({
      ...ONE_SLOT,
      service: {
        environment: { KEY: "not-for-the-outputs" },
        secrets: { TOKEN: "arn:aws:ssm:us-east-1:123456789012:parameter/not-for-the-outputs" },
      },
    });
    expect(JSON.stringify(outputs)).not.toContain("not-for-the-outputs");
  });

  test("every part of the configuration that a slot is made of, whether it makes a task definition or not", async () => {
    const slot = { image: IMAGE, modelVersion: "7" };
    const edits: readonly WrittenConfig[] = [
      { blue: { ...slot, image: OTHER_IMAGE } },
      { blue: { ...slot, overrides: { cpu: 1024, memory: 2048 } } },
      { blue: { ...slot, overrides: { environment: { A: "1" } } } },
      { service: { cpu: 1024, memory: 2048 } },
      { service: { memory: 2048 } },
      { service: { port: 9000 } },
      { service: { architecture: "ARM64" } },
      { service: { environment: { A: "1" } } },
      { service: { secrets: { A: "arn:aws:ssm:us-east-1:123456789012:parameter/a" } } },
      { blue: { ...slot, modelVersion: "8", minTasks: 2, maxTasks: 9 } },
      { service: { command: ["serve"] } },
      { service: { logDays: 7, allowInPlace: true, stickinessSeconds: 60 } },
      { thresholds: { slowSeconds: 2 }, rollout: { steps: [100] }, generation: 3 },
    ];
    const inPlace: readonly WrittenConfig[] = [
      { service: { healthPath: "/ready" } },
      { service: { healthMatcher: "204" } },
      { service: { healthTimeoutSeconds: 9 } },
      { service: { drainSeconds: 90 } },
      { service: { cpuTarget: 0 } },
      { service: { taskPolicyArns: ["arn:aws:iam::aws:policy/P"] } },
    ];
    // What ECS makes a new revision of; awsx makes one container definition of `container`.
    const revision = ["container", "cpu", "memory", "runtimePlatform", "family"];
    const before = await runProgram(ONE_SLOT);
    for (const edit of [...edits, ...inPlace]) {
      const after = await runProgram({ ...ONE_SLOT, ...edit });
      const [a, b] = [before, after].map((run) => {
        const { inputs } = find(run, `${TYPE.taskDefinition}::blue`);
        return JSON.stringify(revision.map((name) => inputs[name]));
      });
      const [c, d] = [before, after].map(({ outputs }) =>
        JSON.stringify(isRecord(outputs) && readPrevious(outputs)?.slots.blue?.definition),
      );
      const remembered = a !== b || inPlace.includes(edit);
      expect({ edit, remembered: c !== d }).toEqual({ edit, remembered });
    }
  });
});

describe("An update that would hurt users", () => {
  const withGreen = { ...TWO_SLOTS, greenWeight: 10 };

  test("ends before any resource, without a stack trace, with what fixes it", async () => {
    const { outputs } = await runProgram(ONE_SLOT);
    expect(await messageOf(withGreen, outputs)).toBe(
      [
        "1 problem in the stack configuration:",
        "  - greenWeight is 10; allowed: 0 until an update has started green: so far it is empty. Fix it: pulumi config set greenWeight 0 && pulumi up",
      ].join("\n"),
    );
  });

  test("is told together with what is wrong with the configuration alone", async () => {
    const { outputs } = await runProgram({ ...TWO_SLOTS, generation: 2 });
    const config = {
      ...TWO_SLOTS,
      blue: { image: OTHER_IMAGE },
      service: { port: 0, cpu: 1024, memory: 2048 },
      generation: 2,
    };
    const keys = (await messageOf(config, outputs)).split("\n").map((line) => line.split(" ")[3]);
    expect(keys.slice(1)).toEqual(["service.port", "blue.image", "service.cpu", "service.memory"]);
  });

  test("is measured against its own stack, and no other", async () => {
    const { outputs } = await runProgram({ ...TWO_SLOTS, generation: 4 }, "prod");
    const stale = { ...TWO_SLOTS, generation: 3 };
    await expect(runProgram(stale, "prod", outputs)).rejects.toThrow("npx bluegreen sync");
    const untouched = await runProgram({ ...stale, generation: 4 }, "prod", outputs);
    expect(changesBetween(untouched, await runProgram({ ...stale, generation: 4 }, "prod"))).toEqual({});
  });

  test("is told by the image alone when an earlier version of the program has deployed", async () => {
    const { outputs } = await runProgram(ONE_SLOT);
    const earlier = JSON.parse(
      JSON.stringify(outputs, (key, value) => (key === "definition" ? undefined : value)),
    );
    expect(await refusal({ ...ONE_SLOT, service: { cpu: 1024, memory: 2048 } }, earlier)).toBeUndefined();
    expect(await messageOf({ blue: { image: OTHER_IMAGE } }, earlier)).toContain("blue.image is");
  });
});

describe("Outputs that are not this program's", () => {
  const slots = { blue: { running: null }, green: {} };
  const whole = { activeSlot: "blue", split: { blue: 100, green: 0 }, generation: 0, slots };

  test("of a whole stack are read", async () => {
    expect(await refusal(EMPTY, whole)).toBeUndefined();
  });

  test.each([
    ["another active slot", { ...whole, activeSlot: "red" }],
    ["no split", { ...whole, split: undefined }],
    ["half a split", { ...whole, split: { blue: 100 } }],
    ["no generation", { ...whole, generation: "new" }],
    ["no slots", { ...whole, slots: undefined }],
    ["one slot", { ...whole, slots: { blue: {} } }],
    ["a slot without an image", { ...whole, slots: { ...slots, blue: { running: { minTasks: 1 } } } }],
  ])("stop the update instead of being taken for a first run: %s", async (_title, last) => {
    expect(await messageOf(EMPTY, last)).toContain("run it with the version that deployed the stack");
  });
});

describe("The program looks at the route", () => {
  test("and refuses to put users back whom the watchdog took, in preview and update alike", async () => {
    const shifted = { ...TWO_SLOTS, greenWeight: 25 };
    const { outputs } = await runProgram(shifted);
    await expect(runProgram(shifted, "dev", outputs, { blue: 100, green: 0 })).rejects.toThrow(
      "greenWeight is 25; allowed: 0: everyone was rolled back to blue",
    );
    const follows = await runProgram(TWO_SLOTS, "dev", outputs, { blue: 100, green: 0 });
    expect(follows.calls).toContain("aws:lb/getListenerRule:getListenerRule");
  });

  test("and shifts nothing again while it cannot be read", async () => {
    const shifted = { ...TWO_SLOTS, greenWeight: 25 };
    const { outputs } = await runProgram(shifted);
    await expect(runProgram(shifted, "dev", outputs, "unreadable")).rejects.toThrow(
      "the route cannot be read",
    );
  });
});

describe("The region of the provider", () => {
  const inRegion = async (region: string, config: WrittenConfig) => {
    const { outputs } = await runProgram(config);
    return messageOrNone(config, { ...Object(outputs), region });
  };
  const messageOrNone = async (config: WrittenConfig, last: unknown) => {
    const error = await refusal(config, last);
    return error instanceof Error ? error.message : undefined;
  };

  test("may not be another while the stack has users", async () => {
    expect(await inRegion("eu-west-1", TWO_SLOTS)).toContain(
      "aws:region is us-east-1; allowed: eu-west-1 as deployed while the stack has users: for another region make a " +
        "second stack. Fix it: pulumi config set aws:region eu-west-1",
    );
  });

  test.each([
    ["the deployed one", "us-east-1", TWO_SLOTS],
    ["another one, of a stack without users", "eu-west-1", EMPTY],
  ])("may be %s", async (_title, region, config) => {
    expect(await inRegion(region, config)).toBeUndefined();
  });
});
