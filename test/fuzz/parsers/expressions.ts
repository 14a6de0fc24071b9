import { alarmsOf, parseRule, RuleError, ruleHolds } from "../../../packages/local-cloud/alarms/rule.ts";
import { readBody } from "../../../packages/local-cloud/dashboards/body.ts";
import { createStickyCookies } from "../../../packages/local-cloud/gateway/sticky-cookie.ts";
import { matchesWildcards } from "../../../packages/local-cloud/gateway/wildcards.ts";
import { idsOf, MathError, parseMath } from "../../../packages/local-cloud/metrics/math-parse.ts";
import { parseStatistic } from "../../../packages/local-cloud/metrics/statistic.ts";
import { childrenInRule } from "../../../validation/adapters/composite-alarms.ts";
import { isRecord } from "../../../contract/config/field.ts";
import { demand, unlessRefused, type FuzzedParser } from "../parser.ts";
import { isSame, takenIf, textOf } from "../support.ts";

const rule: FuzzedParser = {
  name: "alarm-rule",
  seeds: [
    'ALARM("a") AND (OK(b) OR NOT INSUFFICIENT_DATA(c))',
    "AT_LEAST(2, ALARM, (a, b, c)) OR TRUE",
    "AT_LEAST(50%, NOT OK, (a,b)) AND FALSE",
  ],
  edits: "text",
  words: ["ALARM(", "OK(", "NOT ", "AND", "OR", "AT_LEAST(", "(", ")", '"', ",", "%", "TRUE"],
  take: (input) =>
    unlessRefused(
      (error) => error instanceof RuleError,
      () => {
        // CloudWatch API, PutCompositeAlarm: at most 10,240 characters.
        const text = textOf(input).slice(0, 10_240);
        const read = parseRule(text);
        const holds = ruleHolds(read, () => "OK");
        demand(typeof holds === "boolean", "it neither holds nor does not");
        demand(ruleHolds(parseRule(`NOT (${text})`), () => "OK") === !holds, "its opposite says the same");
      },
    ),
};

const RULE_OF_COMPOSITE = [
  'ALARM("a b") AND (OK(arn:aws:cloudwatch:us-east-1:000000000000:alarm:b) OR NOT INSUFFICIENT_DATA(c))',
  "AT_LEAST(50%, NOT OK, (OK, 7, x)) AND ALARM(ALARM)",
];

const children: FuzzedParser = {
  name: "composite-children",
  seeds: RULE_OF_COMPOSITE,
  edits: "text",
  words: ["ALARM(", "OK(", "OK", "NOT ", "AND", "AT_LEAST(1, ALARM, (", "(", ")", '"', ",", "7", "arn:aws:"],
  take: (input) => {
    const text = textOf(input).slice(0, 10_240);
    const read = childrenInRule(text);
    return unlessRefused(
      (error) => error instanceof RuleError,
      () => {
        // Another reader of the same words; it has no names with a backslash in them.
        const asked = alarmsOf(parseRule(text)).map((name) => name.replace(/^arn:.*?:alarm:/, ""));
        if (!text.includes("\\")) demand(isSame([...new Set(asked)], read), `${asked} and ${read}`);
      },
    );
  },
};

const math: FuzzedParser = {
  name: "metric-math",
  seeds: ["IF(m1 > 5 AND m2 < 3, m1 / m2, 0)", "SUM([m1, m2]) * 100 - -1", "FILL(m, REPEAT) >= .5 || !1"],
  edits: "text",
  words: ["(", ")", "[", "]", ",", "-", "AND", "&&", "m1", "IF(", "1.5"],
  take: (input) =>
    unlessRefused(
      (error) => error instanceof MathError,
      () => {
        const text = textOf(input).slice(0, 2048);
        demand(
          idsOf(parseMath(text)).every((id) => text.includes(id)),
          "an id came",
        );
      },
    ),
};

