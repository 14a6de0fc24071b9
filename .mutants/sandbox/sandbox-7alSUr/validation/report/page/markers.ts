import type { ReleaseStory, StoryLook } from "./story.ts";
import type { Marker } from "./svg/chart.ts";

const MOST = 60;

/** What is drawn into every chart: each new share of the candidate, each time that users went back, and the end. */
export function markersOf({ looks, slot, end }: ReleaseStory): readonly Marker[] {
  const markers: Marker[] = [];
  let share: number | undefined;
  for (const look of looks) {
    const now = shareAfter(look, slot);
    const kind = kindOf(look, now !== undefined && now > 0 && now !== share);
    const ms = kind === "step" ? liveSince(looks, look, now) : Date.parse(look.at);
    if (kind !== undefined) markers.push({ ms, kind, label: labelOf(look, now) });
    share = now ?? share;
  }
  const last = markers.at(-1)?.label;
  const isDrawn = end === undefined || last === END_LABELS[end.result];
  const own: readonly Marker[] = isDrawn
    ? []
    : [
        {
          ms: Date.parse(end.at),
          label: END_LABELS[end.result],
          kind: end.result === "rolledBack" ? "back" : "end",
        },
      ];
  return [...markers, ...own].slice(-MOST);
}

const END_LABELS = { promoted: "promoted", rolledBack: "rolled back", replaced: "replaced" } as const;

function kindOf({ verdict }: StoryLook, isNew: boolean): Marker["kind"] | undefined {
  if (verdict === "promote") return "end";
  if (verdict === "retreat" || verdict === "rollback") return "back";
  return isNew ? "step" : undefined;
}

function labelOf({ verdict }: StoryLook, share: number | undefined): string {
  if (verdict === "promote") return END_LABELS.promoted;
  if (verdict === "rollback") return END_LABELS.rolledBack;
  return verdict === "retreat" ? "users back" : `${share} %`;
}

/** A look has ended some time after the share that it gave was live; the next comparison knows since when. */
function liveSince(looks: ReleaseStory["looks"], look: StoryLook, share: number | undefined): number {
  const atMs = Date.parse(look.at);
  const next = looks
    .slice(looks.indexOf(look))
    .find(({ comparison }) => comparison !== undefined)?.comparison;
  return next?.share === share && next !== undefined ? Math.min(atMs, Date.parse(next.stepSince)) : atMs;
}

const shareAfter = ({ split, comparison }: StoryLook, slot: "blue" | "green") =>
  split?.[slot] ?? comparison?.share;
