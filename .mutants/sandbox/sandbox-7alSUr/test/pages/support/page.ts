import { readFileSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..", "..", "..");

/** The pages whose commands run, in the order in which somebody reads them. */
export const PAGES = [
  "README.md",
  "docs/local-cloud.md",
  "docs/runbook.md",
  "docs/seeing/console.md",
  "docs/seeing/report.md",
  "docs/seeing/json.md",
  "docs/seeing/tour.md",
] as const;

/** A command as a page prints it, without the remark behind it. */
export interface Printed {
  readonly page: string;
  readonly line: number;
  readonly command: string;
}

const FENCE = /^```(.*)$/;
/** Blocks of other languages are no commands: what is configuration or output names its language, or is `text`. */
const SHELL = ["", "sh", "bash"];

/** Every line of the page's blocks of commands. */
export function commandsOf(page: string, text = readFileSync(join(root, page), "utf8")): readonly Printed[] {
  const found: Printed[] = [];
  let language: string | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = FENCE.exec(line);
    if (fence !== null) language = language === undefined ? (fence[1] ?? "") : undefined;
    else if (language !== undefined && SHELL.includes(language)) {
      const command = line.replace(/(^|\s+)#\s.*$/, "").trim();
      if (command !== "") found.push({ page, line: index + 1, command });
    }
  }
  return found;
}

export const allCommands = (): readonly Printed[] => PAGES.flatMap((page) => commandsOf(page));
