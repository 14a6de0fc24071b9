import { createHash } from "node:crypto";
import { chartsOf } from "./charts.ts";
import { firstScreen } from "./first-screen.ts";
import { Html, markup } from "./html.ts";
import { firstPart } from "./parts/first.ts";
import { looksPart } from "./parts/looks.ts";
import { settingsPart, sourcePart, testsPart } from "./parts/rest.ts";
import type { Typed } from "./parts/words.ts";
import type { ReleaseStory } from "./story.ts";
import { STYLE } from "./style.ts";

// CSP level 3, 6.7.3: an inline sheet is allowed by the digest of what stands between its tags. Nothing else is, so a
// text from outside that got past the escaping would load and run nothing.
const POLICY = `default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;

// Without a space more or less: the digest is of all that stands between the tags.
const SHEET = new Html(`<style>${STYLE}</style>`);

/** One file that needs nothing else: no script, no font, no network. */
export function reportHtml(story: ReleaseStory, typed: Typed): string {
  const first = firstScreen(story);
  const title = `${first.word}: ${story.release}, ${story.stack}`;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        ${SHEET}
      </head>
      <body>
        <main>
          ${firstPart(story, first, typed)}
          <h2>Both slots, minute by minute</h2>
          <div class="charts">${chartsOf(story)}</div>
          ${looksPart(story)} ${testsPart(story)} ${settingsPart(story)} ${sourcePart(story, typed)}
        </main>
      </body>
    </html> `.markup;
}
