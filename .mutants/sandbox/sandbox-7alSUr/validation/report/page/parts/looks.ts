import { blindWords, clockTime, number, percent, whole } from "../../words.ts";
import { evidenceWords } from "../charts.ts";
import { markup, type Html } from "../html.ts";
import type { LookComparison, ReleaseStory } from "../story.ts";
import { timelineOf, type LookStretch } from "../timeline.ts";

/** Every verdict with its evidence one click away. */
export function looksPart({ looks, events }: ReleaseStory): Html {
  const { stretches, left } = timelineOf(looks);
  const moved = events.map(({ at, sentence }) => markup`<li>${time(at)} ${sentence}</li>`);
  return markup`<h2>Looks and verdicts</h2>
    <p class="dim">
      ${looks.length} looks; those that said the same are together, with the evidence of the last of them.
      Times are UTC.${left === 0 ? "" : ` The ${left} oldest are left out here.`}
    </p>
    ${
      moved.length === 0
        ? ""
        : markup`<ul>
            ${moved}
          </ul>`
    }
    ${inRoom(stretches)}`;
}

/** The evidence of the newest, as far as a file has room that opens from a chat; of the others what was said. */
const ROOM_CHARACTERS = 150_000;

function inRoom(stretches: readonly LookStretch[]): readonly Html[] {
  let room = ROOM_CHARACTERS;
  const newestFirst = stretches.toReversed().map((stretch) => {
    const whole = stretchOf(stretch);
    room -= whole.markup.length;
    return room > 0 ? whole : markup`<p>${headOf(stretch)}</p>`;
  });
  return newestFirst.toReversed();
}

const headOf = ({ first, last, looks }: LookStretch) => {
  const when = looks === 1 ? time(first.at) : `${time(first.at)} to ${time(last.at)}, ${looks} looks`;
  return markup`<strong>${last.verdict}</strong> ${when}: ${cut(last.sentence)}`;
};

const MOST_TEXT = 600;
const cut = (text: string) => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);

const time = (at: string) => clockTime(Date.parse(at));

function stretchOf(stretch: LookStretch): Html {
  const { comparison, gates, reasons } = stretch.last;
  return markup`<details>
    <summary>${headOf(stretch)}</summary>
    <div>
      ${
        // What gates said is in their table.
        gates.length > 0 || reasons.length < 2
          ? ""
          : markup`<ul>
              ${reasons.slice(0, 12).map((one) => markup`<li>${cut(one)}</li>`)}
            </ul>`
      }
      ${comparison === undefined ? markup`<p>Nothing was compared.</p>` : comparedOf(comparison)}
      ${
        gates.length === 0
          ? ""
          : markup`<div class="wide" tabindex="0" role="group" aria-label="table, scrolls sideways">
              <table>
                <thead>
                  <tr>
                    <th>gate</th>
                    <th>about</th>
                    <th>answer</th>
                    <th>what it saw</th>
                  </tr>
                </thead>
                <tbody>
                  ${gates.map(gateRow)}
                </tbody>
              </table>
            </div>`
      }
    </div>
  </details> `;
}

function gateRow({ gate, about, answer, dryRun = false }: LookStretch["last"]["gates"][number]): Html {
  const tone = answer.kind === "fail" ? "fail" : answer.kind === "pass" ? "pass" : "";
  return markup`<tr>
    <td>${gate}</td>
    <td>${about}</td>
    <td class="${tone}">${ANSWERS[answer.kind]}${dryRun ? " (dry run)" : ""}</td>
    <td>${cut(answer.reason)}</td>
  </tr>`;
}

const ANSWERS = {
  pass: "pass",
  fail: "fail",
  noAnswer: "no answer",
  notApplicable: "not applicable",
} as const;

/** Both slots side by side, metric by metric. */
function comparedOf({ metrics, evidence, needed, share, blindSpot }: LookComparison): Html {
  const arm = ({ events, requests, rate }: LookComparison["metrics"][number]["candidate"]) =>
    `${whole(events)} of ${whole(requests)}${rate === undefined ? "" : ` (${percent(rate)})`}`;
  return markup`<p>
      Evidence of harm ${evidenceWords(evidence)} of ${number(needed)} needed · ${blindWords(share, blindSpot)} · candidate at
      ${share} %
    </p>
    <div class="wide" tabindex="0" role="group" aria-label="table, scrolls sideways">
      <table>
        <thead>
          <tr>
            <th>metric</th>
            <th>candidate</th>
            <th>active slot</th>
            <th>ratio</th>
            <th>evidence</th>
          </tr>
        </thead>
        <tbody>
          ${metrics.map(
            ({ name, candidate, active, ratio, contribution }) =>
              markup`<tr>
                <td>${name}</td>
                <td>${arm(candidate)}</td>
                <td>${arm(active)}</td>
                <td>${ratio.estimate === undefined ? "-" : number(ratio.estimate)}</td>
                <td>${number(contribution)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
