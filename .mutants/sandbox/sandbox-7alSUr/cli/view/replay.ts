import type { ReplayOutcome } from "../../validation/insight/replay.ts";
import { clockTime, paragraph } from "../../validation/report/words.ts";

const MARGIN = 15;

/** `npx bluegreen replay`: what would have been said when, and how it would have ended. */
export function showReplay({ source, minutes, looks, sentence, notJudged }: ReplayOutcome): string {
  return [
    `${source}: ${minutes} minutes, judged one by one`,
    "",
    ...looks.flatMap(({ atMs, share, sentence: said }) =>
      paragraph(`${clockTime(atMs)}  ${String(share).padStart(3)} %`, said, MARGIN),
    ),
    "",
    ...sentence.split("\n").flatMap((line) => paragraph("→", line, 2)),
    ...paragraph("", `Not judged, because the past does not tell: ${notJudged.join("; ")}.`, 2),
  ].join("\n");
}
