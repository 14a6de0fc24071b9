import { existsSync } from "node:fs";
import { history } from "../../validation/insight/history.ts";
import type { Reader } from "./reader.ts";
import { Refused, type ConsoleApi } from "./http/server.ts";
import { logsOfSlots, type LogsOfSlots } from "./state/logs.ts";
import { journalLines } from "./state/journal.ts";
import { journalPath, type Subject } from "./state/read-state.ts";
import { reportPath, type Reports } from "./http/reports.ts";
import { readOrder, type VerbRunner } from "./steer/run-verb.ts";
import type { Playground } from "./steer/playground.ts";

const SHOWN_RELEASES = 20;

/** One reading for all pages: a quiet slot takes four questions, and CloudWatch Logs has few for a whole account. */
const KEPT_LOGS_MS = { local: 1_000, aws: 30_000 } as const;

/** The page's API. Everything below it was let in by its token. */
export function consoleApi(
  reader: Reader,
  runner: VerbRunner,
  reports: Reports,
  playground: Playground,
  wall: () => number = Date.now,
): ConsoleApi {
  let logs: { readonly of: Subject; readonly atMs: number; readonly read: Promise<LogsOfSlots> } | undefined;
  const newestLogs = async () => {
    const subject = await reader.subject();
    if (
      logs === undefined ||
      logs.of !== subject ||
      wall() - logs.atMs >= KEPT_LOGS_MS[subject.target.kind]
    ) {
      const read = logsOfSlots(subject);
      logs = { of: subject, atMs: wall(), read };
      // Whoever asks next tries again.
      read.catch(() => (logs = undefined));
    }
    return logs.read;
  };
  return async ({ method, url, body }) => {
    switch (`${method} ${url.pathname}`) {
      case "GET /api/state": {
        const state = await reader.state();
        return {
          ...state,
          runs: runner.runs(),
          playground: state.target?.kind === "local" ? playground.state() : undefined,
        };
      }
      case "POST /api/run": {
        const run = runner.start(readOrder(body));
        reader.soon();
        return run;
      }
      case "POST /api/play":
        if ((await reader.subject()).target.kind !== "local")
          throw new Refused(404, "Faults and traffic are for a local cloud alone.");
        return playground.play(body);
      case "GET /api/history":
        return withReports(await reader.subject());
      case "POST /api/report":
        return reports.open(await reader.subject(), body);
      case "GET /api/logs":
        return newestLogs();
      case "GET /api/look": {
        const subject = await reader.subject();
        const lines = await journalLines(journalPath(subject, url.searchParams.get("release") ?? "none"));
        const n = Number(url.searchParams.get("n"));
        const found = lines.find((line) => line["n"] === n);
        if (found === undefined) throw new Refused(404, `The journal has no entry ${n}.`);
        return found;
      }
      default:
        throw new Refused(404, `Nothing is at ${method} ${url.pathname}.`);
    }
  };
}

/** The history as the verb has it, and whether this machine has a report of each release. */
async function withReports(subject: Subject) {
  const { releases, ...rest } = await history(subject.context, SHOWN_RELEASES);
  const hasReport = (id: string) => existsSync(reportPath(subject, id));
  return { ...rest, releases: releases.map((one) => ({ ...one, hasReport: hasReport(one.id) })) };
}
