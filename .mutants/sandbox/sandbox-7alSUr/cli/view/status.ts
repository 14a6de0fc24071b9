import { SLOTS } from "../../contract/slot.ts";
import { notRunning } from "../../validation/core/runs.ts";
import type { WorkLook } from "../../validation/core/work.ts";
import type { SlotStatus, StatusOutcome } from "../../validation/insight/status.ts";
import { answerWords } from "../../validation/report/words.ts";
import { bar } from "./frame.ts";

/** `npx bluegreen status` on one screen. */
export function showStatus(status: StatusOutcome): string {
  const { sentence, url, elsewhere, slots, drift, warnings, labels, unreadable, next, generation, shadow } =
    status;
  const { cohorts, experiment, rollout } = status;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ! ${line}`)];
  return [
    sentence,
    "",
    ...SLOTS.flatMap((slot) => slotLines(slots[slot])),
    ...(shadow === undefined ? [] : [shadow]),
    ...(experiment === undefined ? [] : [experiment]),
    ...cohorts,
    ...(rollout?.look === undefined ? [] : lookLines(rollout.look)),
    `${url} · generation ${generation}`,
    ...(elsewhere === undefined ? [] : [`  ! ${elsewhere}`]),
    ...section("drift:", drift),
    ...section("manually:", warnings),
    ...section(
      "labels:",
      labels.map((one) => `${one.isAgainst ? "AGAINST: " : ""}${one.sentence}`),
    ),
    ...section("could not be read:", unreadable),
    `next: ${next}`,
  ].join("\n");
}

/** What the rollout waits for, as its last check has said it. */
function lookLines({ at, sentence, nextAt }: WorkLook): readonly string[] {
  const next = nextAt === undefined ? "it checks right now" : `next check at ${timeOf(nextAt)}`;
  return [`last check at ${timeOf(at)}: ${sentence}`, `${next} (the cloud's time, UTC)`, ""];
}

const timeOf = (isoTime: string) => isoTime.slice(11, 19);

function slotLines(slot: SlotStatus): readonly string[] {
  const { role, image, modelVersion, liveShare, configuredShare, answers } = slot;
  const share = liveShare === undefined ? `? (configured ${configuredShare} %)` : `${liveShare} %`;
  const head = `${slot.slot.padEnd(5)} ${bar(liveShare ?? 0)} ${share.padStart(5)}  ${role}`;
  if (image === undefined) return [head, ""];
  const model = `${shortened(image)}, version ${modelVersion ?? "unknown"}`;
  const alarms = Object.entries(slot.alarms).map(([key, state]) =>
    state === "recovering"
      ? `${key} recovering (healthy now, its alarm still holds the minutes before)`
      : `${key} ${state}`,
  );
  const lines = [
    ...runsLines(slot, model),
    alarms.join(" · "),
    ...(answers === undefined ? [] : [`answers in the last hour: ${answerWords(answers)}`]),
  ];
  return [head, ...lines.map((line) => `      ${line}`), ""];
}

/** Where a tag tells images apart for people, a part of the digest is enough; the JSON has it whole. */
const shortened = (image: string) => image.replace(/^([^@]*:[^@]*@sha256:[0-9a-f]{12})[0-9a-f]{52}$/, "$1…");

/** The model that was requested, and the tasks that run: not always its own. */
function runsLines(
  { runs, requested, healthyTasks, minTasks }: SlotStatus,
  model: string,
): readonly string[] {
  const healthy = `${healthyTasks ?? "?"} healthy`;
  const tasks = `${healthy} of ${minTasks} tasks at least`;
  switch (runs.kind) {
    case "other":
    case "failed": {
      const whose = runs.kind === "other" ? `, of ${runs.taskDefinition}` : "";
      return [`requested: ${model} (${requested})`, `! ${notRunning(runs)}; ${healthy}${whose}`];
    }
    case "starting":
      return [`${model}; is being started: ${tasks}, with those of the model before`];
    case "unknown":
      return [`requested: ${model}; what runs is not known; ${tasks}`];
    case "external":
      return [`${model}; filled by something else: ${healthy} of ${minTasks} targets at least`];
    case "nothing":
    case "requested":
      return [`${model}; ${tasks}`];
  }
}
