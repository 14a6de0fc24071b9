import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudWatch } from "../alarms/cloudwatch.ts";
import { AwsError } from "../aws-api/errors.ts";
import { htmlPage, type ExtraHandler } from "../aws-api/server.ts";
import type { Clock } from "../clock.ts";
import { withHint } from "../hints.ts";
import { drawDashboard, type Drawing } from "./draw.ts";

const MINUTE_MS = 60_000;
const MOST_MINUTES = 24 * 60;

/** What the page asks for: the dashboards that there are, and one of them drawn. */
export interface DashboardData {
  readonly names: readonly string[];
  readonly name: string | undefined;
  readonly drawing: Drawing | undefined;
  /** What the page says when there is none to draw. */
  readonly none: string;
}

/**
 * `GET /dashboard`: a page that draws the dashboards of this cloud; `GET /dashboard/data?name=…&minutes=…`: what it
 * draws, over the last minutes of the cloud's time. The first dashboard and its own range unless asked for others.
 */
export function dashboardHandler(
  { dashboards, operations }: CloudWatch,
  clock: Clock,
  hint?: string,
): ExtraHandler {
  const none = withHint("no dashboard yet", ": ", hint);
  return async ({ method, url }) => {
    if (method !== "GET")
      throw new AwsError("UnknownPath", `nothing is served at ${method} ${url.pathname}`, 404);
    if (url.pathname === "/dashboard")
      return htmlPage(readFileSync(join(import.meta.dirname, "page.html"), "utf8"));
    if (url.pathname !== "/dashboard/data")
      throw new AwsError("UnknownPath", `nothing is served at GET ${url.pathname}`, 404);

    const names = dashboards.names();
    const name = url.searchParams.get("name") ?? names[0];
    const body = name === undefined ? undefined : dashboards.body(name);
    if (body === undefined)
      return { names, name: undefined, drawing: undefined, none } satisfies DashboardData;
    const endMs = clock.now();
    const minutes = minutesOf(url.searchParams.get("minutes")) ?? rangeOf(body.start);
    const startMs = Math.floor((endMs - minutes * MINUTE_MS) / MINUTE_MS) * MINUTE_MS;
    const drawing = await drawDashboard(body, operations, startMs, endMs);
    return { names, name, drawing, none } satisfies DashboardData;
  };
}

function minutesOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES) return minutes;
  throw new AwsError("ValidationException", `minutes is a whole number from 1 to ${MOST_MINUTES}`);
}

/** Minutes of a dashboard's own range such as `-PT3H`; CloudWatch's default is three hours. */
function rangeOf(start: string | undefined): number {
  const [, hours, minutes] = /^-PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(start ?? "") ?? [];
  const all = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return all >= 1 && all <= MOST_MINUTES ? all : 180;
}
