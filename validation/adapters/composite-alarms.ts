import type { AlarmReading } from "../core/observation.ts";

/** An alarm as CloudWatch tells it; `rule`: what a composite is made of. */
export type ToldAlarm = AlarmReading & { readonly rule?: string | undefined };

/** Composites of composites: one more question each. */
const MOST_LEVELS = 5;

/**
 * An OK of a composite is as good as what it is made of: it counts after the longest range of its children, from the last
 * edit of any of them on, and is no answer while one has no data, is gone or could not be read. (CloudWatch calls
 * a composite OK when no child makes its rule true, one without data included.) `found`: what was asked for.
 */
export async function judgedByChildren(
  found: readonly ToldAlarm[],
  look: (names: readonly string[]) => Promise<readonly ToldAlarm[]>,
): Promise<readonly AlarmReading[]> {
  const known = new Map(found.map((alarm) => [alarm.name, alarm]));
  const unread = new Map<string, string>();
  const missing = () =>
    [...new Set([...known.values()].flatMap(childrenOf))].filter(
      (name) => !known.has(name) && !unread.has(name),
    );
  for (let level = 0; level <= MOST_LEVELS; level++) {
    const names = missing();
    if (names.length === 0) break;
    const tooDeep = level === MOST_LEVELS;
    const told = tooDeep ? [] : await look(names).catch((error: unknown) => String(error));
    const why = tooDeep
      ? `is more than ${MOST_LEVELS} composites deep`
      : typeof told === "string"
        ? `could not be read (${told})`
        : "does not exist";
    for (const name of names) unread.set(name, why);
    for (const alarm of typeof told === "string" ? [] : told) known.set(alarm.name, alarm);
  }
  return found.map((alarm) => {
    const { rule: _, ...reading } = alarm;
    return isJudged(alarm) ? { ...reading, ...madeOf(alarm, known, unread) } : reading;
  });
}

/** An ALARM is one, whatever it was made of. */
const isJudged = ({ rule, state }: ToldAlarm) => rule !== undefined && state === "OK";

type Parts = Pick<AlarmReading, "configuredMs" | "firesAfterMs" | "doubt">;

function madeOf(
  alarm: ToldAlarm,
  known: ReadonlyMap<string, ToldAlarm>,
  unread: ReadonlyMap<string, string>,
  above: readonly string[] = [],
): Parts {
  const names = childrenOf(alarm);
  const parts = names.map((name): Parts => {
    const child = known.get(name);
    if (child === undefined) return { configuredMs: undefined, doubt: `${name} ${unread.get(name) ?? ""}` };
    const { state, evaluationState } = child;
    if (evaluationState !== undefined || (state !== "OK" && state !== "ALARM")) {
      return { configuredMs: undefined, doubt: `${name} is in ${evaluationState ?? state}` };
    }
    // CloudWatch API: a circle of composites is possible.
    return isJudged(child) && !above.includes(name)
      ? madeOf(child, known, unread, [...above, alarm.name])
      : child;
  });
  return {
    configuredMs: latest([alarm.configuredMs, ...parts.map(({ configuredMs }) => configuredMs)]),
    firesAfterMs: latest(parts.map(({ firesAfterMs }) => firesAfterMs)),
    doubt:
      alarm.rule === ""
        ? "CloudWatch told no rule of it"
        : parts.find(({ doubt }) => doubt !== undefined)?.doubt,
  };
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const said = times.filter((time) => time !== undefined);
  return said.length === 0 ? undefined : Math.max(...said);
}

const TOKEN = /"((?:[^"\\]|\\.)*)"|([^\s"(),]+)|[(),]/g;
const STATES = ["ALARM", "OK", "INSUFFICIENT_DATA"];
const WORDS = [...STATES, "AT_LEAST", "AND", "OR", "NOT", "TRUE", "FALSE"];
const NUMBER = /^\d+%?$/;

/** Whom an OK composite is made of. */
const childrenOf = (alarm: ToldAlarm): readonly string[] =>
  isJudged(alarm) ? childrenInRule(alarm.rule ?? "") : [];

/**
 * The names of the alarms in a rule of CloudWatch, each once. CloudWatch API, AlarmRule: names or ARNs, with quotes or
 * without. What cannot be read counts as a name: nobody finds it, and the alarm is in doubt.
 */
export function childrenInRule(rule: string): readonly string[] {
  let before = "";
  let isPlaceOfNames = false;
  const names: string[] = [];
  for (const [token, quoted, word] of rule.matchAll(TOKEN)) {
    // An alarm may be called OK, or 50: after `ALARM(`, and in the list of `AT_LEAST(1, ALARM, (`.
    if (token === "(") isPlaceOfNames = before === "," || STATES.includes(before);
    if (token === ")") isPlaceOfNames = false;
    if (quoted !== undefined) names.push(quoted.replaceAll(/\\(.)/g, "$1"));
    else if (word !== undefined && (isPlaceOfNames || !(WORDS.includes(word) || NUMBER.test(word))))
      names.push(word);
    before = token;
  }
  return [...new Set(names.map((name) => name.replace(/^arn:.*?:alarm:/, "")))];
}
