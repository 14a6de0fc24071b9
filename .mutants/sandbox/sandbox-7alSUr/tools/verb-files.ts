import type { Argument, Command, Option } from "commander";
import { createProgram } from "../cli/program.ts";
import { ALL_VERBS } from "../cli/verbs/all.ts";
import { ROOMS } from "../cli/verbs/rooms.ts";
import { EXIT } from "../validation/outcome.ts";
import { roomOf, verbFiles, verbOf } from "./verb-index.ts";

/** The part of docs/cli.md that follows from the verbs: as commander has them, and how they may end. */
export function verbTables(): string {
  const files = verbFiles();
  const { commands } = createProgram(0);
  return Object.entries(ROOMS)
    .map(([room, title]) => {
      const own = files.filter((file) => roomOf(file) === room).map(verbOf);
      const rows = commands
        .filter((command) => own.includes(command.name()))
        .flatMap((command) => rowsOf(command));
      return [
        `## ${title}`,
        "",
        "| verb | what it does | stack | options | ends with |",
        "|---|---|---|---|---|",
        ...rows,
      ].join("\n");
    })
    .join("\n\n");
}

function rowsOf(command: Command, within = ""): readonly string[] {
  const name = `${within}${command.name()}`;
  const options = command.options.filter(isItsOwn(command)).map(shown);
  const called = [name, ...command.registeredArguments.map(argumentOf)].join(" ");
  const cells = [
    `\`${called}\``,
    cell(command.description()),
    worksOf(command),
    options.join("<br>"),
    endsOf(command),
  ];
  return [`| ${cells.join(" | ")} |`, ...command.commands.flatMap((one) => rowsOf(one, `${name} `))];
}

/** What all verbs on a stack have is said once, above the tables. */
const isItsOwn =
  (command: Command) =>
  ({ hidden, long }: Option): boolean =>
    !hidden && (worksOf(command) === "" || !["--stack", "--json", "--force-ownership"].includes(long ?? ""));

const shown = ({ flags, description, mandatory }: Option): string =>
  `\`${flags}\`${mandatory ? " (needed)" : ""}: ${cell(description)}`;

const argumentOf = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

const definitionOf = (command: Command) =>
  ALL_VERBS.find(({ usage }) => usage.split(" ")[0] === command.name());

function worksOf(command: Command): string {
  const { works = "alone" } = definitionOf(command) ?? {};
  return works === "alone" ? "" : works;
}

const endsOf = (command: Command): string => {
  const { ends = [] } = definitionOf(command) ?? {};
  return [EXIT.done, ...ends.map((end) => EXIT[end])].join(", ");
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
