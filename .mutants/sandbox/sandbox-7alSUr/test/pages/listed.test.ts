import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { TOUR_STEPS } from "../../cli/tour/steps.ts";
import { createProgram } from "../../cli/program.ts";
import { BEFORE, ENDS, NOT_RUN, RUNS_ON } from "./support/listed.ts";
import { allCommands, commandsOf, root } from "./support/page.ts";

// `npm run test:stories` runs the commands; here is what can be told without.
const printed = allCommands();
const commands = printed.map(({ command }) => command);
const scripts: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

/** The parts of a line that a shell runs one after the other. */
const partsOf = (command: string) => command.replaceAll(/eval "\$\((.*)\)"/g, "$1").split(" && ");

/** Why no fresh clone could run it; undefined: it can. */
function fault(part: string): string | undefined {
  const [program, ...words] = part.split(" ");
  if (program === "npm") {
    if (words.join(" ") === "ci") return undefined;
    const name = words[0] === "run" ? words[1] : words[0];
    return typeof scripts === "object" && scripts !== null && name !== undefined && name in scripts
      ? undefined
      : `there is no script ${name}`;
  }
  if (program === "pulumi") return undefined;
  if (program !== "npx" || words[0] !== "bluegreen") return "it is no command of the repository: list it";
  return faultOfVerb(createProgram(0), words.slice(1));
}

function faultOfVerb(program: Command, [name, ...rest]: readonly string[]): string | undefined {
  if (name === "pulumi") return undefined;
  const verb = program.commands.find((one) => one.name() === name);
  if (verb === undefined) return `there is no verb ${name}`;
  const inside = verb.commands.find((one) => one.name() === rest[0]);
  const known = (inside ?? verb).options.map(({ long }) => long);
  const strange = rest.find((word) => word.startsWith("--") && !known.includes(word));
  return strange && `${name} has no option ${strange}`;
}

describe("the commands in the blocks of the pages", () => {
  it.each(printed.filter(({ command }) => NOT_RUN[command] === undefined))(
    "$page:$line can be run: $command",
    ({ command }) => {
      expect(partsOf(command).flatMap((part) => fault(part) ?? [])).toEqual([]);
    },
  );

  it.each(Object.entries(NOT_RUN))("%s is still there to be left out: %s", (command) => {
    expect(commands).toContain(command);
  });

  it("are those that the lists speak of", () => {
    expect([...Object.keys(BEFORE), ...Object.keys(ENDS)].filter((one) => !commands.includes(one))).toEqual(
      [],
    );
    expect(RUNS_ON.filter(({ command }) => !commands.some((one) => command.test(one)))).toEqual([]);
  });

  it("are told where they are wrong", () => {
    expect(fault("npx bluegreen rollout --quickly")).toBe("rollout has no option --quickly");
    expect(fault("npx bluegreen fly")).toBe("there is no verb fly");
    expect(fault("npm run fly")).toBe("there is no script fly");
    expect(fault("kubectl get pods")).toContain("list it");
  });
});

test("a first release, as the tour has it, needs no command that the README does not show", () => {
  const shown = new Set(commandsOf("README.md").map(({ command }) => command));
  const release = TOUR_STEPS.filter(({ name }) => !name.startsWith("bad"));
  expect(release.map(({ command }) => command).filter((command) => !shown.has(command))).toEqual([]);
  expect(commandsOf("README.md").map(({ command }) => command)).toContain("npx bluegreen tour");
});

test("the page of the tour has its commands in their order", () => {
  const page = readFileSync(join(root, "docs", "seeing", "tour.md"), "utf8");
  const rows = [...page.matchAll(/^\| \d \| `([^`]+)`/gm)].map(([, command]) => command);
  expect(rows).toEqual(TOUR_STEPS.map(({ command }) => command));
});

test("a page's commands are the lines of its blocks, without remarks and without other languages", () => {
  const page = [
    "```",
    "one  # a remark",
    "# only a remark",
    "```",
    "two",
    "```ts",
    "three",
    "```",
    "```sh",
    "four",
    "```",
  ];
  expect(commandsOf("a page", page.join("\n")).map(({ line, command }) => [line, command])).toEqual([
    [2, "one"],
    [10, "four"],
  ]);
});
