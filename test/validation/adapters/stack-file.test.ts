import { chmod, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, test } from "vitest";
import { Document, parse } from "yaml";
import { PROJECT } from "../../support/project.ts";
import {
  parseStackFile,
  readStackFile,
  setIn,
  valueIn,
  valuesOf,
} from "../../../validation/adapters/pulumi/stack-file.ts";
import { textOf, writeStackFile } from "../../../validation/adapters/pulumi/write-stack-file.ts";

const empty = () => ({ yaml: new Document({ config: {} }), project: PROJECT, model: PROJECT });

test.each([
  ["is no YAML", "config: [unclosed\n", /Pulumi\.dev\.yaml: .* at line 2, column 1\.$/],
  ["is a list", "- config\n", /Pulumi\.dev\.yaml\.$/],
])("a stack file that %s is the person's to fix, and is named", async (_what, text, message) => {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-stack-file-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = join(directory, "Pulumi.dev.yaml");
  await writeFile(path, text);
  await expect(readStackFile(path, PROJECT)).rejects.toMatchObject({ code: "BG106", exitCode: 64 });
  await expect(readStackFile(path, PROJECT)).rejects.toThrow(message);
});

test("a stack file that is written again stays readable for whom it was", async () => {
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-stack-file-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const [shared, fresh] = [join(directory, "Pulumi.dev.yaml"), join(directory, "deployed.yaml")];
  await writeFile(shared, "config: {}\n");
  await chmod(shared, 0o664);
  for (const path of [shared, fresh]) await writeStackFile(path, empty());
  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
  expect([await modeOf(shared), await modeOf(fresh)]).toEqual([0o664, 0o600]);
});

describe("a stack file that merges a mapping with <<", () => {
  const MERGED = `config:
  ${PROJECT}:service: &slow
    drainSeconds: 60
  ${PROJECT}:rollout:
    <<: *slow
    bakeMinutes: 5
`;
  const AT_THE_TOP = `shared: &shared
  activeSlot: blue
  blueWeight: 100
config:
  <<: *shared
  ${PROJECT}:generation: 7
`;
  const parsed = (text: string) => parseStackFile(text, "Pulumi.dev.yaml", PROJECT);

  it("has the merged values, as Pulumi reads them", () => {
    expect(valueIn(parsed(MERGED), "rollout")).toEqual({ drainSeconds: 60, bakeMinutes: 5 });
  });

  it("keeps the merge when it is written again with another key", () => {
    const file = parsed(MERGED);
    setIn(file, "activeSlot", "green");
    expect(textOf(file, "Pulumi.dev.yaml")).toBe(`${MERGED}  ${PROJECT}:activeSlot: green\n`);
  });

  it("says a merged key once when it is set, as the mapping spells it", () => {
    const file = parsed(AT_THE_TOP);
    setIn(file, "activeSlot", "green");
    expect(valuesOf(parsed(textOf(file, "Pulumi.dev.yaml")))).toEqual({
      activeSlot: "green",
      blueWeight: "100",
      generation: "7",
    });
    expect(textOf(file, "Pulumi.dev.yaml")).toBe(`${AT_THE_TOP}  activeSlot: green\n`);
  });

  it("loses a merged key that is taken out, and nothing else", () => {
    const file = parsed(AT_THE_TOP);
    setIn(file, "activeSlot", undefined);
    expect(valuesOf(parsed(textOf(file, "Pulumi.dev.yaml")))).toEqual({ blueWeight: "100", generation: "7" });
  });

  it("is refused where << merges config as a whole, which a key that is set would hide", () => {
    const text = `shared: &shared\n  config: { ${PROJECT}:activeSlot: blue }\n<<: *shared\n`;
    expect(() => parsed(text)).toThrow("Pulumi.dev.yaml: config is merged by <<: write it out.");
  });

  it.each(["config: { <<: 3 }", "config: { <<: *none }"])(
    "is refused where there is nothing to merge: %s",
    (text) => {
      expect(() => parsed(text)).toThrow("Pulumi.dev.yaml: Merge sources must be maps");
    },
  );
});

/** As the Pulumi CLI reads it: its YAML library knows the scalars of version 1.1, times among them. */
const asTheCliReads = (text: string): unknown => parse(text, { version: "1.1" });

describe("a text that is written to a stack file", () => {
  it.each([
    "2026-11-25T18:21:09.110Z",
    "2026-11-25",
    "1_000",
    "0777",
    "yes",
    "on",
    "12:30:45",
    "7",
    "a text",
  ])("stays the text %s for every reader, also inside an object", (text) => {
    const file = empty();
    setIn(file, "release", { stepSince: text, list: [text] });
    setIn(file, "testToken", text);
    const expected = {
      config: {
        [`${PROJECT}:release`]: { stepSince: text, list: [text] },
        [`${PROJECT}:testToken`]: text,
      },
    };
    expect(asTheCliReads(file.yaml.toString())).toEqual(expected);
    expect(parse(file.yaml.toString())).toEqual(expected);
  });

  it("is quoted only where that says something", () => {
    const file = empty();
    setIn(file, "activeSlot", "green");
    expect(file.yaml.toString()).toBe(`config:\n  ${PROJECT}:activeSlot: green\n`);
  });
});
