import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { projectBench, type Workbench } from "./support/workbench.ts";

const PROJECT = `
name: shop
runtime: { name: nodejs, options: { typescript: false } }
main: index.ts
config:
  greenWeight: { type: integer, default: 0 }
  thresholds: { type: object, default: { maxErrorRate: 1 } }
  aws:region: { value: eu-west-1 }
`;

let bench: Workbench;

beforeEach(async () => {
  bench = await projectBench(PROJECT, "# who owns this\nconfig:\n  shop:blue: { image: a } # the model\n");
  await bench.pulumi("stack init dev");
});
afterEach(() => bench.dispose());

async function stackFile(): Promise<{ text: string; config: Record<string, unknown> }> {
  const text = await readFile(join(bench.directory, "Pulumi.dev.yaml"), "utf8");
  return { text, config: parse(text).config };
}

describe("the stack's file", () => {
  it.each([
    ["2026-11-25T18:21:09.110Z", "2026-11-25 18:21:09.11 +0000 UTC"],
    ["2026-11-25T18:21:10.000Z", "2026-11-25 18:21:10 +0000 UTC"],
    ["2026-11-25", "2026-11-25 00:00:00 +0000 UTC"],
    ['"2026-11-25T18:21:09.110Z"', "2026-11-25T18:21:09.110Z"],
    ["1.50", "1.5"],
  ])("is read as the CLI reads it: %s is %s", async (written, read) => {
    await writeFile(join(bench.directory, "Pulumi.dev.yaml"), `config:\n  shop:since: ${written}\n`);
    expect((await bench.pulumi("config get since")).stdout.trim()).toBe(read);
  });

  it("has the values that << merges, and keeps it when another key is set", async () => {
    const text =
      "config:\n  shop:blue: &model\n    image: a\n  shop:green:\n    <<: *model\n    minTasks: 1\n";
    await writeFile(join(bench.directory, "Pulumi.dev.yaml"), text);
    expect(JSON.parse((await bench.pulumi("config get green")).stdout)).toEqual({ image: "a", minTasks: 1 });
    await bench.pulumi("config set greenWeight 5");
    expect((await stackFile()).text).toContain(text);
  });

  it.each([
    [
      "set",
      "config:\n  shop:service: &s\n    cpu: 256\n  fraud:service: *s\n",
      "config set --path service.cpu 512",
    ],
    ["removed", "config:\n  shop:service: &s\n    cpu: 256\n  fraud:service: *s\n", "config rm service"],
  ])("is left as it is, and said so, where a value with an anchor is %s", async (_how, text, command) => {
    const path = join(bench.directory, "Pulumi.dev.yaml");
    await writeFile(path, text);
    const { code, stderr } = await bench.pulumi(command);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^error: .*Pulumi\.dev\.yaml cannot be written with this change, for an anchor/,
      ),
    });
    expect(await readFile(path, "utf8")).toBe(text);
  });

  it("keeps the spelling of a key that << brings, and takes it out", async () => {
    const path = join(bench.directory, "Pulumi.dev.yaml");
    await writeFile(path, "config:\n  shop:a: &m\n    weight: 5\n  <<: *m\n");
    expect((await bench.pulumi("config set weight 10")).code).toBe(0);
    expect((await bench.pulumi("config get weight")).stdout).toBe("10\n");
    expect((await bench.pulumi("config rm weight")).code).toBe(0);
    expect((await bench.pulumi("config get weight")).code).not.toBe(0);
    expect((await bench.pulumi("config get --path a.weight")).stdout).toBe("5\n");
  });

  it("may have no << beside its sections, and it is refused as it is written", async () => {
    await writeFile(join(bench.directory, "Pulumi.dev.yaml"), "config: &m\n  a: b\n<<: *m\n");
    expect((await bench.pulumi("config")).stderr).toContain('the key "<<" of ');
  });

  it("is refused by name where << has nothing to merge", async () => {
    await writeFile(join(bench.directory, "Pulumi.dev.yaml"), "config:\n  <<: 3\n");
    const { code, stderr } = await bench.pulumi("config");
    expect(code).toBe(1);
    expect(stderr).toContain("Pulumi.dev.yaml: Merge sources must be maps");
  });
});

describe("a secrets provider of the Pulumi CLI", () => {
  const KMS = "awskms://alias/fraud?region=eu-central-1";

  it("is refused by name in a stack's file, which half of it would be encrypted with", async () => {
    const text = `secretsprovider: ${KMS}\nencryptedkey: AAAA\nconfig: {}\n`;
    await writeFile(join(bench.directory, "Pulumi.dev.yaml"), text);
    for (const command of ["config", "config set --secret token abc", "preview"]) {
      const { code, stderr } = await bench.pulumi(command);
      expect(code).toBe(1);
      expect(stderr).toContain(
        `secretsprovider is ${KMS}, and the embedded engine encrypts with the key of its own`,
      );
      expect(stderr).toContain("state directory alone: use the Pulumi CLI, or name no secrets provider");
    }
    expect((await stackFile()).text).toBe(text);
  });

  it("is refused for a new stack, and a passphrase is not needed", async () => {
    const refused = await bench.pulumi(`stack init prod --secrets-provider ${KMS}`);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain(`--secrets-provider is ${KMS}`);
    expect((await bench.pulumi("stack ls")).stdout).not.toContain("prod");
    expect((await bench.pulumi("stack init prod --secrets-provider passphrase")).code).toBe(0);
  });
});

