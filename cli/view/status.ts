import { SLOTS } from "../../contract/slot.ts";
import type { SlotStatus, StatusOutcome } from "../../validation/status.ts";
import { bar } from "./frame.ts";

/** `npx bluegreen status` on one screen. */
export function showStatus(status: StatusOutcome): string {
  const { sentence, url, slots, drift, unreadable, next, generation } = status;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [title, ...lines.map((line) => `  ! ${line}`)];
  return [
    sentence,
    "",
    ...SLOTS.flatMap((slot) => slotLines(slots[slot])),
    `${url} · generation ${generation}`,
    ...section("drift:", drift),
    ...section("could not be read:", unreadable),
    `next: ${next}`,
  ].join("\n");
}

function slotLines(slot: SlotStatus): readonly string[] {
  const { role, image, modelVersion, liveShare, configuredShare, healthyTasks, minTasks } = slot;
  const share = liveShare === undefined ? `? (configured ${configuredShare} %)` : `${liveShare} %`;
  const head = `${slot.slot.padEnd(5)} ${bar(liveShare ?? 0)} ${share.padStart(5)}  ${role}`;
  if (image === undefined) return [head, ""];
  const tasks = `${healthyTasks ?? "?"} healthy of ${minTasks} tasks at least`;
  const alarms = Object.entries(slot.alarms).map(([key, state]) => `${key} ${state}`);
  return [
    head,
    `      ${image}, version ${modelVersion ?? "unknown"}; ${tasks}`,
    `      ${alarms.join(" · ")}`,
    "",
  ];
}
