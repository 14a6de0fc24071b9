import { isRecord } from "../../contract/config/field.ts";
import { matches } from "../../contract/config/model-fields.ts";
import type { Slot } from "../../contract/slot.ts";
import { jsonOf, quoted, shown, type Ask } from "../protocols/ask.ts";
import { asked } from "../protocols/speaker.ts";
import { check, type Check } from "./check.ts";
import type { Example } from "./golden.ts";
import { predictionOf, type Pair, type Prediction, type Sides, type Speakers } from "./measure.ts";
import { isWrong, versionCheck, type VersionClaim, type Versions } from "./version.ts";

export interface HealthCheck {
  readonly path: string;
  /** Status codes that are healthy. */
  readonly matcher: string;
}

export interface Conduct {
  readonly checks: readonly Check[];
  /** Slots that answer as another version than was deployed there: what they say is about another model. */
  readonly others: readonly Slot[];
}

/** What a service must do at all: be healthy, describe itself, and answer as the version that was asked for. */
export async function contractChecks(
  ask: Ask,
  sides: Sides,
  speakers: Speakers,
  { path, matcher }: HealthCheck,
  versions: Versions,
  example: Example,
): Promise<Conduct> {
  const { candidate, active } = sides;
  const health = await ask(candidate, { method: "GET", path });
  const metadata = await metadataChecks(ask, candidate, speakers, versions);
  const slots = active === undefined ? [candidate] : [candidate, active];
  const found: VersionClaim[] = [];
  for (const slot of slots) found.push(await firstAnswer(ask, slot, speakers, example));
  const others = found.filter((one) => one.version !== undefined && isWrong(one, versions, speakers));
  const well = matches(matcher, health.status);
  return {
    checks: [
      check("health", well ? "pass" : "fail", `GET ${path}: ${well ? shown(health) : quoted(health)}`),
      ...metadata,
      versionCheck(slots, found, versions, speakers),
    ],
    others: others.map(({ slot }) => slot),
  };
}

/** One check, or none where the protocol has no page on which a server describes its model. */
async function metadataChecks(
  ask: Ask,
  slot: Slot,
  speakers: Speakers,
  { deployed }: Versions,
): Promise<readonly Check[]> {
  const { protocol, model } = speakers[slot];
  const { metadataPath: path, version: named } = model;
  if (path === undefined) return [];
  const reply = await ask(slot, { method: "GET", path });
  const isDescribed = reply.status === 200 && isRecord(jsonOf(reply));
  if (!isDescribed) {
    const what = reply.status === 200 ? `no JSON object, ${quoted(reply)}` : quoted(reply);
    return [check("metadata", "fail", `GET ${path}: ${what}`)];
  }
  const wanted = deployed[slot];
  const isOther = named !== undefined && wanted !== undefined && named !== wanted;
  return isOther && protocol.namesVersion
    ? [check("metadata", "fail", `GET ${path} names version ${named}, but ${slot} has version ${wanted}`)]
    : [check("metadata", "pass", `GET ${path}: ${shown(reply)}`)];
}

/** A slot may fail a request now and then, which is counted elsewhere; here it only has to say who it is. */
const ATTEMPTS = 3;

async function firstAnswer(
  ask: Ask,
  slot: Slot,
  speakers: Speakers,
  example: Example,
): Promise<VersionClaim> {
  const speaker = speakers[slot];
  for (let attempt = 1; ; attempt += 1) {
    const reply = await ask(slot, asked(speaker, [example]));
    if (reply.status === 200 || attempt === ATTEMPTS)
      return { slot, ...predictionOf(reply, speaker, example) };
  }
}

/** The versions of all answers to the golden set: with several tasks, one of them may be another model. */
export function versionsThroughout(
  pairs: Iterable<Pair>,
  { candidate, active }: Sides,
  versions: Versions,
  speakers: Speakers,
): Check {
  const said = (slot: Slot, prediction: Prediction): VersionClaim => ({ slot, ...prediction });
  const found: Iterable<VersionClaim> = {
    *[Symbol.iterator]() {
      for (const pair of pairs) {
        yield said(candidate, pair.candidate);
        if (active !== undefined && pair.active !== undefined) yield said(active, pair.active);
      }
    },
  };
  return versionCheck(active === undefined ? [candidate] : [candidate, active], found, versions, speakers);
}
