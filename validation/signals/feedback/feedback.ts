import { isOnEcs } from "../../../contract/names/running.ts";
import type { StackConfig } from "../../../contract/config/stack-config.ts";
import { SLOTS, type Slot } from "../../../contract/slot.ts";
import { UserError } from "../../errors.ts";
import { EXIT, type Outcome } from "../../outcome.ts";
import type { Context, Deployed, FoundPrediction, LoggedPrediction } from "../../ports.ts";
import { requireDeployed } from "../../stack/apply.ts";
import { lateLabels, lateLabelWords, type LateLabels } from "../late-labels.ts";
import { openLedger } from "../ledger/ledger.ts";
import { judgeLabel, type JudgeLabel } from "./judge-label.ts";
import { readRows } from "./read-rows.ts";
import { tellDashboard } from "./tell-dashboard.ts";
import type { FeedbackRow, Labelled } from "./row.ts";

export interface FeedbackOutcome extends Outcome {
  /** Rows that are kept, those that were known before among them. */
  readonly taken: number;
  /** Rows with the id of an earlier row of the file. */
  readonly repeated: number;
  /** Request ids that no log has: of requests that were not sampled, or that are not in the log yet. */
  readonly notFound: number;
  /** Rows that nobody can use, by the reason. */
  readonly unusable: Readonly<Record<string, number>>;
  /** Every row was brought before, in a file of the same rows. */
  readonly known: boolean;
  /** Why the dashboard does not show them; undefined: it does, or the stack compares no labels. */
  readonly untold: string | undefined;
  /** What labels say by now of the model that was promoted last; empty: they say it in its rollout. */
  readonly promoted: readonly LateLabels[];
}

/** Of many problems a person reads the first. */
const MOST_TOLD = 20;

/**
 * Takes what is known of predictions by now: finds the prediction of each row, says whether it was right, and keeps it in
 * the ledger by the minute of the prediction. All of the file or, where a row is malformed, nothing of it.
 */
export async function feedback(context: Context, text: string): Promise<FeedbackOutcome> {
  const deployed = await requireDeployed(context);
  const nowMs = context.clock.now();
  const { rows, repeated, problems } = readRows(text, nowMs);
  if (problems.length > 0) {
    const more = problems.length > MOST_TOLD ? [`and ${problems.length - MOST_TOLD} more`] : [];
    throw new UserError("BG340", `${[...problems.slice(0, MOST_TOLD), ...more].join("; ")}.`);
  }
  const store = context.labels(deployed.config.labels.bucket);
  const predictions = await findPredictions(context, deployed, rows, nowMs);
  const usable: Labelled[] = [];
  const unusable: Record<string, number> = {};
  let notFound = 0;
  const judge = judgeLabel(deployed.config);
  for (const row of rows) {
    const read = labelledBy(row, deployed.config, predictions, judge);
    if (read === undefined) notFound += 1;
    else if (typeof read === "string") unusable[read] = (unusable[read] ?? 0) + 1;
    else usable.push(read);
  }
  const { days, added } = await openLedger(context, store).add(usable, nowMs);
  const known = days > 0 && added === 0;
  const untold = await tellDashboard(context, deployed, usable);
  const promoted = await lateLabels(context, deployed);
  const outcome = { taken: usable.length, repeated, notFound, unusable, known, untold, promoted };
  return { exitCode: EXIT.done, sentence: sentenceOf(outcome), ...outcome };
}

function sentenceOf({
  taken,
  repeated,
  notFound,
  unusable,
  known,
  untold,
  promoted,
}: Omit<FeedbackOutcome, keyof Outcome>): string {
  return [
    `${taken} labels taken${known ? ", all of them known before" : ""}`,
    ...(repeated === 0 ? [] : [`${repeated} rows came twice in the file and count once`]),
    ...(notFound === 0
      ? []
      : [
          `${notFound} requests are not in the log: not sampled, or not there yet; sent again they count once`,
        ]),
    ...Object.entries(unusable).map(([why, count]) => `${count} left out: ${why}`),
    ...(untold === undefined ? [] : [`the dashboard was not told of them: ${untold}`]),
    ...lateLabelWords(promoted),
  ].join("; ");
}

