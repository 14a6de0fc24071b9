import { createHmac, randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Counts } from "../lines/counts.ts";
import { USERS } from "../lines/groups.ts";
import type { UserMark } from "./setup.ts";

const MOST_USERS = 100_000;

/** Users of each period: each once, and whether one of its answers failed. Who they are is kept by nobody. */
export class Users {
  private readonly mark: UserMark;
  private readonly periodMs: number;
  private readonly tell: (what: string) => void;
  /** So that nobody can find out whose a hash is. */
  private readonly secret = randomBytes(16);
  private readonly periods = new Map<number, Map<string, boolean>>();
  private hasTold = false;

  constructor(mark: UserMark, periodMs: number, tell: (what: string) => void) {
    this.mark = mark;
    this.periodMs = periodMs;
    this.tell = tell;
  }

  /** A request without the mark is nobody's. */
  answered(headers: IncomingHttpHeaders, hasFailed: boolean, nowMs: number): void {
    const name = this.nameIn(headers);
    if (name === undefined || name === "") return;
    const startMs = Math.floor(nowMs / this.periodMs) * this.periodMs;
    const users = this.periods.get(startMs) ?? new Map<string, boolean>();
    this.periods.set(startMs, users);
    const user = createHmac("sha256", this.secret).update(name).digest("base64url").slice(0, 16);
    const before = users.get(user);
    if (before === undefined && users.size >= MOST_USERS) {
      if (!this.hasTold) this.tell(`more than ${MOST_USERS} users in a minute: the others are not counted`);
      this.hasTold = true;
      return;
    }
    users.set(user, hasFailed || before === true);
  }

  /** Adds the users of the periods before `untilMs` to the counts, and forgets them. */
  countInto(counts: Counts, untilMs: number): void {
    for (const [startMs, users] of this.periods) {
      if (startMs >= untilMs) continue;
      this.periods.delete(startMs);
      const failed = [...users.values()].filter((hasFailed) => hasFailed).length;
      counts.add(startMs, USERS, { Users: users.size, FailedUsers: failed });
    }
  }

  private nameIn(headers: IncomingHttpHeaders): string | undefined {
    const { kind, name } = this.mark;
    const value = headers[kind === "cookie" ? "cookie" : name];
    const text = Array.isArray(value) ? value.join(",") : value;
    if (kind === "header" || text === undefined) return text;
    const crumbs = text.split(";").map((crumb) => crumb.trim());
    return crumbs.find((crumb) => crumb.startsWith(`${name}=`))?.slice(name.length + 1);
  }
}
