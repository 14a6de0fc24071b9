import { quantile } from "./bounds.ts";
import { HORIZON_MINUTES } from "./cell.ts";
import { PEERS } from "./plan.ts";
import { worldRows } from "./worlds/tables.ts";
import type { BenchResult, Detection, FaultResult, SeenBy } from "./result.ts";

/** What docs/decision.md shows of the committed result. */
export function tablesOf(result: BenchResult): string {
  return [summary(result), falseRollbacks(result), gross(result), faults(result), worlds(result)].join(
    "\n\n",
  );
}

const HARMED_BEGINS = "Until it is rolled back, a bad candidate";

/** The README with its sentence on the users that a bad candidate harms, compared with the best peer. */
export function withHarmedSentence(readme: string, result: BenchResult): string {
  const line = readme.split("\n").find((one) => one.startsWith(HARMED_BEGINS));
  if (line === undefined) throw new Error(`README.md has no line that begins with "${HARMED_BEGINS}"`);
  return readme.replace(line, () => harmedSentence(result));
}

function harmedSentence({ usersHarmedRatio }: BenchResult): string {
  const ratios = Object.entries(usersHarmedRatio).map(([cell, ratio]) => {
    if (ratio === null)
      throw new Error(`no peer left good candidates alone, so "${cell}" compares with nobody`);
    return ratio;
  });
  const best = percent(Math.min(...ratios), 0);
  const worst = percent(Math.max(...ratios), 0);
  return `${HARMED_BEGINS} fails ${percent(quantile(ratios, 0.5), 0)} (in ${ratios.length} scenarios ${best} to ${worst}) of the requests that it fails under the best single setting of Argo Rollouts, Flagger, CloudWatch alarms or Kayenta's judge: \`npm run bench:decision -- --full\`, [docs/decision.md](docs/decision.md).`;
}

const percent = (part: number, digits = 2) => `${(100 * part).toFixed(digits)} %`;

function summary(result: BenchResult): string {
  const { worstFalseRollback: worst, worstClustered: clustered } = result;
  const grid = result.cells.filter((one) => one.kind === "grid");
  const within = (medians: readonly number[]) => medians.filter((one) => one < HORIZON_MINUTES).length;
  const seed = result.cells[0]?.seed;
  const rows = [
    [
      "false rollbacks in 24 h, worst cell",
      `${percent(worst.rate)}, at most ${percent(worst.upper95)} (${worst.cell})`,
      "≤ 1 %, at most 1.5 %",
    ],
    [
      "the same where failures are clustered",
      `${percent(clustered.rate)}, at most ${percent(clustered.upper95)} (${clustered.cell})`,
      "≤ 2 %, at most 2.5 %",
    ],
    [
      `of ${grid.length} bad candidates seen within 24 h (median)`,
      `ours ${within(grid.map(({ ours }) => ours))}; one setting for all ${within(grid.map(({ oneSetting }) => oneSetting))}; tuned for each cell ${within(grid.map(({ robust }) => robust))}; oracle ${within(grid.map(({ oracle }) => oracle))}`,
      "",
    ],
    ["seen only by ours, peers with one setting", String(result.onlyOurs), "≥ 120"],
    [
      "slower than 1.25 × the best rules with one setting + 1 period",
      String(result.beyondToleranceOneSetting),
      "0",
    ],
    ["slower than 1.5 × the rule tuned for the cell + 1 period", String(result.beyondToleranceRobust), "0"],
    ["ours / oracle, 90th percentile", result.oracleRatioP90?.toFixed(2) ?? "", "≤ 2.0"],
  ];
  return [`Seed ${seed}.`, "", markdown([["measured", "", "bar"], ...rows])].join("\n");
}

function falseRollbacks({ cells }: BenchResult): string {
  const nulls = cells.filter((one) => one.kind === "null");
  const names = Object.keys(nulls[0]?.peers ?? {});
  return [
    "### Good candidates rolled back within 24 hours",
    "",
    "One check a minute; *at most* is Clopper and Pearson's exact 95 % bound.",
    "",
    markdown([
      ["traffic (600/min, 10 % share, 0.5 % failing unless said)", "runs", "ours", "at most", ...names],
      ...nulls.map(({ cell, runs, rate, upper95, peers }) => [
        cell,
        String(runs),
        percent(rate),
        percent(upper95),
        ...names.map((name) => percent(peers[name] ?? Number.NaN, 1)),
      ]),
    ]),
  ].join("\n");
}

const seen = ({ periods, part, needed }: SeenBy) =>
  `${percent(part, 1)} by minute ${periods}${part < needed ? ` (**missed**: ${percent(needed, 0)})` : ""}`;

function gross({ cells }: BenchResult): string {
  return [
    "### Gross failure: 20 % of the requests",
    "",
    "Part of the runs in which it was seen by the n-th complete minute.",
    "",
    markdown([
      ["fault", "comparison, φ known", "comparison, φ estimated", "whole verdict"],
      ...cells
        .filter((one) => one.kind === "gross")
        .map(({ cell, comparisonPhiKnown, comparison, verdict }) => [
          cell,
          seen(comparisonPhiKnown),
          seen(comparison),
          seen(verdict),
        ]),
    ]),
  ].join("\n");
}

const SHOWN = [PEERS.counter, PEERS.alarm, "Kayenta, 60 min", PEERS.tuned];

const detection = (found: Detection | undefined) =>
  found === undefined ? "" : `${found.median ?? "–"} min · ${Math.round(found.harmed)}`;

function faults({ cells, usersHarmedRatio }: BenchResult): string {
  const found = cells.filter((one): one is FaultResult => one.kind === "fault" || one.kind === "slow");
  return [
    "### Faults: median minutes until rolled back · failed requests of users until then",
    "",
    "– is more than 24 hours. The last column is ours divided by the best peer with one setting.",
    "",
    markdown([
      ["fault", "ours", ...SHOWN, "users harmed"],
      ...found.map(({ cell, ours, peers }) => [
        cell,
        detection(ours),
        ...SHOWN.map((name) => detection(peers[name])),
        usersHarmedRatio[cell]?.toFixed(3) ?? "",
      ]),
    ]),
  ].join("\n");
}

function worlds(result: BenchResult): string {
  const { worlds: found, usersHarmedInReleases } = result;
  const ratios = Object.entries(usersHarmedInReleases).map(([cell, ratio]) => [
    cell,
    ratio?.toRetreat.toFixed(3) ?? "",
    ratio?.toEnd.toFixed(3) ?? "",
  ]);
  return [
    "### Whole releases",
    "",
    "Shipped defaults, minute by minute through judge, gates and state machine, retreats and resumptions included; 600 requests a minute, 0.5 % failing unless said. First good candidates (*at most* is the exact 95 % bound; *minutes* is the median until the end), then bad ones (medians of failed requests). A minute counts two minutes after its end, and *back by minute 3* is when the third has counted.",
    "",
    markdown(worldRows(found, (bar) => `(**missed**: ${bar})`)),
    "",
    "### Users harmed in whole releases",
    "",
    "The faults of the table above at their share, with all resumptions at half of it: failed requests of users, divided by the best peer with one setting.",
    "",
    markdown([["fault", "until users first went back", "until the end"], ...ratios]),
  ].join("\n");
}

const markdown = (rows: readonly (readonly string[])[]) =>
  rows
    .flatMap((row, index) => [
      `| ${row.join(" | ")} |`,
      ...(index === 0 ? [`|${"---|".repeat(row.length)}`] : []),
    ])
    .join("\n");
