import { given, serviceOf, type ModelService } from "../../contract/config/model-service.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import type { SuitePolicy } from "../../contract/config/suite.ts";
import { perSlot, type Slot } from "../../contract/slot.ts";
import type { Ask } from "../protocols/ask.ts";
import { ALL_PROTOCOLS } from "../protocols/all.ts";
import type { ServedModel, ToldModel } from "../protocols/define.ts";
import { detect, type Unrecognised } from "../protocols/detect.ts";
import type { Speaker } from "../protocols/speaker.ts";
import { check, type Check } from "./check.ts";
import type { Sides, Speakers } from "./measure.ts";

/** How a slot's server is asked, and what is to be said of it. */
export interface Introduced {
  readonly speaker: Speaker;
  /** It does not answer as its protocol wants it to, and only what the protocol alone tells is known of its model. */
  readonly unlike?: string;
}

/** Nobody can ask this server: what was tried. */
export interface Unknown {
  readonly why: string;
}

/**
 * How the server of a slot is asked: by the protocol that was copied into the slot, or found out by what it answers.
 * Either way its model is asked for by the protocol's own pages. Never throws.
 */
export async function introduce(
  ask: Ask,
  slot: Slot,
  service: ModelService,
  suite: Pick<SuitePolicy, "predictPath" | "metadataPath">,
  example: unknown,
): Promise<Introduced | Unknown> {
  const said = saidOf(service, suite);
  const { servingProtocol } = service;
  const candidates = ALL_PROTOCOLS.filter(
    ({ name }) => servingProtocol === "auto" || servingProtocol === name,
  );
  const found = await detect(ask, slot, candidates, said, example);
  // Any protocol may name the version in a header.
  const known = (model: ServedModel) => ({ ...model, ...given({ versionHeader: service.versionHeader }) });
  if ("protocol" in found) return { speaker: { ...found, model: known(found.model) } };
  if (found.undecided !== undefined) return { why: undecidedWords(slot, found.undecided) };
  const tried = found.asked.join("; ");
  const [protocol] = candidates;
  const model = servingProtocol === "auto" ? undefined : protocol?.assumed?.(said);
  if (protocol !== undefined && model !== undefined) {
    return {
      speaker: { protocol, model: known(model) },
      unlike: `${slot} does not answer as ${protocol.name}: ${tried}`,
    };
  }
  const what =
    servingProtocol === "auto"
      ? `${slot} answers as none of the protocols ${ALL_PROTOCOLS.map(({ name }) => name).join(", ")}`
      : `${slot} does not answer as ${servingProtocol}`;
  return { why: `${what} (${tried})` };
}

const OPTIONS = { models: "--model-name <name>", routes: "--predict-path <path>" } as const;
const MOST_NAMED = 10;

/** A server of which one thing has to be said, and by which option. */
function undecidedWords(
  slot: Slot,
  { protocol, what, among }: NonNullable<Unrecognised["undecided"]>,
): string {
  const named = among.slice(0, MOST_NAMED).join(", ");
  const more = among.length > MOST_NAMED ? ` and ${among.length - MOST_NAMED} more` : "";
  return `${slot} answers as ${protocol.name} with several ${what} (${named}${more}); say which one: deploy … ${OPTIONS[what]}`;
}

function saidOf(
  { servingProtocol, modelName, predictPath, customProtocol }: ModelService,
  suite: Pick<SuitePolicy, "predictPath" | "metadataPath">,
): ToldModel {
  return {
    ...(modelName === undefined ? {} : { name: modelName }),
    ...(predictPath === undefined ? {} : { predictPath }),
    ...(servingProtocol === "custom" && customProtocol !== undefined ? { custom: customProtocol } : {}),
    usual: { predictPath: suite.predictPath, metadataPath: suite.metadataPath },
  };
}

/** How each slot is asked, and the check that tells it; without speakers nobody can ask the candidate. */
export interface Introductions {
  readonly speakers: Speakers | undefined;
  /** The active slot, where nobody can ask it: nothing is compared with it, and the candidate stands for it. */
  readonly unasked?: Slot;
  readonly check: Check;
}

/** How both slots are asked. Without an active slot the candidate stands for it, and is never asked as such. */
export async function introductions(
  ask: Ask,
  config: StackConfig,
  { candidate, active }: Sides,
  example: unknown,
): Promise<Introductions> {
  const introduced = (slot: Slot) => introduce(ask, slot, serviceOf(config, slot), config.suite, example);
  const own = await introduced(candidate);
  const unknown = (why: string) => check("protocol", "insufficient", why);
  if ("why" in own) return { speakers: undefined, check: unknown(own.why) };
  const other = active === undefined ? own : await introduced(active);
  if ("why" in other) {
    return {
      speakers: perSlot(() => own.speaker),
      ...(active === undefined ? {} : { unasked: active }),
      check: unknown(other.why),
    };
  }
  const all =
    active === undefined
      ? [[candidate, own] as const]
      : ([
          [candidate, own],
          [active, other],
        ] as const);
  const unlike = all.flatMap(([, one]) => one.unlike ?? []);
  const told = all.map(([slot, { speaker }]) => `${slot} is asked as ${speaker.protocol.name}`);
  return {
    speakers: perSlot((slot) => (slot === candidate ? own.speaker : other.speaker)),
    check:
      unlike.length === 0
        ? check("protocol", "pass", told.join(", "))
        : check("protocol", "fail", unlike.join("; ")),
  };
}
