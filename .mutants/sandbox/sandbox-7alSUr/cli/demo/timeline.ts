import { SLOTS, type Slot } from "../../contract/slot.ts";
import { bar } from "../view/frame.ts";
import type { ShareChange } from "./story.ts";
import { failed, type Answer } from "./traffic.ts";

export interface TimelineInput {
  readonly answers: readonly Answer[];
  readonly changes: readonly ShareChange[];
  /** Which slot each version runs on. */
  readonly slotOf: Readonly<Record<string, Slot>>;
  readonly speed: number;
  readonly slowSeconds: number;
}

const WIDTH = 10;

/** One line a virtual minute: who had which share, and what users got from each slot. */
export function timeline({ answers, changes, slotOf, speed, slowSeconds }: TimelineInput): string {
  const first = answers[0];
  if (first === undefined) return "nobody asked anything";
  const minuteOf = (realMs: number) => Math.floor(((realMs - first.realMs) / 60_000) * speed);
  const minutes = Map.groupBy(answers, ({ realMs }) => minuteOf(realMs));
  const lines = [...minutes]
    .toSorted(([a], [b]) => a - b)
    .map(([minute, inMinute]) => {
      const so = changes.filter(({ realMs }) => minuteOf(realMs) <= minute);
      const shares = so.at(-1)?.shares ?? { blue: 100, green: 0 };
      const cells = SLOTS.map((slot) => {
        const own = inMinute.filter(({ version }) => version !== undefined && slotOf[version] === slot);
        return `${String(shares[slot]).padStart(3)} % ${bar(shares[slot], WIDTH)} ${counts(own, slowSeconds)}`;
      });
      const notes = so.filter(({ realMs }) => minuteOf(realMs) === minute).map(({ note }) => note);
      return `${String(minute).padStart(3)}  ${cells.join("   ")}  ${notes.join(" · ")}`.trimEnd();
    });
  const head = (slot: Slot) =>
    `${slot.padEnd(5)} ${" ".repeat(WIDTH)} ${"asked".padStart(6)} ${"failed".padStart(6)} ${"slow".padStart(5)}`;
  return [`min  ${SLOTS.map(head).join("   ")}`, ...lines].join("\n");
}

function counts(answers: readonly Answer[], slowSeconds: number): string {
  if (answers.length === 0) return `${"·".padStart(6)} ${"·".padStart(6)} ${"·".padStart(5)}`;
  const slow = answers.filter(({ seconds }) => seconds > slowSeconds).length / answers.length;
  const cells = [answers.length, answers.filter(failed).length].map((count) => String(count).padStart(6));
  return `${cells.join(" ")} ${`${Math.round(slow * 100)} %`.padStart(5)}`;
}
