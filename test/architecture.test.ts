import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "");

/** What a folder may import besides itself and Node's own modules; the first prefix that fits counts. */
const MAY_IMPORT: readonly { readonly folder: string; readonly allowed: readonly string[] }[] = [
  { folder: "contract/", allowed: [] },
  {
    folder: "infra/",
    allowed: [
      "contract/",
      "@pulumi/",
      "@aws-sdk/client-ecs",
      "@aws-sdk/client-elastic-load-balancing-v2",
      "@aws-sdk/client-sts",
    ],
  },
  // What Lambda's runtime has: nothing of ours is bundled.
  { folder: "watchdog/", allowed: ["contract/", "@aws-sdk/"] },
  { folder: "bootstrap/", allowed: ["contract/", "@pulumi/"] },
  { folder: "validation/core/", allowed: ["contract/"] },
  { folder: "validation/gates/", allowed: ["contract/", "validation/core/"] },
  {
    folder: "validation/adapters/",
    allowed: ["contract/", "validation/", "@aws-sdk/", "@pulumi/pulumi/automation", "undici", "yaml"],
  },
  { folder: "validation/", allowed: ["contract/"] },
  // Type-only: the shapes of AWS's own API are the seam between the parts of the local cloud.
  {
    folder: "packages/local-cloud/",
    allowed: [
      "contract/",
      "@aws-sdk/",
      "@pulumi/pulumi",
      "@grpc/grpc-js",
      "google-protobuf",
      "@smithy/",
      "undici",
      "valibot",
      "yaml",
    ],
  },
  { folder: "policy/", allowed: ["contract/", "@pulumi/policy"] },
  { folder: "examples/", allowed: [] },
];
// Only the adapters of validation know an SDK, the network, files or the clock of the machine.
const NO_NODE_MODULES = ["validation/core/", "validation/gates/"];

function importsOf(file: string): readonly string[] {
  const source = readFileSync(join(root, file), "utf8");
  const found = source.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g,
  );
  return [...found]
    .map(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? "")
    .map((specifier) =>
      specifier.startsWith(".") ? relative(root, resolve(root, dirname(file), specifier)) : specifier,
    );
}

function violations(): readonly string[] {
  return files.flatMap((file) => {
    const rule = MAY_IMPORT.find(({ folder }) => file.startsWith(folder));
    if (rule === undefined) return [];
    return importsOf(file)
      .filter((specifier) => {
        if (specifier.startsWith("node:")) return NO_NODE_MODULES.some((folder) => file.startsWith(folder));
        return ![rule.folder, ...rule.allowed].some((prefix) => specifier.startsWith(prefix));
      })
      .map((specifier) => `${file} imports ${specifier}`);
  });
}

describe("the architecture", () => {
  it("keeps who may import whom", () => {
    expect(violations()).toEqual([]);
  });

  it("has nothing that imports the command line, or a test", () => {
    const outside = files.filter(
      (file) => !file.startsWith("cli/") && !file.startsWith("test/") && !file.startsWith("tools/"),
    );
    const wrong = outside.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => /^(cli|test)\//.test(specifier))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps every file at 300 lines or fewer", () => {
    const long = files
      .map((file) => ({ file, lines: readFileSync(join(root, file), "utf8").split("\n").length - 1 }))
      .filter(({ lines }) => lines > 300);
    expect(long).toEqual([]);
  });

  it("can tell a forbidden import when it sees one", () => {
    expect(importsOf("test/architecture.test.ts")).toContain("vitest");
    expect(importsOf("contract/config/stack-config.ts")).toContain("contract/checks/problems.ts");
  });
});
