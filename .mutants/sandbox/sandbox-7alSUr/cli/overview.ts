import type { PlacedVerb } from "./verbs/define.ts";
import { ROOMS, type Room } from "./verbs/rooms.ts";

const COLUMNS = 80;
const INDENT = 2;
const NAMES = 18;

/** `npx bluegreen --help`: the verbs in groups, one screen of them; what each takes, its own help says. */
export function overview(verbs: readonly PlacedVerb[]): string {
  // Object.entries forgets which keys a constant has.
  const rooms = Object.entries(ROOMS) as readonly (readonly [Room, string])[];
  return [
    "Releases of machine-learning models: on AWS, or on a local AWS emulator.",
    "Usage: npx bluegreen <verb> [options]",
    ...rooms.flatMap(([room, title]) =>
      groupOf(
        title,
        verbs.filter((verb) => verb.room === room),
      ),
    ),
    "Options of a verb: npx bluegreen <verb> --help. Version: npx bluegreen --version",
    "",
  ].join("\n");
}

function groupOf(title: string, verbs: readonly PlacedVerb[]): readonly string[] {
  const inOrder = verbs.toSorted((a, b) => a.order - b.order);
  const seldom = inOrder.filter(({ isSeldom }) => isSeldom).map(({ usage }) => usage.split(" ")[0]);
  return [
    `${title}:`,
    ...inOrder
      .filter(({ isSeldom }) => !isSeldom)
      .map(({ usage, about, brief = about }) => row(usage, brief)),
    ...(seldom.length === 0 ? [] : [row("also", seldom.join(", "))]),
  ];
}

const row = (name: string, text: string): string =>
  `${" ".repeat(INDENT)}${name.padEnd(NAMES)}${shortened(text, COLUMNS - INDENT - NAMES)}`;

/** Up to where the sentence may pause, or else to the last whole word. */
function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  const start = text.slice(0, most);
  const pause = Math.max(...[",", ";", ":"].map((sign) => start.lastIndexOf(sign)));
  return pause > most / 3 ? start.slice(0, pause) : `${start.slice(0, start.lastIndexOf(" "))} …`;
}
