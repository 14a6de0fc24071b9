import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cliCommand } from "../../../../packages/pulumi-engine/automation.ts";
import { runCli } from "../../../../cli/pulumi-cli.ts";
import { stackReader } from "../../../../validation/adapters/pulumi/stack-reader.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "bluegreen-reader-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Reads the stack `prod` by a `pulumi` that is this shell script. */
async function readerOf(script: string) {
  const path = join(folder, "pulumi");
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  const cli = { path, version: "v3.259.0" };
  const command = cliCommand({ runPulumi: (args, options) => runCli(cli, args, options) }, cli);
  return stackReader(command, { directory: folder, stack: "prod" });
}

const fails = (said: string, code: number) => readerOf(`cat >&2 <<'END'\n${said}\nEND\nexit ${code}`);
const PAGE = { size: 10, page: 1, showSecrets: true };

// Each as Pulumi's CLI 3.259 said it.
describe("a stack that Pulumi cannot read", () => {
  it.each([
    [
      "without a login",
      "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      3,
    ],
    [
      "whose folder of states is gone",
      'error: unable to open state directory "file:///state": stat /state: no such file or directory',
      1,
    ],
    [
      "whose server does not answer",
      'error: performing HTTP request: Get "https://127.0.0.1:9/api/user": dial tcp 127.0.0.1:9: connect: connection refused',
      1,
    ],
  ])("%s is said in Pulumi's own words, with what to do, whatever was asked", async (_, said, code) => {
    const reader = await fails(said, code);
    const refused = { code: "BG316", fix: expect.stringContaining("PULUMI_BACKEND_URL") };
    for (const ask of [() => reader.history(PAGE), () => reader.outputs(), () => reader.config()]) {
      await expect(ask()).rejects.toMatchObject(refused);
      await expect(ask()).rejects.toThrow(
        new RegExp(`It says: ${said.replaceAll(/[[\](){}.*+?^$|\\/]/g, "\\$&")}$`),
      );
    }
  });

  it.each([
    "error: decrypting secrets: operation error KMS: Decrypt, https response error StatusCode: 400, RequestID: 1, api error ThrottlingException: Rate exceeded",
    "error: decrypting secrets: operation error KMS: Decrypt, https response error StatusCode: 500, KMSInternalException: x",
    'error: decrypting secrets: operation error KMS: Decrypt, https response error StatusCode: 0, RequestID: , request send failed, Post "https://kms": dial tcp: i/o timeout',
  ])("because KMS is busy, ill or away is out of reach, and not closed: %s", async (said) => {
    const reader = await fails(said, 255);
    await expect(reader.history(PAGE)).rejects.toMatchObject({ code: "BG316" });
  });

  it("because there is none is told as such", async () => {
    const reader = await fails("error: no stack named 'prod' found", 6);
    await expect(reader.history(PAGE)).rejects.toMatchObject({ code: "BG101" });
    await expect(reader.outputs()).rejects.toMatchObject({ code: "BG101" });
  });

  it.each([
    "error: decrypting secrets: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    "error: decrypting secrets: incorrect passphrase",
  ])("because it is closed says what opens it: %s", async (said) => {
    const reader = await fails(said, 1);
    for (const ask of [() => reader.history(PAGE), () => reader.outputs(), () => reader.config()])
      await expect(ask()).rejects.toMatchObject({ code: "BG290" });
  });
});

describe("a stack whose file is not in the checkout", () => {
  it("is opened with the key of its state: Pulumi would make up a new one, and write it into a new file", async () => {
    const reader = await readerOf(
      `echo "$PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER" > ${folder}/asked; echo '[]'`,
    );
    await reader.history(PAGE);
    expect((await readFile(join(folder, "asked"), "utf8")).trim()).toBe("true");
  });
});
