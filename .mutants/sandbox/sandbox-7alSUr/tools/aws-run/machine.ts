import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { withFindings } from "../documents.ts";
import { awsClients } from "./aws/clients.ts";
import { checkout } from "./checkout.ts";
import type { Machine } from "./go.ts";
import { people } from "./people.ts";
import { reportOf } from "./report.ts";
import { readFindings } from "./results.ts";

const docs = join(import.meta.dirname, "..", "..", "docs");

/** This machine, this checkout, and AWS with the credentials at hand. */
export function thisMachine(region: string, environment: NodeJS.ProcessEnv): Machine {
  const tell = (line: string) =>
    void process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
  const clients = awsClients(region, environment);
  return {
    clients,
    clock: { now: Date.now, sleep: realSleep },
    users: people,
    shellFor: (run, signal) => checkout(run, environment, signal),
    signals: signalsOf(process),
    random: Math.random,
    tell,
    leave: (exitCode) => process.exit(exitCode),
    async keep({ run, region, experiments }, session) {
      const raw = join(tmpdir(), `bluegreen-${run}.json`);
      await writeFile(raw, JSON.stringify(session, undefined, 2));
      const path = join(docs, "aws-findings.json");
      const { findings, report, lines } = reportOf(readFindings(await readFile(path, "utf8")), session, {
        on: new Date().toISOString().slice(0, 10),
        region,
        experiments,
      });
      console.log(lines.join("\n"));
      if (clients.isElsewhere()) {
        tell(`not AWS, so no finding is kept; what was seen in full: ${raw}`);
        return report;
      }
      await writeFile(path, `${JSON.stringify(findings, undefined, 2)}\n`);
      const document = join(docs, "aws-findings.md");
      await writeFile(document, withFindings(await readFile(document, "utf8"), findings));
      tell(`written: docs/aws-findings.md and docs/aws-findings.json; what was seen in full: ${raw}`);
      return report;
    },
  };
}

/** A timer that nobody waits for any more would keep the process alive. */
const realSleep = (ms: number, signal?: AbortSignal) =>
  delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
  });

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first signal, or an error that nobody caught, ends the experiments; the next one the process. */
export const signalsOf =
  (source: NodeJS.EventEmitter): Machine["signals"] =>
  ({ first, second }) => {
    let came = false;
    const on = (what: string) => {
      if (came) second();
      else first(what);
      came = true;
    };
    const listeners: (readonly [string, (...args: readonly unknown[]) => void])[] = [
      ...SIGNALS.map((signal) => [signal, () => on(signal)] as const),
      ...["uncaughtException", "unhandledRejection"].map(
        (event) => [event, (error: unknown) => on(`${event}: ${String(error)}`)] as const,
      ),
    ];
    for (const [event, listener] of listeners) source.on(event, listener);
    return () => {
      for (const [event, listener] of listeners) source.off(event, listener);
    };
  };