describe("pulumi config set", () => {
  it("stores a text under the project's namespace and leaves comments and other keys", async () => {
    await bench.pulumi("config set greenWeight 25");
    const { text, config } = await stackFile();
    expect(config).toEqual({ "shop:blue": { image: "a" }, "shop:greenWeight": "25" });
    expect(text).toContain("# who owns this");
    expect(text).toContain("# the model");
  });

  it.each([
    ["7", 7],
    ["-3", -3],
    ["0", 0],
    ["true", true],
    ["0.05", "0.05"],
    ["007", "007"],
    ["text", "text"],
  ])("with --path inside an object, %s becomes %j", async (typed, stored) => {
    await bench.pulumi(
      "config set --path green.settings.value --stack dev --plaintext --non-interactive --",
      typed,
    );
    expect((await stackFile()).config["shop:green"]).toEqual({ settings: { value: stored } });
  });

  it("with --path to a whole key still stores a text", async () => {
    await bench.pulumi("config set --path greenWeight 25");
    expect((await stackFile()).config["shop:greenWeight"]).toBe("25");
  });

  it("grows a list by one and refuses a gap", async () => {
    await bench.pulumi("config set --path list[0] a");
    await bench.pulumi("config set --path list[1].b 2");
    const gap = await bench.pulumi("config set --path list[5] x");
    expect((await stackFile()).config["shop:list"]).toEqual(["a", { b: 2 }]);
    expect(gap).toMatchObject({ code: 1, stderr: expect.stringContaining("array index 5 out of range") });
  });

  it("encrypts a secret, which only --show-secrets and get reveal", async () => {
    await bench.pulumi("config set token --secret", "open sesame");
    const { text, config } = await stackFile();
    expect(config["shop:token"]).toEqual({ secure: expect.stringMatching(/^v1:/) });
    expect(text).not.toContain("sesame");
    expect((await bench.pulumi("config --json")).stdout).not.toContain("sesame");
    expect(JSON.parse((await bench.pulumi("config --json --show-secrets")).stdout)["shop:token"]).toEqual({
      value: "open sesame",
      secret: true,
    });
    expect((await bench.pulumi("config get token")).stdout).toBe("open sesame\n");
  });

  it("set-all sets everything in one command", async () => {
    await bench.pulumi(
      "config set-all --plaintext activeSlot=green --plaintext greenWeight=0 --secret t=a=b",
    );
    expect((await stackFile()).config).toMatchObject({ "shop:activeSlot": "green", "shop:greenWeight": "0" });
    expect((await bench.pulumi("config get t")).stdout).toBe("a=b\n");
  });

  it("writes to --config-file instead, when it is named", async () => {
    const other = join(bench.directory, "other.yaml");
    await bench.pulumi(`config set greenWeight 5 --config-file ${other}`);
    expect(parse(await readFile(other, "utf8"))).toEqual({ config: { "shop:greenWeight": "5" } });
    expect((await stackFile()).config).not.toHaveProperty("shop:greenWeight");
  });
});

describe("pulumi config, get and rm", () => {
  it("show the stack's values over the project's defaults", async () => {
    await bench.pulumi("config set --path thresholds.maxErrorRate 2");
    expect(JSON.parse((await bench.pulumi("config --json")).stdout)).toEqual({
      "aws:region": { value: "eu-west-1", secret: false },
      "shop:blue": { value: '{"image":"a"}', objectValue: { image: "a" }, secret: false },
      "shop:greenWeight": { value: "0", secret: false },
      "shop:thresholds": { value: '{"maxErrorRate":2}', objectValue: { maxErrorRate: 2 }, secret: false },
    });
    expect((await bench.pulumi("config get --path blue.image")).stdout).toBe("a\n");
  });

  it("rm takes a key or a place away, and get names what is not there", async () => {
    await bench.pulumi("config set --path blue.minTasks 2");
    await bench.pulumi("config rm --path blue.image");
    expect((await stackFile()).config["shop:blue"]).toEqual({ minTasks: 2 });
    await bench.pulumi("config rm blue");
    expect((await stackFile()).config).toEqual({});
    expect((await bench.pulumi("config get blue")).stderr).toBe(
      "error: configuration key 'blue' not found for stack 'dev'\n",
    );
  });

  it("refuse a stack file with a key that the engine does not honour", async () => {
    await writeFile(join(bench.directory, "Pulumi.dev.yaml"), "environment: [prod]\n");
    expect((await bench.pulumi("config")).stderr).toContain('does not support the key "environment"');
  });
});

describe("what a declared key refuses before the program runs", () => {
  const declaring = (declaration: string) => PROJECT.replace("config:\n", `config:\n  ${declaration}\n`);

  it.each([
    ["a: { type: integer }", "config: {}", "Stack 'dev' is missing configuration value 'a'"],
    [
      "a: { type: integer }\n  b: {}",
      "config: {}",
      "Stack 'dev' is missing configuration values 'a' and 'b'",
    ],
    ["a: { type: integer }", "config: { shop:a: 2.5 }", "configuration key 'a' must be of type 'integer'"],
    ["a: { type: boolean }", "config: { shop:a: yep }", "configuration key 'a' must be of type 'boolean'"],
    ["a: { type: object }", "config: { a: '{}' }", "configuration key 'a' must be of type 'object'"],
    [
      "a: { type: array, items: { type: integer } }",
      "config: { a: [1, x] }",
      "must be of type 'array<integer>'",
    ],
    [
      "a: { type: string, secret: true }",
      "config: { a: x }",
      "configuration key 'a' must be encrypted as it's secret",
    ],
    ["a: { type: integer, default: x }", "config: {}", "is not of the expected type 'integer'"],
    ["a: { type: number }", "config: {}", "unknown type 'number'"],
  ])("%s with %s", async (declaration, stackYaml, message) => {
    await writeFile(join(bench.directory, "Pulumi.yaml"), declaring(declaration));
    await writeFile(join(bench.directory, "Pulumi.dev.yaml"), stackYaml);
    const { code, stderr } = await bench.pulumi("preview");
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });
});
