import { JUDGING_ALARM_KEYS } from "../../../contract/alarms/alarm-catalog.ts";
import type { Compared } from "../../../contract/release/compared.ts";
import { otherSlot, type Slot } from "../../../contract/slot.ts";
import { readComparison } from "../../rollout/reading/read-counts.ts";
import { iso } from "../../core/iso.ts";
import { sharesOf } from "../../core/shares.ts";
import { UserError } from "../../errors.ts";
import { measureRequests } from "../../rollout/observe.ts";
import type { MeasureRequest } from "../../measures.ts";
import type { Context, Deployed } from "../../ports.ts";
import { refuseTooLong, type Past } from "./past.ts";

export interface PastWanted {
  /** Epoch ms; undefined: as the last release shared users. */
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly candidate: Slot | undefined;
}

const MINUTE_MS = 60_000;
const MOST_UPDATES = 2_000;

/** Reads from CloudWatch what the judge would have read at its end; five calls to AWS. */
export async function readPast(context: Context, deployed: Deployed, wanted: PastWanted): Promise<Past> {
  const { config } = deployed;
  const candidate = wanted.candidate ?? config.release?.slot ?? otherSlot(config.activeSlot);
  const windows = windowsOf(context.clock.now(), deployed, wanted);
  const endMs = Date.parse(windows.at(-1)?.to ?? "");
  const compared: Compared = { active: "", attempt: 1, windows };
  // A time that a person names may be of any release.
  const known = wanted.fromMs === undefined ? config.release?.compared : undefined;
  const slots = { candidate, active: otherSlot(candidate) } as const;
  const others = (["candidate", "active"] as const).flatMap((arm) =>
    measureRequests(deployed, slots[arm]).map((request): MeasureRequest => ({
      ...request,
      id: `${arm}-${request.id}`,
    })),
  );
  const then: Context = { ...context, clock: { ...context.clock, now: () => endMs } };
  const { data, others: measured } = await readComparison(
    then,
    deployed,
    candidate,
    compared,
    { isPast: true },
    others,
  );
  const hasBoth = data.minutes.some(({ candidate: one, active: other }) => one.requests * other.requests > 0);
  if (!hasBoth) {
    const where = `${windows.map(({ from, to }) => `${from} to ${to}`).join(", ")}`;
    throw new UserError("BG202", `In no minute of ${where} did both slots have requests.`);
  }
  const valuesOf = (id: string) => {
    const by = new Map((measured.get(id) ?? []).map(({ atMs, value }) => [atMs, value]));
    return data.minutes.map(({ atMs }) => by.get(atMs));
  };
  const alarms = Object.fromEntries(
    JUDGING_ALARM_KEYS.map((key) => [
      key,
      { candidate: valuesOf(`candidate-${key}`), active: valuesOf(`active-${key}`) },
    ]),
  );
  const fromMs = data.minutes[0]?.atMs ?? 0;
  const shares = sharesOf(await context.store.updates(MOST_UPDATES), candidate);
  return {
    source: "CloudWatch",
    candidate,
    data,
    // Only what was true in this time; what the history cannot tell is taken from the counts.
    shares: shares.some((share) => share.fromMs <= endMs && share.percent > 0 && lasts(shares, share, fromMs))
      ? shares
      : [],
    sticky: config.service.stickinessSeconds > 0,
    attempt: known?.attempt,
    schedule: known?.schedule,
    alarms,
  };
}

/** Whether a share was still asked for at a time. */
function lasts(
  shares: readonly { readonly fromMs: number }[],
  share: { readonly fromMs: number },
  atMs: number,
): boolean {
  const next = shares[shares.indexOf(share as (typeof shares)[number]) + 1];
  return next === undefined || next.fromMs > atMs;
}

function windowsOf(nowMs: number, { config }: Deployed, { fromMs, toMs }: PastWanted): Compared["windows"] {
  const last = config.release?.compared?.windows ?? [];
  const endMs = Math.min(toMs ?? nowMs, nowMs);
  const asked = fromMs === undefined ? last : [{ from: iso(fromMs) }];
  const windows = asked
    .filter(({ from }) => fromMs !== undefined || Date.parse(from) < endMs)
    .map(({ from, to }) => ({ from, to: iso(Math.min(endMs, to === undefined ? endMs : Date.parse(to))) }));
  if (windows.length === 0) {
    const until = toMs === undefined ? "yet" : `before ${iso(toMs)}`;
    throw new UserError("BG202", `No release of this stack has shared users ${until}.`);
  }
  const minutes = windows.reduce(
    (sum, { from, to }) => sum + (Date.parse(to) - Date.parse(from)) / MINUTE_MS,
    0,
  );
  refuseTooLong(minutes, { have: "It asks for", fix: "Choose a part with --from and --to" });
  return windows;
}
