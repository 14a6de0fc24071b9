import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readStackFile } from "../../../validation/adapters/stack-file.ts";

test.each([
  ["is no YAML", "config: [unclosed\n", /Pulumi\.dev\.yaml: .* at line 2, column 1\.$/],
  ["is a list", "- config\n", /Pulumi\.dev\.yaml\.$/],
])("a stack file that %s is the person's to mend, and is named", async (_what, text, message) => {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-stack-file-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "Pulumi.dev.yaml");
  await writeFile(path, text);
  await expect(readStackFile(path)).rejects.toMatchObject({ code: "BG106", exitCode: 64 });
  await expect(readStackFile(path)).rejects.toThrow(message);
});
