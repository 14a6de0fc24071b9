import { otherSlot } from "../../../../contract/slot.ts";
import { markup, type Html } from "../html.ts";
import type { Deciding, FirstScreen } from "../first-screen.ts";
import type { ReleaseStory } from "../story.ts";
import { words, type Typed } from "./words.ts";

/** What is to be seen without scrolling at 1280 by 800. */
export function firstPart(story: ReleaseStory, first: FirstScreen, typed: Typed): Html {
  const { tone, word, what, when } = first;
  return markup`<header class="${tone}">
      <h1><span class="word">${word}:</span> ${what}</h1>
      <p>${story.stack} · release ${story.release} · ${when}</p>
    </header>
    <div class="first">
      <div class="stack">
        ${card(tone === "good" ? "Why it was promoted" : "Why we believe it", whyOf(story, first))}
        ${tone === "good" ? card("What was proven", provenOf(first)) : ""}
        ${
          tone !== "good"
            ? card("Who was affected", list(first.affected, typed))
            : card(
                "What was not proven",
                markup`<ul>
                  ${first.notProven.map((one) => markup`<li>${words(one, typed)}</li>`)}
                </ul>`,
              )
        }
      </div>
      <div class="stack">
        ${card("Where traffic is now", trafficOf(first))}
        ${card(
          "What to do next",
          markup`<ol>
            ${first.next.map(({ say, command }) => markup`<li>${say} ${command === undefined ? "" : markup`<code>${typed(command)}</code>`}</li>`)}
          </ol>`,
        )}
        ${tone === "good" ? card("Who was on it", list(first.affected, typed)) : ""}
      </div>
    </div> `;
}

const card = (title: string, body: Html) =>
  markup`<section class="card">
    <h2 class="h3">${title}</h2>
    ${body}
  </section>`;
const list = (lines: readonly string[], typed: Typed) =>
  markup`${lines.map((line) => markup`<p>${words(line, typed)}</p>`)}`;

/** What decided stands first: the two numbers of the comparison, or what an alarm or a person said. */
function whyOf({ slot }: ReleaseStory, { why, deciding, evidence }: FirstScreen): Html {
  const isCompared = evidence !== undefined && evidence.value >= evidence.needed;
  const reasons = why.map((one, at) =>
    at === 0 && !isCompared ? markup`<p class="lead">${one}</p>` : markup`<p>${one}</p>`,
  );
  const numbers = markup`${deciding === undefined ? "" : pairOf(slot, deciding, isCompared)}
  ${
    evidence === undefined
      ? ""
      : markup`${meter(evidence)}
          <p class="dim">${evidence.words}</p>`
  }`;
  return isCompared ? markup`${numbers}${reasons}` : markup`${reasons}${numbers}`;
}

const pairOf = (slot: ReleaseStory["slot"], deciding: Deciding, decided: boolean) =>
  markup`<p>${decided ? "What decided" : "Most evidence"}: <strong>${deciding.name}</strong></p>
    <div class="pair">
      <div>
        <span class="slot ${slot}">${slot}, candidate</span><span class="big">${deciding.candidate}</span
        ><span class="dim">${deciding.candidateOf}</span>
      </div>
      <div>
        <span class="slot active ${otherSlot(slot)}">${otherSlot(slot)}, active</span
        ><span class="big">${deciding.active}</span><span class="dim">${deciding.activeOf}</span>
      </div>
      <div>${deciding.times === undefined ? "" : markup`<span class="big">× ${deciding.times}</span>`}</div>
    </div>
    ${deciding.interval === undefined ? "" : markup`<p class="dim">${deciding.interval}</p>`}`;

const METER_TOP = 1e6;

/** Evidence on the scale on which it grows evenly, from 1 to a million. */
function meter({ value, needed }: { readonly value: number; readonly needed: number }): Html {
  const at = (one: number) => Math.round((100 * Math.log10(Math.min(METER_TOP, Math.max(1, one)))) / 6);
  const isOver = value >= needed;
  return markup`<svg class="meter" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
    <rect class="rail" width="100" height="12" />
    <rect class="fill${isOver ? " over" : ""}" width="${at(value)}" height="12" />
    <path class="limit" vector-effect="non-scaling-stroke" d="M${at(needed)} 0V12" />
  </svg>`;
}

function trafficOf({ traffic, split }: FirstScreen): Html {
  const bar =
    split === undefined
      ? ""
      : markup`<svg class="split" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect class="blue" width="${split.blue}" height="10" />
          <rect class="green" x="${split.blue}" width="${split.green}" height="10" />
        </svg>`;
  return markup`<p><strong>${traffic}</strong></p>
    ${bar}`;
}

const provenOf = ({ proven }: FirstScreen) =>
  proven.length === 0
    ? markup`<p>Nothing: the slots were not compared.</p>`
    : markup`<div class="wide" tabindex="0" role="group" aria-label="table, scrolls sideways">
        <table>
          <thead>
            <tr>
              <th>step</th>
              <th>would have been seen</th>
              <th>ratio to the active slot</th>
            </tr>
          </thead>
          <tbody>
            ${proven.map(
              ({ share, seen, proof, ratios }) =>
                markup`<tr>
                  <td>${share} %</td>
                  <td>
                    ${seen === undefined ? "nobody to compare with" : `failing ${seen} or more`}${proof === undefined ? "" : markup`<br /><span class="dim">${proof}</span>`}
                  </td>
                  <td>${ratios.map((one) => markup`${one}<br />`)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`;
