import { BELIEFS } from "./beliefs.ts";
import type { Belief } from "./belief.ts";
import type { Finding, Findings } from "./results.ts";

/** The tables of docs/aws-findings.md. */
export function findingsTables(findings: Findings): string {
  return Object.entries<readonly Belief[]>(BELIEFS)
    .map(([heading, beliefs]) =>
      [
        `### ${heading}`,
        "",
        "| belief | state | from | who leans on it | proven by |",
        "|---|---|---|---|---|",
        ...beliefs.map(
          (belief) =>
            `| ${belief.words} | ${stateWords(findings[belief.id])} | ${belief.from} | ${belief.leansOn} | ${proofWords(belief)} |`,
        ),
      ].join("\n"),
    )
    .join("\n\n");
}

// A message of AWS's may hold what would end a cell.
const cell = (text: string) => text.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");

export function stateWords(finding: Finding | undefined): string {
  if (finding === undefined) return "believed";
  const { state, why, on, region } = finding;
  const words = {
    seen: "**seen on**",
    failed: "**failed on**",
    couldNotTell: "believed; could not tell on",
  }[state];
  return `${words} ${on} (${region}): ${cell(why)}`;
}

const proofWords = ({ id, proof }: Belief) =>
  "none" in proof ? `not by a run: ${proof.none}` : `\`${proof.experiment}\`: ${id}`;
