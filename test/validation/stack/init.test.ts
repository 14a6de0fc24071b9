import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { askRest } from "../../../cli/actions/init.ts";
import { serviceOf } from "../../../contract/config/model-service.ts";
import { parseConfig } from "../../../contract/config/parse.ts";
import { checkoutConfig } from "../../../validation/adapters/pulumi/checkout-config.ts";
import { newStackFiles } from "../../../validation/adapters/pulumi/new-stack-file.ts";
import { initStack } from "../../../validation/stack/init.ts";
import { PROJECT } from "../../support/project.ts";

const IMAGE = `000000000000.dkr.ecr.us-east-1.amazonaws.com/digits@sha256:${"0".repeat(64)}`;
const SAID = {
  "aws:region": "us-east-1",
  "blue.image": IMAGE,
  "service.allowedCidrs": ["0.0.0.0/0"],
  "service.testCidrs": ["192.0.2.10/32"],
};

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "init-"));
});
const init = (answers: Readonly<Record<string, unknown>>, stack = "prod") =>
  initStack(stack, answers, newStackFiles(directory));

describe("init", () => {
  test("writes a file that the program takes, protected as a production is", async () => {
    const { file, next } = await init({ ...SAID, "service.port": "9000" });
    expect(file).toBe(join(directory, "Pulumi.prod.yaml"));
    const parsed = parseConfig((await checkoutConfig(file, PROJECT)) ?? {});
    expect(parsed).toMatchObject({
      ok: true,
      config: {
        rollout: { watchdog: true, protect: true },
        slots: { blue: { image: IMAGE, modelVersion: "1", minTasks: 2 } },
        service: { port: 9000, allowedCidrs: ["0.0.0.0/0"] },
      },
    });
    // As a person, and Pulumi's CLI, read it: numbers are numbers, and each field has its meaning.
    const text = await readFile(file, "utf8");
    expect(text).toContain("    # Least number of tasks; 0 scales the slot to zero.\n    minTasks: 2\n");
    expect(text).toContain("    port: 9000\n");
    const commands = next.map(({ command }) => command);
    expect(commands[0]).toMatch(/^pulumi stack init prod --secrets-provider "awskms:/);
    for (const command of commands.slice(1)) expect(command).toContain("--stack prod");
  });

  test("lets the first model live by any answer where nobody has said a health path, and all by one that is said", async () => {
    const configOf = async (answers: Readonly<Record<string, unknown>>, stack: string) => {
      const parsed = parseConfig((await checkoutConfig((await init(answers, stack)).file, PROJECT)) ?? {});
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      return serviceOf(parsed.config, "blue");
    };
    expect(await configOf(SAID, "one")).toMatchObject({ healthPath: "/", healthMatcher: "200-499" });
    const said = { ...SAID, "service.healthPath": "/ready" };
    expect(await configOf(said, "two")).toMatchObject({ healthPath: "/ready", healthMatcher: "200" });
  });

  test("never overwrites a file, whatever is in it, also one that comes to be meanwhile", async () => {
    const path = join(directory, "Pulumi.prod.yaml");
    await writeFile(path, "mine");
    await expect(init(SAID)).rejects.toMatchObject({ code: "BG301" });
    const late = { ...newStackFiles(directory), existing: async () => undefined };
    await expect(initStack("prod", SAID, late)).rejects.toMatchObject({ code: "BG301" });
    expect(await readFile(path, "utf8")).toBe("mine");
  });

  test("completes a file in which `pulumi stack init` alone has written, and keeps that", async () => {
    const path = join(directory, "Pulumi.prod.yaml");
    const pulumis = "secretsprovider: awskms://alias/key?region=us-east-1\nencryptedkey: AAAA\n";
    await writeFile(path, pulumis);
    const { next } = await init(SAID);
    const text = await readFile(path, "utf8");
    expect(text.startsWith(pulumis)).toBe(true);
    expect(parseConfig((await checkoutConfig(path, PROJECT)) ?? {})).toMatchObject({ ok: true });
    expect(next.map(({ command }) => command).join()).not.toContain("stack init");
    await expect(init(SAID)).rejects.toMatchObject({ code: "BG301" });
  });

  test.each(["secretsprovider: x\nconfig:\n  a: b\n", "encryptedkey: [\n", "mine: 1\n"])(
    "leaves a file alone that may have something of a person's: %j",
    async (text) => {
      await writeFile(join(directory, "Pulumi.prod.yaml"), text);
      await expect(init(SAID)).rejects.toMatchObject({ code: "BG301" });
    },
  );

  test("names everything that only its maker knows at once", async () => {
    await expect(init({})).rejects.toMatchObject({
      code: "BG300",
      message: expect.stringMatching(/--region[^]*--image[^]*--allow/),
    });
  });

  test.each([
    ["an image by tag", { "blue.image": "models/digits:latest" }, "blue.image"],
    ["test rules that plain HTTP would show", { "service.testCidrs": [] }, "--test-cidrs"],
    ["a key that there is not", { "rollout.bakeMinuts": 3 }, "rollout.bakeMinuts"],
    ["a key of the tools", { greenWeight: 10 }, "greenWeight"],
    ["a secret in clear", { testToken: "abc" }, "testToken"],
    ["no region", { "aws:region": "here" }, "--region"],
    ["what only the first update would refuse", { "service.drainSeconds": 10 }, "service.drainSeconds is 10"],
    ["a size that Fargate has not", { "service.cpu": 300 }, "cpu"],
  ])("refuses %s, and writes nothing", async (_, answers, words) => {
    await expect(init({ ...SAID, ...answers })).rejects.toMatchObject({
      code: "BG302",
      message: expect.stringContaining(words),
    });
    expect(await newStackFiles(directory).existing("prod")).toBeUndefined();
  });

  test.each(["local", "aws:prod", "../prod", "", "a b"])("takes no stack of the name %j", async (stack) => {
    await expect(init(SAID, stack)).rejects.toMatchObject({ code: "BG303" });
  });
});

describe("a person at a terminal", () => {
  const person = (lines: string[]) => {
    const [asked, told]: [string[], string[]] = [[], []];
    const ask = async (question: string) => {
      asked.push(question);
      return lines.shift();
    };
    return { asked, told, ask, tell: (line: string) => void told.push(line) };
  };

  test("is asked for what no flag says, and again until it is what the key takes", async () => {
    const { "service.testCidrs": _, ...said } = SAID;
    const typed = person(["", "70000", "8000", "", "", "10.0.0.0/8, 192.0.2.10/32", "", ""]);
    expect(await askRest(said, typed)).toEqual({
      ...said,
      "blue.modelVersion": "1",
      "service.port": "8000",
      "service.testCidrs": ["10.0.0.0/8", "192.0.2.10/32"],
    });
    expect(typed.told).toEqual(["It takes a whole number from 1 to 65535."]);
  });

  test("with a name for HTTPS is asked for zone or certificate, and not who may use the test rules", async () => {
    const typed = person(["m.example.com", "Z0123456789ABCDEFGHIJ", "", ""]);
    const answers = await askRest(
      {
        ...SAID,
        "service.port": 80,
        "service.healthPath": "/",
        "blue.modelVersion": "1",
        "service.testCidrs": undefined,
      },
      typed,
    );
    expect(answers).toMatchObject({ "service.hostName": "m.example.com" });
    expect(typed.asked.join()).toContain("Route 53");
    expect(typed.asked.join()).not.toContain("ARN of the name's certificate");
    expect(typed.asked.join()).not.toContain("test rules");
    await expect(init(answers)).resolves.toMatchObject({ file: expect.stringContaining("Pulumi.prod.yaml") });
  });

  test("who leaves half way has said only what was said", async () => {
    expect(await askRest({}, person(["eu-west-1"]))).toEqual({ "aws:region": "eu-west-1" });
  });
});
