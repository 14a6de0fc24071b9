import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

it("the README has the example as it stands in its files, and what it prints", async () => {
  const readme = read("README.md");
  for (const file of ["example/program/index.ts", "example/main.ts"])
    expect(readme).toContain(`\`\`\`ts\n${read(file)}\`\`\`\n`);
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=source", "example/main.ts"], {
    cwd: root,
  });
  expect(readme).toContain(
    `\`node --conditions=source example/main.ts\` prints:\n\n\`\`\`\n${stdout}\`\`\`\n`,
  );
});