const HOUR_MS = 3_600_000;
/** A user's clock is off by less. */
const AROUND_MS = 2 * 60_000;
/** Back from now, in hours, where a row does not say when its prediction was: most labels are of the last hour. */
const LOOK_BACK = [1, 6, 24, 24 * 7];

/** The log is read for the times that rows say; for the rows without one the newest part first, until all are found. */
async function findPredictions(
  { predictions }: Context,
  { outputs }: Deployed,
  rows: readonly FeedbackRow[],
  nowMs: number,
): Promise<ReadonlyMap<string, FoundPrediction>> {
  const services = new Map(
    SLOTS.flatMap((slot) => {
      const running = outputs.slots[slot].running;
      return running === undefined || !isOnEcs(running) ? [] : [[slot, running.serviceName] as const];
    }),
  );
  const found = new Map<string, FoundPrediction>();
  for (const { ids, fromMs, toMs } of searchesFor(rows, nowMs)) {
    const missing = new Set(ids.filter((id) => !found.has(id)));
    if (missing.size === 0) continue;
    for (const [id, one] of await predictions.find(services, missing, fromMs, toMs)) found.set(id, one);
  }
  return found;
}

interface Search {
  readonly ids: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
}

function searchesFor(rows: readonly FeedbackRow[], nowMs: number): readonly Search[] {
  const timed: string[] = [];
  const others: string[] = [];
  let [firstMs, lastMs] = [Infinity, -Infinity];
  for (const { of, atMs } of rows) {
    if (!("requestId" in of)) continue;
    (atMs === undefined ? others : timed).push(of.requestId);
    if (atMs === undefined) continue;
    [firstMs, lastMs] = [Math.min(firstMs, atMs), Math.max(lastMs, atMs)];
  }
  return [
    { ids: timed, fromMs: firstMs - AROUND_MS, toMs: lastMs + AROUND_MS },
    ...LOOK_BACK.map((hours, index) => ({
      ids: others,
      fromMs: nowMs - hours * HOUR_MS,
      toMs: nowMs - (LOOK_BACK[index - 1] ?? 0) * HOUR_MS,
    })),
  ];
}

const SEVERAL =
  "of a request id that the log has several times, of both slots or with different answers: nobody can tell which one it is of";

/** undefined: no log has its prediction. A text: why it is no label. */
function labelledBy(
  { id, of, says, segments }: FeedbackRow,
  config: StackConfig,
  predictions: ReadonlyMap<string, FoundPrediction>,
  judge: JudgeLabel,
): Labelled | string | undefined {
  const logged = "requestId" in of ? predictions.get(of.requestId) : undefined;
  if ("requestId" in of && logged === undefined) return undefined;
  if (logged === "several") return SEVERAL;
  const slot = logged?.slot ?? slotOf(of, config);
  if (slot === undefined) return "of a model version that no slot runs, or both do: name the slot";
  const atMs = logged?.atMs ?? ("atMs" in of ? of.atMs : undefined);
  if (atMs === undefined) return "without a time";
  const wrong = wrongOf(says, slot, logged, judge);
  if (typeof wrong === "string") return wrong;
  return {
    id,
    atMs,
    slot,
    version: logged?.version ?? config.slots[slot].modelVersion ?? "",
    segments: { ...logged?.segments, ...segments },
    wrong,
    loss: "loss" in says ? says.loss : undefined,
  };
}

function slotOf(of: FeedbackRow["of"], { slots }: StackConfig): Slot | undefined {
  if ("slot" in of) return of.slot;
  if (!("modelVersion" in of)) return undefined;
  const running = SLOTS.filter((slot) => slots[slot].modelVersion === of.modelVersion);
  return running.length === 1 ? running[0] : undefined;
}

function wrongOf(
  says: FeedbackRow["says"],
  slot: Slot,
  logged: LoggedPrediction | undefined,
  judge: JudgeLabel,
): boolean | string | undefined {
  if ("correct" in says) return !says.correct;
  if ("loss" in says) return undefined;
  const right = judge(slot, logged?.answer, says.label);
  return typeof right === "string" ? right : !right;
}