const statistic: FuzzedParser = {
  name: "statistic",
  seeds: ["Sum", "p99.9", "tm90", "TM(10%:90%)", "PR(:300)", "TC(0.5:)"],
  edits: "text",
  words: ["p", "TM(", ":", "%", ")", "100", "100.00000000001"],
  take(input) {
    const read = parseStatistic(textOf(input));
    if (read?.kind === "percentile") demand(read.percent >= 0 && read.percent <= 100, `p${read.percent}`);
    return takenIf(read !== undefined);
  },
};

const NOW_MS = Date.UTC(2026, 10, 30, 12);
const GROUP = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/blue/0123456789abcdef";
const COOKIES = createStickyCookies("fuzzed-key");
const [COOKIE = ""] = COOKIES.issue(GROUP, NOW_MS, 600).map((cookie) => cookie.split(";")[0] ?? "");

const cookie: FuzzedParser = {
  name: "sticky-cookie",
  seeds: [COOKIE, `a=b; ${COOKIE}; c=d`, `AWSALBTGCORS=${COOKIE.slice("AWSALBTG=".length)}`],
  edits: "text",
  words: ["AWSALBTG=", "AWSALBTG", "AWSALBTGCORS=", ";", "; ", "=", ".", '"'],
  take(input) {
    const header = textOf(input);
    const read = COOKIES.read(header, NOW_MS);
    const value = COOKIE.slice("AWSALBTG=".length);
    demand(read === undefined || (read === GROUP && header.includes(value)), "a cookie that nobody made");
    demand(COOKIES.read(header, NOW_MS + 700_000) === undefined, "it never expires");
    // RFC 6265, 5.4: pairs with `; ` between them. A cookie of another name is not ours.
    const foreign = header.split(";").every((pair) => !/^\s*AWSALBTG(CORS)?\s*=/.test(pair));
    if (foreign && !header.includes("\0"))
      demand(COOKIES.read(`${header}; ${COOKIE}`, NOW_MS) === GROUP, "a cookie of another name hides it");
    return takenIf(read !== undefined);
  },
};

/** As the words say it, by trying everything; for short texts. */
function matches(pattern: string, text: string): boolean {
  let reached = new Set([0]);
  for (const one of pattern) {
    const next = new Set<number>();
    for (const at of reached) {
      if (one === "*") for (let to = at; to <= text.length; to += 1) next.add(to);
      else if (at < text.length && (one === "?" || one === text[at])) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(text.length);
}

const wildcards: FuzzedParser = {
  name: "wildcards",
  seeds: ["*.example.com\nwww.example.com", "/a/*/b?\n/a/x/y/bc", "a*b*c\nabbc"],
  edits: "text",
  words: ["*", "**", "?", "a", "\n", "*a*a*a*a*"],
  take(input) {
    const [pattern = "", text = ""] = input.toString("latin1").slice(0, 400).split("\n");
    const found = matchesWildcards(pattern, text);
    demand(found === matches(pattern, text), `${pattern} and ${text}: ${found}`);
    return takenIf(found);
  },
};

const dashboard: FuzzedParser = {
  name: "dashboard-body",
  seeds: [
    '{"start":"-PT3H","widgets":[{"type":"metric","x":0,"y":0,"width":12,"height":6,"properties":{"metrics":[["App","Errors","Slot","green",{"stat":"Sum","color":"#ff0000"}],[".",".",".","blue"]],"region":"us-east-1","period":60,"title":"t"}},{"type":"text","properties":{"markdown":"# a"}}]}',
  ],
  edits: "json",
  words: ["widgets", "metrics", "properties", "period", ".", "...", "stat"],
  take(input) {
    const read = readBody(textOf(input));
    demand(isRecord(read), "no answer");
    return takenIf(isSame(Object.keys(read).toSorted(), Object.keys(readBody('{"widgets":[]}')).toSorted()));
  },
};

export const EXPRESSIONS: readonly FuzzedParser[] = [
  rule,
  children,
  math,
  statistic,
  cookie,
  wildcards,
  dashboard,
];
