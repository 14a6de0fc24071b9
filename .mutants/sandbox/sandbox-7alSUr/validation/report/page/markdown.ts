import { otherSlot } from "../../../contract/slot.ts";
import { clockTime } from "../words.ts";
import { readable } from "./html.ts";
import { firstScreen, type Deciding } from "./first-screen.ts";
import type { Typed } from "./parts/words.ts";
import type { ReleaseStory } from "./story.ts";
import { timelineOf } from "./timeline.ts";

/** The report for a step summary or a pull request: the first screen in the same words, and the timeline. */
export function reportMarkdown(story: ReleaseStory, typed: Typed, link?: string): string {
  const first = firstScreen(story);
  const items = (lines: readonly string[]) => lines.map((line) => `- ${escape(typed(line))}`);
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ["", `**${title}**`, "", ...lines];
  const sign = { good: "✅", bad: "⛔", open: "⏳" }[first.tone];
  return [
    `### ${sign} ${first.word}: ${escape(first.what)}`,
    "",
    `Stack ${escape(story.stack)} · release ${escape(story.release)} · ${first.when}`,
    ...section("Why", [
      ...(first.deciding === undefined ? [] : deciding(story, first.deciding)),
      ...items([...first.why, ...(first.evidence === undefined ? [] : [first.evidence.words])]),
    ]),
    ...section("Who was affected", items(first.affected)),
    ...section("What was proven", provenTable(first.proven)),
    ...section("What was not proven", items(first.notProven)),
    ...section("Where traffic is now", [escape(first.traffic)]),
    ...section(
      "What to do next",
      first.next.map(
        ({ say, command }, at) =>
          `${at + 1}. ${escape(say)}${command === undefined ? "" : ` \`${typed(command)}\``}`,
      ),
    ),
    ...section("Looks", timeline(story)),
    ...(link === undefined ? [] : ["", `[The whole report, with charts](${link})`]),
    "",
  ].join("\n");
}

const deciding = (
  { slot }: ReleaseStory,
  { name, candidate, candidateOf, active, activeOf, times, interval }: Deciding,
) => [
  `| ${escape(name)} | ${slot}, candidate | ${otherSlot(slot)}, active | ratio |`,
  "|---|---|---|---|",
  `| | **${candidate}** (${escape(candidateOf)}) | **${active}** (${escape(activeOf)}) | ${times === undefined ? "-" : `× ${times}`}${interval === undefined ? "" : `, ${escape(interval)}`} |`,
  "",
];

function provenTable(steps: ReturnType<typeof firstScreen>["proven"]): readonly string[] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ share, seen, proof, ratios }) => {
    const detected = seen === undefined ? "nobody to compare with" : `failing ${seen} or more`;
    return `| ${share} % | ${[detected, ...(proof === undefined ? [] : [escape(proof)])].join("<br>")} | ${ratios.map(escape).join("<br>")} |`;
  });
  return ["| step | would have been seen | ratio to the active slot |", "|---|---|---|", ...rows];
}

const MOST_LINES = 40;

function timeline({ looks }: ReleaseStory): readonly string[] {
  const { stretches, left } = timelineOf(looks);
  const shown = stretches.slice(-MOST_LINES);
  const more = left + stretches.length - shown.length;
  return [
    ...(more === 0 ? [] : [`- ${more} earlier ones are in the whole report`]),
    ...shown.map(({ first, last, looks: count }) => {
      const until = count === 1 ? "" : ` to ${clockTime(Date.parse(last.at))}, ${count} looks`;
      return `- ${clockTime(Date.parse(first.at))}${until}: ${escape(last.sentence)}`;
    }),
  ];
}

/** Text from outside is no markup, no mention of a person and no reference to an issue (GitHub's own Markdown). */
const escape = (text: string) =>
  readable(text)
    .replaceAll(/[\\`*_{}[\]<>|#~]/g, (sign) => `\\${sign}`)
    .replaceAll("@", "@\u200b")
    .replaceAll(/\s+/g, " ");
