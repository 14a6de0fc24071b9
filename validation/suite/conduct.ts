import { isRecord } from "../../contract/field.ts";
import type { PerSlot, Slot } from "../../contract/slot.ts";
import { jsonOf, shown, type Ask } from "./ask.ts";
import { check, type Check } from "./check.ts";
import type { Example } from "./golden.ts";
import { predictionOf, type Pair, type Sides } from "./measure.ts";

export interface Paths {
  readonly health: string;
  readonly metadata: string;
  readonly predict: string;
}

/** Model versions as deployed; undefined: the slot has none. */
export type Versions = PerSlot<string | undefined>;

/** What a service must do at all: be healthy, describe itself, and answer as the version that was asked for. */
export async function contractChecks(
  ask: Ask,
  sides: Sides,
  paths: Paths,
  versions: Versions,
  example: Example,
): Promise<readonly Check[]> {
  const { candidate, active } = sides;
  const health = await ask(candidate, { method: "GET", path: paths.health });
  const metadata = await ask(candidate, { method: "GET", path: paths.metadata });
  const described = metadata.status === 200 && isRecord(jsonOf(metadata));
  const asked = active === undefined ? [candidate] : [candidate, active];
  const found: Said[] = [];
  for (const slot of asked) found.push(await versionOf(ask, slot, paths.predict, example));
  return [
    check("health", health.status === 200 ? "pass" : "fail", `GET ${paths.health}: ${shown(health)}`),
    check(
      "metadata",
      described ? "pass" : "fail",
      `GET ${paths.metadata}: ${shown(metadata)}${described ? "" : ", no JSON object"}`,
    ),
    versionCheck(found, versions),
  ];
}

/** A slot may fail a request now and then, which is counted elsewhere; here it only has to say who it is. */
const ATTEMPTS = 3;

async function versionOf(ask: Ask, slot: Slot, path: string, example: Example): Promise<Said> {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await ask(slot, { method: "POST", path, body: example.body });
    if (reply.status === 200 || attempt === ATTEMPTS) {
      return { slot, version: predictionOf(reply, example).version, said: shown(reply) };
    }
  }
}

interface Said {
  readonly slot: Slot;
  readonly version: string | undefined;
  /** The status, for when there is no version. */
  readonly said: string;
}

/** Every slot must answer the version that was deployed onto it; a slot whose version is not known is not judged. */
export function versionCheck(found: readonly Said[], versions: Versions): Check {
  const wrong = found.filter(({ slot, version }) => {
    return versions[slot] !== undefined && version !== versions[slot];
  });
  const numbers = { asked: found.length, wrong: wrong.length };
  const [first] = wrong;
  if (first !== undefined) return check("version", "fail", wrongVersion(first, versions), numbers);
  const slots = [...new Set(found.map(({ slot }) => slot))];
  const told = slots.map((slot) => `${slot} answers version ${versions[slot] ?? "(not configured)"}`);
  return check("version", "pass", `${told.join(", ")}, as deployed`, numbers);
}

function wrongVersion({ slot, version, said }: Said, versions: Versions): string {
  const wanted = `${slot} has version ${versions[slot]}`;
  if (version === undefined) return `${wanted}, but its answer (${said}) names no modelVersion`;
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
  // An answer that is an error is counted by the check on failures, and an error of the load balancer has no version.
  const given = found.filter(({ status }) => status === 200);
  const asked = active === undefined ? [candidate] : [candidate, active];
  const silent = asked.filter((slot) => !given.some((one) => one.slot === slot));
  if (silent.length > 0) {
    const reason = `no example was answered by ${silent.join(" or ")}, so nobody saw its version there`;
    return check("version", "insufficient", reason, { asked: given.length, wrong: 0 });
  }
  return versionCheck(
    given.map(({ slot, version, status }) => ({ slot, version, said: String(status) })),
    versions,
  );
}
