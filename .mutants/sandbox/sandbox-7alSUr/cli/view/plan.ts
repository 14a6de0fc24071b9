import type { Detection } from "../../validation/core/planning/detection.ts";
import { releaseTasksWords } from "../../validation/core/planning/release-tasks.ts";
import type { PlanOutcome } from "../../validation/planning/plan.ts";
import { columns, dateTime, number, paragraph, percent, whole } from "../../validation/report/words.ts";

/** `npx bluegreen plan` on one screen. */
export function showPlan(outcome: PlanOutcome): string {
  const { refused, sentence, unknown } = outcome;
  return [
    ...pastLines(outcome),
    "",
    ...stepLines(outcome),
    "",
    ...errorLines(outcome),
    ...callLines(outcome),
    ...taskLines(outcome),
    "",
    ...lintLines(outcome),
    ...(unknown.length === 0
      ? []
      : ["", "Not known:", ...unknown.flatMap((note) => paragraph("  -", note, 4))]),
    "",
    ...paragraph("→", refused === undefined ? sentence : `${refused.code}: ${sentence}`, 2),
    ...(refused === undefined ? [] : paragraph("", refused.fix, 2)),
  ].join("\n");
}

function pastLines({ traffic, history, slow, quietMinutes, steps }: PlanOutcome): readonly string[] {
  const { requestsPerMinute, errorRate, dispersion, quietestHour, assumed } = traffic;
  const source = assumed
    ? "As assumed"
    : `From the last ${history.hours.toFixed(1)} hours (${whole(history.minutesWithRequests)} minutes with requests)`;
  const phi = `φ ${number(dispersion.phi)}${dispersion.assumed ? " (assumed)" : ""}`;
  const rate = `${whole(requestsPerMinute)} requests a minute, ${percent(errorRate)} failed, ${phi}`;
  const slowness = slow.map(({ quantile, seconds }) => `p${quantile * 100} ${number(seconds)} s`).join(", ");
  const first = steps[0];
  const quiet =
    quietestHour === undefined || first === undefined || first.share >= 100
      ? ""
      : ` In the quietest hour (${whole(quietestHour)} a minute) ${first.share} % sees enough after ${quietMinutes === undefined ? "more than a week" : `${whole(quietMinutes)} min`}.`;
  const slowNote = slowness === "" ? "" : ` Slow is measured from ${slowness}.`;
  return paragraph("", `${source}: ${rate}.${slowNote}${quiet}`, 0);
}

function stepLines({ steps, calls }: PlanOutcome): readonly string[] {
  const faults = steps[0]?.detections.map(({ fault }) => fault) ?? [];
  const head = ["share", "a minute", "sees enough", "goes on", ...faults];
  const rows = steps.map((step) => [
    `${step.share} %`,
    whole(step.candidatePerMinute),
    step.share >= 100 ? "no control" : minutes(step.seesAfterMinutes, `(${percent(step.maxBlindSpot)})`),
    minutes(step.advancesAfterMinutes, "", "not in time"),
    ...step.detections.map(detected),
  ]);
  return [
    ...columns([head, ...rows], "  "),
    "",
    ...paragraph(
      "",
      `"sees enough": a candidate that fails so many requests would have been rolled back, 4 times of 5. The columns after "goes on": minutes of counts until the comparison rolls back a candidate that fails so much more often, in half (in nine tenths) of 100 simulated releases, always the same ones; counts are ready about 3 minutes later. Looks every ${calls.pollSeconds} s.`,
      2,
    ),
  ];
}

const minutes = (value: number | undefined, more = "", never = "> a week") =>
  value === undefined ? never : `${whole(value)} min ${more}`.trim();

function detected({ isFault, medianMinutes, ninetiethMinutes }: Detection): string {
  if (!isFault) return "-";
  if (medianMinutes === undefined) return "> a day";
  return `${medianMinutes} (${ninetiethMinutes ?? "> a day"})`;
}

function errorLines({ falseRollback }: PlanOutcome): readonly string[] {
  const { comparison, alarms, runs } = falseRollback;
  const simulated = Object.entries(alarms).map(([gate, taken]) => `${gate} ${taken} of ${runs}`);
  // None of n: with 95 % certainty fewer than 3 / n (rule of three).
  const bound = Object.values(alarms).every((taken) => taken === 0)
    ? ` (surely less than ${percent(3 / runs)})`
    : "";
  const past =
    simulated.length === 0
      ? "the alarms have no past to try them on"
      : `alarms, on releases simulated from the past: ${simulated.join(", ")}${bound}`;
  const text = `A good model is rolled back by mistake: comparison at most ${percent(comparison)} of releases (alpha); ${past}.`;
  return paragraph("", text, 0);
}

function callLines({ calls }: PlanOutcome): readonly string[] {
  const { looks, perLook, pollSeconds, series, usd, price, region } = calls;
  const cost = `${whole(series)} series of GetMetricData, $${usd.toFixed(2)} at $${price.usd} per 1,000 (${region}; ${price.source}, ${price.asOf})`;
  const text = `A release takes ${whole(looks)} looks, one every ${pollSeconds} s, of ${perLook} AWS calls each; ${cost}. On the local cloud: nothing.`;
  return paragraph("", text, 0);
}

function taskLines({ release }: PlanOutcome): readonly string[] {
  const words = releaseTasksWords(release);
  return words === undefined ? [] : paragraph("", `Tasks: ${words}.`, 0);
}

function lintLines({ lints, lintedHours }: PlanOutcome): readonly string[] {
  const rows = lints.map(({ gate, thresholdKey, threshold, fired, lastFiredAt, quietLimit, quieter }) => [
    gate,
    thresholdKey === undefined ? String(threshold) : `${thresholdKey} ${threshold}`,
    fired === 0
      ? "never fired"
      : `fired ${whole(fired)} times, last ${dateTime(Date.parse(lastFiredAt ?? ""))}`,
    quietLimit === undefined
      ? "not measured"
      : `quiet ${quieter === "greater" ? "from" : "up to"} ${number(quietLimit)}`,
  ]);
  const title = `The thresholds on the active slot's last ${lintedHours.toFixed(1)} hours would have`;
  return [title, ...columns(rows, "  ")];
}
