import { isRecord } from "../../contract/config/field.ts";
import { matches } from "../../contract/config/model-fields.ts";
import type { PerSlot, Slot } from "../../contract/slot.ts";
import { jsonOf, quoted, shown, type Ask, type Reply } from "../protocols/ask.ts";
import { check, type Check } from "./check.ts";
import type { Example } from "./golden.ts";
import { predictionOf, versionIn, type Pair, type Prediction, type Sides } from "./measure.ts";

export interface Paths {
  readonly health: string;
  /** Status codes that are healthy. */
  readonly healthMatcher: string;
  readonly metadata: string;
  readonly predict: string;
}

/** Model versions as deployed; undefined: the slot has none. */
export type Versions = PerSlot<string | undefined>;

export interface Conduct {
  readonly checks: readonly Check[];
  /** Slots that answer as another version than was deployed there: what they say is about another model. */
  readonly others: readonly Slot[];
}

/** What a service must do at all: be healthy, describe itself, and answer as the version that was asked for. */
export async function contractChecks(
  ask: Ask,
  sides: Sides,
  paths: Paths,
  versions: Versions,
  example: Example,
): Promise<Conduct> {
  const { candidate, active } = sides;
  const health = await ask(candidate, { method: "GET", path: paths.health });
  const metadata = await ask(candidate, { method: "GET", path: paths.metadata });
  const asked = active === undefined ? [candidate] : [candidate, active];
  const found: Said[] = [];
  for (const slot of asked) found.push(await firstAnswer(ask, slot, paths.predict, example));
  const others = found.filter((one) => isModels(one) && one.version !== undefined && isWrong(one, versions));
  const well = matches(paths.healthMatcher, health.status);
  return {
    checks: [
      check(
        "health",
        well ? "pass" : "fail",
        `GET ${paths.health}: ${well ? shown(health) : quoted(health)}`,
      ),
      metadataCheck(metadata, paths.metadata, candidate, versions),
      versionCheck(asked, found, versions),
    ],
    others: others.map(({ slot }) => slot),
  };
}

function metadataCheck(reply: Reply, path: string, slot: Slot, versions: Versions): Check {
  const body = jsonOf(reply);
  if (reply.status !== 200 || !isRecord(body)) {
    const what = reply.status === 200 ? `no JSON object, ${quoted(reply)}` : quoted(reply);
    return check("metadata", "fail", `GET ${path}: ${what}`);
  }
  const [named, deployed] = [versionIn(body), versions[slot]];
  return named === undefined || deployed === undefined || named === deployed
    ? check("metadata", "pass", `GET ${path}: ${shown(reply)}`)
    : check("metadata", "fail", `GET ${path} names version ${named}, but ${slot} has version ${deployed}`);
}

/** A slot may fail a request now and then, which is counted elsewhere; here it only has to say who it is. */
const ATTEMPTS = 3;

async function firstAnswer(ask: Ask, slot: Slot, path: string, example: Example): Promise<Said> {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await ask(slot, { method: "POST", path, body: example.body });
    if (reply.status === 200 || attempt === ATTEMPTS) return { slot, ...predictionOf(reply, example) };
  }
}

type Said = { readonly slot: Slot } & Pick<Prediction, "status" | "version" | "said" | "flaw">;

const isWrong = ({ slot, version }: Said, versions: Versions) =>
  versions[slot] !== undefined && version !== versions[slot];

/** An error, or no answer at all, has no version and is counted by the check on failures. */
const isModels = ({ status, flaw }: Said) => status === 200 && flaw !== "no JSON object";

/**
 * Every answer of a slot must name the version that was deployed onto it. A slot whose version is not known is not
 * judged, and one that has answered nothing has shown none.
 */
function versionCheck(asked: readonly Slot[], found: readonly Said[], versions: Versions): Check {
  const given = found.filter(isModels);
  const wrong = given.filter((one) => isWrong(one, versions));
  const numbers = { asked: given.length, wrong: wrong.length };
  const [first] = wrong;
  if (first !== undefined) return check("version", "fail", wrongVersion(first, versions), numbers);
  const silent = asked.filter((slot) => !given.some((one) => one.slot === slot));
  if (silent.length > 0) return check("version", "insufficient", silentSentence(silent, found), numbers);
  const told = asked.map((slot) => `${slot} answers version ${versions[slot] ?? "(not configured)"}`);
  return check("version", "pass", `${told.join(", ")}, as deployed`, numbers);
}

function silentSentence(silent: readonly Slot[], found: readonly Said[]): string {
  const what = `no example was answered by ${silent.join(" or ")}, so nobody saw its version there`;
  const first = found.find(({ slot }) => silent.includes(slot));
  if (first === undefined) return what;
  const { status, flaw, said } = first;
  const why = flaw === undefined ? said : `${flaw}, ${said}`;
  const hint = status >= 400 && status <= 499 ? "; does the golden set fit the model?" : "";
  return `${what}; it said ${why}${hint}`;
}

function wrongVersion({ slot, version, said }: Said, versions: Versions): string {
  const wanted = `${slot} has version ${versions[slot]}`;
  if (version === undefined) return `${wanted}, but its answer names no modelVersion (${said})`;
  const other: Slot = slot === "blue" ? "green" : "blue";
  const mixUp = version === versions[other] ? `: a mix-up, that version is on ${other}` : "";
  return `${wanted}, but version ${version} answered${mixUp}`;
}

/** The versions of all answers to the golden set: with several tasks, one of them may be another model. */
export function versionsThroughout(pairs: readonly Pair[], sides: Sides, versions: Versions): Check {
  const { candidate, active } = sides;
  const found = pairs.flatMap((pair) => [
    { slot: candidate, ...pair.candidate },
    ...(active === undefined || pair.active === undefined ? [] : [{ slot: active, ...pair.active }]),
  ]);
  return versionCheck(active === undefined ? [candidate] : [candidate, active], found, versions);
}
