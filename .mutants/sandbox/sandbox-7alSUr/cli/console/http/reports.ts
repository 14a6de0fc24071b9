import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isRecord } from "../../../contract/config/field.ts";
import { reportBeside } from "../../report-files.ts";
import { journalPath, type Subject } from "../state/read-state.ts";
import { Refused, type OtherPages } from "./server.ts";

/** Reports of releases, as they lie beside their journals. */
export interface Reports {
  /** A path at which a browser can open the report, once: a tab sends no token. */
  open(subject: Subject, body: unknown): Promise<{ readonly path: string }>;
  readonly pages: OtherPages;
}

// A report carries its style in itself and has no script. In a sandbox it is of no origin, and asks nobody.
const POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

export const reportPath = (subject: Subject, release: string): string =>
  reportBeside(journalPath(subject, release));

export function openReports(): Reports {
  const tickets = new Map<string, string>();
  return {
    async open(subject, body) {
      const release = isRecord(body) ? body["release"] : undefined;
      if (typeof release !== "string") throw new Refused(400, "release: the id of a release.");
      const path = `/report/${randomBytes(18).toString("base64url")}`;
      tickets.set(path, reportPath(subject, release));
      return { path };
    },
    async pages(path) {
      const file = tickets.get(path);
      if (file === undefined) return undefined;
      tickets.delete(path);
      return { type: "text/html; charset=utf-8", body: await readFile(file), policy: POLICY };
    },
  };
}
