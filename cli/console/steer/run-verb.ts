import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { isRecord } from "../../../contract/config/field.ts";
import { ownModule } from "../../local/own-files.ts";
import { Refused } from "../http/server.ts";
import { STEERING, type SteeringVerb, type VerbRun } from "./buttons.ts";

/** What the page asks for: nothing of it is a word of a command line of its own. */
export interface Order {
  readonly verb: SteeringVerb;
  readonly reason: string;
  /** The share that is approved. */
  readonly step: number | undefined;
  /** Who shall have everyone, as the dialog said it. */
  readonly to: "blue" | "green" | undefined;
}

const LONGEST_REASON = 500;
const SHOWN_LINES = 200;
const KEPT_RUNS = 20;
/** How long the page tells of a run that has ended: the timeline and the history have it then. */
const TOLD_MS = 10 * 60_000;

export function readOrder(body: unknown): Order {
  const { verb, reason = "", step, to } = isRecord(body) ? body : {};
  const known = STEERING.find((one) => one === verb);
  if (known === undefined) throw new Refused(400, `verb: ${STEERING.join(", ")}.`);
  if (typeof reason !== "string" || reason.length > LONGEST_REASON)
    throw new Refused(400, `reason: a text of at most ${LONGEST_REASON} characters.`);
  if (known === "promote" && reason.trim() === "") throw new Refused(400, "promote needs a reason.");
  if (step !== undefined && !(typeof step === "number" && Number.isInteger(step) && step > 0 && step <= 100))
    throw new Refused(400, "step: a whole number from 1 to 100.");
  if (to !== undefined && to !== "blue" && to !== "green") throw new Refused(400, "to: blue or green.");
  return { verb: known, reason: reason.trim(), step, to };
}

/** Each in one argument, so that a reason that begins with a dash is a reason. */
export function argumentsOf({ verb, reason, step, to }: Order): readonly string[] {
  return [
    verb,
    ...(verb === "promote" ? ["--now"] : []),
    ...(verb === "approve" && step !== undefined ? [`--step=${step}`] : []),
    ...(verb === "revert" && to !== undefined ? [`--to=${to}`] : []),
    ...(reason === "" ? [] : [`--reason=${reason}`]),
    "--json",
  ];
}

export interface VerbRunner {
  runs(): readonly VerbRun[];
  start(order: Order): VerbRun;
}

/** Verbs as processes of their own, as a person's terminal has them: what ends the console ends no release. */
export function verbRunner(
  where: {
    readonly cwd: string;
    readonly environment: NodeJS.ProcessEnv;
    /** `--stack`, `--model`. */
    readonly named: () => Promise<readonly string[]>;
  },
  ended: () => void,
  wall: () => number = Date.now,
): VerbRunner {
  let runs: readonly VerbRun[] = [];
  const endedWallMs = new Map<string, number>();
  const change = (id: string, with_: (run: VerbRun) => Partial<VerbRun>) => {
    runs = runs.map((run) => (run.id === id ? { ...run, ...with_(run) } : run));
  };
  const go = async (id: string, order: Order): Promise<void> => {
    const [verb = "", ...rest] = argumentsOf(order);
    const child = spawn(process.execPath, [ownModule("cli/main"), verb, ...(await where.named()), ...rest], {
      cwd: where.cwd,
      env: where.environment,
      stdio: ["ignore", "pipe", "pipe"],
      // Ctrl-C in the console's terminal is for the console alone.
      detached: true,
    });
    createInterface({ input: child.stderr }).on("line", (line) =>
      change(id, ({ lines }) => ({ lines: [...lines, line].slice(-SHOWN_LINES) })),
    );
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
    change(id, () => ({ exitCode, sentence: lastWord(stdout) }));
  };
  return {
    runs: () => runs.filter(({ id }) => wall() - (endedWallMs.get(id) ?? wall()) < TOLD_MS),
    start(order) {
      const busy = runs.find(({ verb, exitCode }) => verb === order.verb && exitCode === undefined);
      if (busy !== undefined) throw new Refused(409, `${order.verb} runs already.`);
      const run: VerbRun = {
        id: randomUUID(),
        verb: order.verb,
        lines: [],
        exitCode: undefined,
        sentence: undefined,
      };
      runs = [...runs, run].slice(-KEPT_RUNS);
      go(run.id, order)
        .catch((error: unknown) => {
          const sentence = `It could not be started: ${error instanceof Error ? error.message : String(error)}`;
          change(run.id, () => ({ exitCode: 1, sentence }));
        })
        .finally(() => {
          endedWallMs.set(run.id, wall());
          ended();
        });
      return run;
    },
  };
}

/** The verb's own sentence, or its error with what fixes it. */
function lastWord(stdout: string): string {
  try {
    const said: unknown = JSON.parse(stdout);
    if (isRecord(said) && typeof said["sentence"] === "string") return said["sentence"];
    const error = isRecord(said) && isRecord(said["error"]) ? said["error"] : {};
    return [error["code"], error["message"], error["fix"]]
      .filter((part) => typeof part === "string")
      .join(" ");
  } catch {
    return stdout.trim() === "" ? "It said nothing." : stdout.trim();
  }
}
