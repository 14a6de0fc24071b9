import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isRecord } from "../../contract/config/field.ts";
import type { Diagnostic } from "../../packages/pulumi-engine/deployment/events.ts";
import { failureReasons } from "../../packages/pulumi-engine/commands/reasons.ts";

/** Commands that write an event log when they are asked to. */
const LOGGED = ["up", "update", "preview", "pre", "refresh", "destroy"];

export interface ListeningCli {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Runs a command of the Pulumi CLI and, when it failed, tells its reason once more, last: the CLI says it far above. Its
 * output stays as it is, on the terminal itself, so the reason comes from its event log, a flag that the CLI has while
 * PULUMI_DEBUG_COMMANDS is set (pulumi, pkg/cmd/pulumi/operations).
 */
export async function withReasons(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  run: (cli: ListeningCli) => Promise<number>,
  tell: (text: string) => void,
): Promise<number> {
  const [command = "", ...rest] = args;
  if (!LOGGED.includes(command)) return run({ args, env });
  const directory = await mkdtemp(join(tmpdir(), "bluegreen-events-"));
  try {
    const log = join(directory, "events.json");
    const code = await run({
      args: [command, "--event-log", log, ...rest],
      env: { ...env, PULUMI_DEBUG_COMMANDS: "true" },
    });
    const reasons = code === 0 ? "" : failureReasons(await diagnosticsIn(log));
    if (reasons !== "") tell(`error: ${command} failed: ${reasons}\n`);
    return code;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Without a log the CLI has still said it, above. */
async function diagnosticsIn(log: string): Promise<readonly Diagnostic[]> {
  const text = await readFile(log, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => {
    const event = parseLine(line);
    const found = isRecord(event) ? event["diagnosticEvent"] : undefined;
    if (!isRecord(found) || found["severity"] !== "error") return [];
    return [{ severity: "error" as const, message: plain(String(found["message"])) }];
  });
}

/** The last line of a process that was killed may be cut off. */
function parseLine(line: string): unknown {
  try {
    return line === "" ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Without the colours, which the CLI's events carry as tags: sdk/go/common/diag/colors. */
const plain = (message: string) => message.replaceAll(/<\{%[^%]*%\}>/g, "");
