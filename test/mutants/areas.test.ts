import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { AREAS } from "./areas.ts";
import { EDITS } from "./edits.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const inRoot = (glob: string) => globSync(glob, { cwd: ROOT });
const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8");

describe("an area of the mutants", () => {
  it.each(AREAS)("$name has sources and tests at each of its patterns", ({ mutate, tests }) => {
    expect([...mutate, ...tests].filter((glob) => inRoot(glob).length === 0)).toEqual([]);
  });

  it("has a job of the night", () => {
    const { jobs } = parse(textOf(".github/workflows/stories.yml")) as {
      // GitHub's syntax of a matrix; the file is ours.
      readonly jobs: {
        readonly mutants: { readonly strategy: { readonly matrix: { readonly area: string[] } } };
      };
    };
    expect(jobs.mutants.strategy.matrix.area).toEqual(AREAS.map(({ name }) => name));
  });
});

describe("what decides and what moves users", () => {
  it("is in an area", () => {
    const mutated = new Set(AREAS.flatMap(({ mutate }) => mutate.flatMap(inRoot)));
    const parts = ["core", "gates", "rollout", "rollback", "steering"];
    const sources = parts.flatMap((part) => inRoot(`validation/${part}/**/*.ts`));
    expect(sources.filter((file) => !mutated.has(file))).toEqual([]);
  });
});

describe("a wrong edit", () => {
  it.each(EDITS)("$name has its text once in its file", ({ file, from }) => {
    expect(textOf(file).split(from)).toHaveLength(2);
  });

  it.each(EDITS)("$name is looked for in tests that are there", ({ tests }) => {
    const found = tests.map((path) => existsSync(join(ROOT, path)) || inRoot(`${path}*`).length > 0);
    expect(found).not.toContain(false);
  });
});
