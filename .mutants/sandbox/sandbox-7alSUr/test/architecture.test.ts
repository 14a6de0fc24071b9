import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
// Of a file that was moved and not yet added, git still lists the old place.
const everything = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));
const files = everything.filter((file) => file.endsWith(".ts"));
const linesOf = (file: string) => readFileSync(join(root, file), "utf8").split("\n").length - 1;

/** Folders with more files than somebody takes in at a glance. */
function crowded(paths: readonly string[]): readonly string[] {
  const counts = Map.groupBy(paths, dirname);
  return [...counts].filter(([, inside]) => inside.length > 25).map(([folder]) => folder);
}

/** Where a local cloud answers and what opens it: the one file of it that the product's program and adapters read. */
const LOCAL_ADDRESS = "packages/local-cloud/access/address.ts";

/** What a folder may import besides itself and Node's own modules; the first prefix that fits counts. */
const MAY_IMPORT: readonly { readonly folder: string; readonly allowed: readonly string[] }[] = [
  { folder: "contract/", allowed: ["valibot"] },
  {
    folder: "infra/",
    allowed: [
      "contract/",
      // The agent's program as the command of its container.
      "agent/bundle.ts",
      "agent/strip-types.ts",
      LOCAL_ADDRESS,
      "@pulumi/",
      "@aws-sdk/client-ecs",
      "@aws-sdk/client-elastic-load-balancing-v2",
      "@aws-sdk/client-sts",
    ],
  },
  // One file in a task: its own sources, and names that the contract has as data.
  { folder: "agent/", allowed: ["contract/signals/agent-counts.ts"] },
  // What Lambda's runtime has: nothing of ours is bundled.
  { folder: "watchdog/", allowed: ["contract/", "@aws-sdk/"] },
  { folder: "bootstrap/", allowed: ["contract/", "@pulumi/"] },
  { folder: "validation/core/", allowed: ["contract/"] },
  { folder: "validation/gates/", allowed: ["contract/", "validation/core/", "valibot"] },
  {
    folder: "validation/adapters/",
    allowed: [
      "contract/",
      "validation/",
      LOCAL_ADDRESS,
      "@aws-sdk/",
      "@pulumi/pulumi/automation",
      "undici",
      "valibot",
      "yaml",
    ],
  },
  {
    folder: "validation/suite/tasks/",
    allowed: ["contract/", "validation/", "@cfworker/json-schema"],
  },
  { folder: "validation/suite/", allowed: ["contract/", "validation/", "yaml"] },
  { folder: "validation/registries/", allowed: ["contract/", "validation/", "valibot", "yaml"] },
  { folder: "validation/", allowed: ["contract/", "valibot"] },
  // Written from docs/decision.md alone: what it shared with the core it could not check.
  { folder: "verify/", allowed: [] },
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

interface Manifest {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const PACKAGES = readdirSync(join(root, "packages"));
const isTestOfPackage = (file: string) => /^packages\/[^/]+\/(test\/|vitest\.config\.ts$)/.test(file);

/** What the files of a package import that its package.json does not name; packages of this repository go by path. */
function undeclared(folder: string): readonly string[] {
  const { name, dependencies, devDependencies }: Manifest = JSON.parse(
    readFileSync(join(root, "packages", folder, "package.json"), "utf8"),
  );
  const own = [`packages/${folder}/`, name];
  const needed = Object.keys(dependencies);
  return files
    .filter((file) => file.startsWith(`packages/${folder}/`))
    .flatMap((file) => {
      const inTest = isTestOfPackage(file);
      const packages = [...needed, ...(inTest ? Object.keys(devDependencies) : [])];
      // What of ours it needs its tarball carries inside, so it is named with what a build needs.
      const ours = PACKAGES.filter((one) => one in devDependencies).map((one) => `packages/${one}/`);
      return importsOf(file)
        .filter((specifier) => !specifier.startsWith("node:"))
        .filter((specifier) => {
          if (specifier.startsWith("packages/"))
            return (
              ![...own, ...ours].some((prefix) => specifier.startsWith(prefix)) ||
              (!inTest && isTestOfPackage(specifier))
            );
          return ![...own, ...packages].some((one) => specifier === one || specifier.startsWith(`${one}/`));
        })
        .map((specifier) => `${file} imports ${specifier}`);
    });
}

const PRODUCT = [
  "agent/",
  "contract/",
  "validation/",
  "infra/",
  "watchdog/",
  "bootstrap/",
  "cli/view/",
  "verify/",
];

const typesOf = (source: string) =>
  [...source.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name = ""]) => name);

const twice = (names: readonly string[]) =>
  [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].toSorted();

describe("the architecture", () => {
  it.each(PACKAGES)(
    "packages/%s imports what its package.json names, and nothing of the product",
    (folder) => {
      expect(undeclared(folder)).toEqual([]);
    },
  );

  it("the packages name no command, error code or word of the product", () => {
    const code = files.filter((file) => file.startsWith("packages/") && !isTestOfPackage(file));
    const words = /\bbluegreen\b|\bBG\d{3}\b|\brollout\b(?!State)|\bcandidate\b/i;
    expect(code.filter((file) => words.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
  });

  it("keeps who may import whom", () => {
    expect(violations()).toEqual([]);
  });

  it("has nothing that imports the command line, or a test", () => {
    const outside = files.filter(
      (file) =>
        !["cli/", "test/", "tools/"].some((folder) => file.startsWith(folder)) && !isTestOfPackage(file),
    );
    const wrong = outside.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => /^(cli|test)\//.test(specifier) || isTestOfPackage(specifier))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it("keeps every file at 300 lines or fewer, and half of them at 80", () => {
    const lengths = files.map((file) => ({ file, lines: linesOf(file) }));
    expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
    const short = lengths.filter(({ lines }) => lines <= 80);
    expect(short.length / lengths.length).toBeGreaterThanOrEqual(0.5);
  });

  it("keeps every folder at 25 files or fewer", () => {
    expect(crowded(everything)).toEqual([]);
  });

  it("gives the name of a type to one thing", () => {
    const named = files
      .filter((file) => PRODUCT.some((folder) => file.startsWith(folder)))
      .flatMap((file) => typesOf(readFileSync(join(root, file), "utf8")));
    expect(twice(named)).toEqual([]);
    expect(twice(typesOf("export type A = 1;\nexport interface A {}\nexport interface B {}"))).toEqual(["A"]);
  });

  it("can tell a forbidden import when it sees one", () => {
    expect(importsOf("test/architecture.test.ts")).toContain("vitest");
    expect(importsOf("contract/config/parse.ts")).toContain("contract/checks/problems.ts");
  });

  it("can tell a crowded folder when it sees one", () => {
    const paths = Array.from({ length: 26 }, (_, index) => `infra/${index}.ts`);
    expect(crowded([...paths, "infra/slot/service.ts"])).toEqual(["infra"]);
    expect(crowded(paths.slice(1))).toEqual([]);
  });
});
