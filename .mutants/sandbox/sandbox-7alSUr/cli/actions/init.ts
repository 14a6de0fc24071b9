import { createInterface } from "node:readline/promises";
import { initStack, refuseExisting, refuseName, type NewStack } from "../../validation/stack/init.ts";
import {
  answerOf,
  QUESTIONS,
  refusal,
  type Answers,
  type InitQuestion,
} from "../../validation/stack/init/questions.ts";
import { newStackFiles } from "../../validation/adapters/pulumi/new-stack-file.ts";
import { resultJson } from "../json.ts";
import { projectAround } from "../local/place.ts";
import { makeProject, type MadeProject } from "../project/new-project.ts";
import { UserError } from "../../validation/errors.ts";

/** A person at a terminal. */
export interface Person {
  /** One line; undefined when there will be none any more. */
  ask(question: string): Promise<string | undefined>;
  tell(line: string): void;
}

export interface InitOptions {
  readonly said: Answers;
  /** Who has the workflows that those of a new project call. */
  readonly workflows: string | undefined;
  readonly json: boolean;
}

/** `npx bluegreen init <name>`: in a project a stack, elsewhere a project. */
export async function init(name: string, { said, workflows, json }: InitOptions): Promise<void> {
  const root = projectAround(process.cwd());
  const strange = root === undefined ? Object.keys(said) : workflows === undefined ? [] : ["--workflows"];
  if (strange.length > 0) throw new UserError("BG306", `Said: ${strange.join(", ")}.`);
  if (root !== undefined) return initStackFile(root, name, said, json);
  const made = await makeProject({ name, directory: process.cwd(), workflows });
  process.stdout.write(json ? `${resultJson(made)}\n` : shownProject(made));
}

/** On a terminal, what is not said by flags is asked for. */
async function initStackFile(root: string, stack: string, said: Answers, json: boolean): Promise<void> {
  const { stdin, stdout, stderr } = process;
  const files = newStackFiles(root);
  refuseName(stack);
  await refuseExisting(stack, files);
  const asks = stdin.isTTY && stderr.isTTY && !json;
  const made = await initStack(stack, asks ? await askAtTerminal(said) : said, files);
  stdout.write(json ? `${resultJson(made)}\n` : shown(made));
}

async function askAtTerminal(said: Answers): Promise<Answers> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const gone = new AbortController();
  // Ctrl-D and Ctrl-C: what is not said then is missing, and nothing is written.
  lines.on("close", () => gone.abort());
  try {
    return await askRest(said, {
      ask: (question) => lines.question(question, { signal: gone.signal }).catch(() => undefined),
      tell: (line) => void process.stderr.write(`${line}\n`),
    });
  } finally {
    lines.close();
  }
}

/** The answers with those of the person; each is asked for until it is one that the contract takes. */
export async function askRest(said: Answers, person: Person): Promise<Answers> {
  const answers: Record<string, unknown> = { ...said };
  for (const question of QUESTIONS) {
    const { key, asks, usual, mayBeNone } = question;
    if (answers[key] !== undefined || isNeedless(question, answers)) continue;
    for (;;) {
      const typed = await person.ask(usual === undefined ? `${asks}: ` : `${asks} [${usual}]: `);
      if (typed === undefined) return answers;
      const answer = answerOf(question, typed);
      if (answer === undefined && mayBeNone === true) break;
      const allowed = answer === undefined ? "an answer" : refusal(key, answer);
      if (allowed === undefined) {
        answers[key] = answer;
        break;
      }
      person.tell(`It takes ${allowed}.`);
    }
  }
  return answers;
}

const isNeedless = ({ onlyWith, unless }: InitQuestion, answers: Answers): boolean =>
  (onlyWith !== undefined && answers[onlyWith] === undefined) ||
  (unless !== undefined && answers[unless] !== undefined);

const shown = ({ file, next }: NewStack) => told(`${file} is written. Next:`, next);
const shownProject = ({ files, next }: MadeProject) => told(`Written: ${files.join(", ")}. Next:`, next);

function told(what: string, next: NewStack["next"]): string {
  const width = Math.max(...next.map(({ command }) => command.length));
  const lines = next.map(({ command, why }) => `  ${command.padEnd(width)}  # ${why}`);
  return [what, ...lines, ""].join("\n");
}
