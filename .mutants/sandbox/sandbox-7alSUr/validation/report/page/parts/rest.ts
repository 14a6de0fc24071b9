import { markup, type Html } from "../html.ts";
import type { ReleaseStory, StoryTests } from "../story.ts";
import { modelWords } from "../../../../contract/release/release.ts";
import type { Typed } from "./words.ts";

const MOST_TEXT = 300;

/** Pre-traffic tests, with the worst examples. */
export function testsPart({ tests, waived }: ReleaseStory): Html {
  const known = waived.length === 0 ? "" : markup`<p>Waived: ${waived.join(", ")}.</p>`;
  if (tests === undefined)
    return markup`<h2>Pre-traffic tests</h2>
      <p>What was kept of this release has no numbers of its tests.</p>
      ${known}`;
  return markup`<h2>Pre-traffic tests: ${tests.outcome}</h2>
    <p>${tests.sentence}</p>
    ${known}
    <div class="wide" tabindex="0" role="group" aria-label="table, scrolls sideways">
      <table>
        <thead>
          <tr>
            <th>check</th>
            <th>answer</th>
            <th>what it saw</th>
          </tr>
        </thead>
        <tbody>
          ${tests.checks.map(
            ({ name, answer, reason, waived: let_go = false }) =>
              markup`<tr>
                <td>${name}</td>
                <td class="${answer === "fail" ? "fail" : answer === "pass" ? "pass" : ""}">
                  ${answer}${let_go ? " (waived)" : ""}
                </td>
                <td>${reason}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${worst(tests)}`;
}

const cut = (text: string) => (text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text);

const worst = ({ worst: examples }: StoryTests) =>
  examples.length === 0
    ? ""
    : markup`<h2>Worst examples</h2>
        <div class="wide" tabindex="0" role="group" aria-label="table, scrolls sideways">
          <table>
            <thead>
              <tr>
                <th>example</th>
                <th>input</th>
                <th>label</th>
                <th>candidate</th>
                <th>active slot</th>
              </tr>
            </thead>
            <tbody>
              ${examples.map(
                ({ id, input, label, candidate, active }) =>
                  markup`<tr>
                    <td>${id}</td>
                    <td>${cut(input)}</td>
                    <td>${cut(label)}</td>
                    <td>${cut(candidate)}</td>
                    <td>${active === undefined ? "-" : cut(active)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`;

export function settingsPart({ settings, model }: ReleaseStory): Html {
  const rows = [...(model === undefined ? [] : [["candidate", modelWords(model)] as const]), ...settings];
  return markup`<h2>Settings</h2>
    <div class="wide" tabindex="0" role="group" aria-label="table, scrolls sideways">
      <table>
        <tbody>
          ${rows.map(
            ([name, value]) =>
              markup`<tr>
                <th scope="row">${name}</th>
                <td>${value}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

export function sourcePart({ source }: ReleaseStory, typed: Typed): Html {
  const check =
    source.file === undefined
      ? ""
      : markup`<p>
          Computed again from the counts, by a program of its own:
          <code>${typed(`npx bluegreen verify ${source.file}`)}</code>
        </p>`;
  return markup`<h2>Where this comes from</h2>
    <p>${source.sentence}</p>
    ${check}`;
}
