import { globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MARKS, withGenerated, type GeneratedFile } from "../tools/documents.ts";
import { alarmIndex } from "../tools/alarm-files.ts";
import { gateIndex, gateNames } from "../tools/gate-files.ts";
import { protocolIndex, protocolNames } from "../tools/protocol-files.ts";
import { registryIndex } from "../tools/registry-files.ts";
import { SUITE_SCHEMA_FILE, suiteSchema } from "../tools/suite-schema.ts";
import { parseConfig } from "../contract/config/parse.ts";
import { fitsSchema } from "../validation/suite/tasks/json-schema.ts";
import { verbIndex } from "../tools/verb-index.ts";
import { ALL_GATES } from "../validation/gates/all.ts";
import { ALL_PROTOCOLS } from "../validation/protocols/all.ts";
import { MOTO_VERSION } from "./moto/support/moto.ts";
import { ERRORS } from "../validation/errors.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const scripts: unknown = JSON.parse(read("package.json")).scripts;

describe("the documents", () => {
  // Object.keys is typed as string[]; the table is constant, so its keys are exactly GeneratedFile.
  it.each(Object.keys(MARKS) as GeneratedFile[])(
    "%s says what the contract says (npm run generate)",
    (file) => {
      expect(read(file)).toBe(withGenerated(file, read(file)));
    },
  );

  it("has the package's version at the changelog's top", () => {
    const [, top] = /^## (\S+)/m.exec(read("CHANGELOG.md")) ?? [];
    expect(JSON.parse(read("package.json")).version).toBe(top);
  });

  it("lists each gate of the folder, under its names", () => {
    expect(read("validation/gates/all.ts")).toBe(gateIndex());
    expect(read("contract/alarms/gates.ts")).toBe(gateNames(ALL_GATES));
  });

  it("lists each serving protocol of the folder, and the configuration takes its name", () => {
    expect(read("validation/protocols/all.ts")).toBe(protocolIndex());
    expect(read("contract/config/protocol-names.ts")).toBe(protocolNames(ALL_PROTOCOLS));
  });

  it("lists each model registry of the folder", () => {
    expect(read("validation/registries/all.ts")).toBe(registryIndex());
  });

  it("the JSON schema of the suite is the one of its fields, and takes and refuses what they do", () => {
    const schema: unknown = JSON.parse(read(SUITE_SCHEMA_FILE));
    expect(schema).toEqual(JSON.parse(JSON.stringify(suiteSchema())));
    const good = {
      minAccuracy: 0.9,
      task: "text",
      match: "command",
      scorer: ["node", "score.js"],
      waive: { loss: "new labels" },
    };
    for (const suite of [{}, good, { waive: { "slice country=DE": "few users" } }]) {
      expect([fitsSchema(suite, schema), parseConfig({ suite: JSON.stringify(suite) }).ok]).toEqual([
        true,
        true,
      ]);
    }
    for (const suite of [{ minAccuracy: 2 }, { tasks: "text" }, { task: "texts" }, { waive: ["loss"] }]) {
      expect([fitsSchema(suite, schema), parseConfig({ suite: JSON.stringify(suite) }).ok]).toEqual([
        false,
        false,
      ]);
    }
  });

  it("lists each alarm of the folder, under its file's name", () => {
    expect(read("contract/alarms/all.ts")).toBe(alarmIndex());
  });

  it("lists each verb of the rooms", () => {
    expect(read("cli/verbs/all.ts")).toBe(verbIndex());
  });

  it("and the workflow name the moto whose gaps its tests know", () => {
    for (const file of [".github/workflows/stories.yml", "CONTRIBUTING.md"]) {
      expect(read(file)).toContain(`moto[server]==${MOTO_VERSION}`);
    }
  });

  it("list exactly the error codes that exist", () => {
    const listed = [...read("docs/errors.md").matchAll(/^\| `(BG\d+)` \|/gm)].map(([, code]) => code);
    expect(listed).toEqual(Object.keys(ERRORS).sort());
  });

  it.each([
    "README.md",
    "CONTRIBUTING.md",
    "docs/aws.md",
    "docs/aws-findings.md",
    "docs/decision.md",
    "docs/iam.md",
    "docs/local-cloud.md",
    "docs/runbook.md",
    "docs/security.md",
    "examples/README.md",
  ])("%s names only npm scripts that exist", (file) => {
    const named = [...read(file).matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name);
    for (const name of named) expect(scripts).toHaveProperty([String(name)]);
  });

  it.each([
    "README.md",
    "AGENTS.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/cli.md",
    "docs/comparison.md",
    "docs/alarms.md",
    "docs/gates.md",
    "docs/glossary.md",
    "docs/how-it-works.md",
    "docs/architecture.md",
    "docs/aws-findings.md",
    "docs/decision.md",
    "docs/iam.md",
    "docs/aws.md",
    "docs/names.md",
    "docs/runbook.md",
    "docs/security.md",
    "docs/serving/suite.md",
    "examples/README.md",
    "docs/local-cloud.md",
    "packages/local-cloud/README.md",
    "packages/pulumi-engine/README.md",
  ])("%s links to files that exist", (file) => {
    const targets = [...read(file).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) =>
      String(target),
    );
    for (const target of targets) expect(() => statSync(join(root, file, "..", target))).not.toThrow();
  });

  it("link to headings that exist", () => {
    const dead = DOCUMENTS.flatMap((file) =>
      [...prose(file).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)].flatMap(
        ([, target = "", anchor = ""]) => {
          const of = target === "" ? file : join(file, "..", target);
          return !of.endsWith(".md") || anchorsOf(of).has(anchor) ? [] : [`${file}: ${target}#${anchor}`];
        },
      ),
    );
    expect(dead).toEqual([]);
  });

  it("name each of GitHub's workflows in their table, and how many there are", () => {
    const workflows = readdirSync(join(root, ".github/workflows")).map((file) => file.replace(".yml", ""));
    const listed = [...read("docs/github.md").matchAll(/^\| `([a-z]+)` \|/gm)];
    expect(listed.map(([, name]) => name).sort()).toEqual(workflows.sort());
    expect(read("docs/github.md")).toContain(`\n${NUMBERS[workflows.length]} workflows, `);
  });
});

const NUMBERS: Readonly<Record<number, string>> = { 10: "Ten", 11: "Eleven", 12: "Twelve", 13: "Thirteen" };

const DOCUMENTS = ["*.md", "docs/**/*.md", "examples/**/*.md", "packages/*/*.md"].flatMap((pattern) =>
  globSync(pattern, { cwd: root, exclude: (name) => name.includes("node_modules") }),
);

/** Without blocks of code, where `#` begins a comment. */
const prose = (file: string) => read(file).replace(/^ *```[\s\S]*?^ *```/gm, "");

/** As GitHub makes them of headings, and those that a document names itself. */
function anchorsOf(file: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const anchors = [...prose(file).matchAll(/^#+ +(.+)$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
  const named = [...prose(file).matchAll(/<a id="([^"]+)">/g)].map(([, id = ""]) => id);
  return new Set([...anchors, ...named]);
}
