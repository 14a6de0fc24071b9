import { access, constants, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { writeLocalProject } from "../../cli/local/project.ts";

const ROOT = join(import.meta.dirname, "../..");
const URL = "http://127.0.0.1:4777";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "local-project-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const write = (url = URL, root = ROOT) => writeLocalProject({ root, directory, url, region: "us-east-1" });
const stackFile = () => join(directory, "Pulumi.local.yaml");
const read = (file: string) => readFile(file, "utf8");
const wholeLocalCloud = async () => `${parse(await read(join(ROOT, "Pulumi.yaml"))).name}:localCloud`;

describe("the project of the local stack", () => {
  it("is the root's, but for the way to main", async () => {
    await write();
    const { main, backend, plugins, ...local } = parse(await read(join(directory, "Pulumi.yaml")));
    const { main: rootMain, ...root } = parse(await read(join(ROOT, "Pulumi.yaml")));
    expect(local).toEqual(root);
    expect(resolve(directory, main)).toBe(resolve(ROOT, rootMain));
    expect(backend.url).toBe(`file://${directory}/backend`);
    expect(plugins.providers.map(({ name }: { name: string }) => name)).toEqual([
      "aws",
      "awsx",
      "docker",
      "docker-build",
    ]);
  });

  it("names plugins for the CLI that are there, and may be started where they are", async () => {
    await write();
    const { plugins } = parse(await read(join(directory, "Pulumi.yaml")));
    for (const { path } of plugins.providers)
      expect((await stat(join(directory, path))).isDirectory()).toBe(true);
    for (const name of ["aws", "awsx"]) {
      const launcher = join(directory, "plugins", name, `pulumi-resource-${name}`);
      await expect(access(launcher, constants.X_OK)).resolves.toBeUndefined();
    }
  });

  it("names a real awsx provider in place of the one served here, until it is not asked for", async () => {
    const awsxProvider = join(directory, "real");
    const places = async (more: object) => {
      await writeLocalProject({ root: ROOT, directory, url: URL, region: "us-east-1", ...more });
      const { plugins } = parse(await read(join(directory, "Pulumi.yaml")));
      return plugins.providers.map(({ path }: { path: string }) => path);
    };
    await mkdir(awsxProvider);
    await writeFile(join(awsxProvider, "pulumi-resource-awsx"), "#!/bin/sh\n", { mode: 0o755 });
    const ours = ["plugins/aws", "plugins/awsx", "plugins/docker", "plugins/docker-build"];
    expect(await places({ awsxProvider })).toEqual(ours.with(1, awsxProvider));
    expect(await places({})).toEqual(ours);
  });

  it("is not written for a directory that holds no awsx provider", async () => {
    const awsxProvider = join(directory, "nothing");
    const written = writeLocalProject({ root: ROOT, directory, url: URL, region: "us-east-1", awsxProvider });
    await expect(written).rejects.toThrow(
      `there is no ${awsxProvider}/pulumi-resource-awsx that may be started`,
    );
  });

  it("says that it is generated, and follows the root at each start", async () => {
    await writeFile(join(directory, "Pulumi.yaml"), "name: edited manually\n");
    await write();
    const text = await read(join(directory, "Pulumi.yaml"));
    expect(text.split("\n")[0]).toMatch(/^# Generated .* changes here are lost/);
    expect(parse(text).name).toBe(parse(await read(join(ROOT, "Pulumi.yaml"))).name);
  });

  it.each([
    ["no Pulumi.yaml", undefined, "there is no Pulumi.yaml in "],
    ["one that is no YAML", 'name: "a\nmain: x\n', "Pulumi.yaml: "],
    ["one without a main", "name: a\n", "Pulumi.yaml has no main"],
  ])("is not written for a root with %s", async (_, text, message) => {
    const root = join(directory, "root");
    await mkdir(root);
    if (text !== undefined) await writeFile(join(root, "Pulumi.yaml"), text);
    await expect(write(URL, root)).rejects.toThrow(message);
    await expect(read(stackFile())).rejects.toThrow("ENOENT");
  });
});

describe("the local stack's file", () => {
  it("begins with a local settings, one key a line", async () => {
    await write();
    const text = await read(stackFile());
    const project: string = parse(await read(join(ROOT, "Pulumi.yaml"))).name;
    expect(parse(text).config).toMatchObject({
      "aws:region": "us-east-1",
      [`${project}:localCloud`]: URL,
      [`${project}:rollout`]: { protect: false },
    });
    expect(text).toMatch(/^config:\n( {2}\S.*\n| {4}\S.*\n)+$/m);
    expect(text).not.toContain("{");
  });

  it("keeps a person's edits, comments and order at the next start; only the address is ours", async () => {
    const project: string = parse(await read(join(ROOT, "Pulumi.yaml"))).name;
    const edited = (url: string) =>
      [
        "# ours, since March",
        "config:",
        `  ${project}:rollout:`,
        "    steps: [ 5, 100 ] # carefully",
        "    protect: true",
        "",
        `  ${project}:localCloud: ${url}`,
        "  # bigger than the default",
        `  ${project}:service:`,
        "    cpu: 1024",
        "  aws:region: us-east-1",
        `  ${project}:testToken:`,
        "    secure: v1:abc",
        "",
      ].join("\n");
    await writeFile(stackFile(), edited("http://127.0.0.1:4777"));
    await write("http://127.0.0.1:5000");
    expect(await read(stackFile())).toBe(edited("http://127.0.0.1:5000"));
  });

  it("of another stack on this cloud gets the new address where it has one, and nothing else", async () => {
    const [other, foreign] = [join(directory, "Pulumi.prod.yaml"), join(directory, "Pulumi.other.yaml")];
    await writeFile(other, `config:\n  localCloud: ${URL} # mine\n  aws:region: eu-west-1\n`);
    await writeFile(foreign, 'config: "no mapping');
    await write("http://127.0.0.1:4999");
    expect(await read(other)).toBe(
      "config:\n  localCloud: http://127.0.0.1:4999 # mine\n  aws:region: eu-west-1\n",
    );
    expect(await read(foreign)).toBe('config: "no mapping');
  });

  it("is not even laid out anew when the address is the same", async () => {
    await write();
    const text = (await read(stackFile())).replace("bakeMinutes: 2", "steps: [5,100]  # mine");
    await writeFile(stackFile(), text);
    await write();
    expect(await read(stackFile())).toBe(text);
  });

  it.each(["", "config:\n", "# nothing yet\n"])("may be as empty as %j", async (text) => {
    await writeFile(stackFile(), text);
    await write();
    expect(parse(await read(stackFile()))).toEqual({
      config: { "aws:region": "us-east-1", [await wholeLocalCloud()]: URL },
    });
  });

  it.each([
    ["cut off", 'config:\n  a: "b'],
    ["a list", "- a\n"],
    ["a list where the configuration belongs", "config:\n  - a\n"],
  ])("is left as it is, and named, when it is %s", async (_, text) => {
    await writeFile(stackFile(), text);
    await expect(write()).rejects.toThrow(`${stackFile()}: `);
    expect(await read(stackFile())).toBe(text);
  });
});
