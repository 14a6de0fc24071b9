import { isDeepStrictEqual } from "node:util";
import { switchedManually } from "../../contract/route/manual-switch.ts";
import { slotFields } from "../../contract/config/keys.ts";
import {
  ANY_ANSWER,
  copyOf,
  derivedDrain,
  given,
  isExternal,
  serviceOf,
} from "../../contract/config/model-service.ts";
import type { Compared } from "../../contract/release/compared.ts";
import { isOpen, type Release } from "../../contract/release/release.ts";
import { otherSlot, type Slot } from "../../contract/slot.ts";
import { isEmpty, type StackConfig } from "../../contract/config/stack-config.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import { refuseUnderCohort } from "../cohorts/cohorts.ts";
import { mustWrite, notDone, readLive, requireDeployed, whenFree } from "../stack/apply.ts";
import { refuseOvertaken } from "./overtaken.ts";
import {
  deployChange,
  nextGeneration,
  promoteChange,
  withChange,
  type Candidate,
} from "../core/changes/changes.ts";
import { activeImage, comparedBefore } from "../core/changes/compared.ts";
import { frozenSlots } from "../core/changes/freezing.ts";
import { written } from "../core/changes/written.ts";
import { heldSlot, settledSlot, unsettled } from "../core/changes/settling.ts";
import { UserError } from "../errors.ts";
import { KNOWN_UPDATES } from "../stack/time-limits.ts";
import { applyPastTheDead } from "../stack/locks.ts";
import { attempt } from "../reading.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context, Deployed, Update } from "../ports.ts";
import type { DeployOptions } from "./options.ts";
import { refuseLeftTargets } from "./external.ts";
import { refuseProblems } from "./problems-as-typed.ts";
import { preparedTasks, type PreparedTasks } from "./prepare.ts";
import { untilReady } from "./ready.ts";
import { recognise, type Recognised } from "./recognise.ts";

export interface DeployOutcome extends Outcome {
  readonly slot: Slot;
  readonly release: Release | undefined;
  readonly healthyTasks: number;
  /** One for each `rollout --one-step` that a whole rollout takes: its shares, and the promotion. */
  readonly turns: readonly number[];
}

/**
 * Puts a model onto the slot without users and waits until it is healthy. The first model of a stack goes
 * onto the active slot and is promoted at once: there is nobody to protect from it.
 */
export async function deploy(context: Context, options: DeployOptions): Promise<DeployOutcome> {
  const before = await requireDeployed(context);
  const { config } = before;
  const isFirst = isEmpty(config.slots[config.activeSlot]) || pendingFirstModel(config);
  const slot = isFirst ? config.activeSlot : otherSlot(config.activeSlot);
  const { prepared, held, ...tasks } = await preparedTasks(context, before, options);
  const candidate = candidateOf(before, slot, { ...options, ...given(tasks) });
  const same = isDeployed(before, slot, candidate) && !forgets(config, options);
  if (!same) {
    await refuse(context, before, slot, isFirst);
    if (candidate.service["kind"] !== "external") await refuseLeftTargets(context, before, slot);
  }
  const deployed = same
    ? before
    : await putOnto(context, before, slot, candidate, isFirst, { ...options, prepared, held });

  const healthyTasks = await untilReady(context, deployed, slot);
  const found = await recognise(context, deployed, slot, options.askBy);
  const first = deployed.config.release;
  const done =
    slot === deployed.config.activeSlot && first !== undefined
      ? await promoteFirst(context, deployed, first, found)
      : await keep(context, deployed, found);
  await refuseOvertaken(context, done, slot);
  const words = slot === done.config.activeSlot ? "has all users" : "has no users yet: npx bluegreen test";
  return {
    exitCode: EXIT.done,
    sentence: `${options.modelVersion} is healthy on ${slot} (${healthyTasks} ${isExternal(done.config, slot) ? "targets" : "tasks"}) and ${words}`,
    slot,
    release: done.config.release,
    healthyTasks,
    turns: [...config.rollout.steps, 100].map((_, index) => index + 1),
  };
}

/**
 * Whether the first model was deployed, but not yet seen healthy: a deploy that was cut off. Beside another model it is
 * a candidate that a person has made the active slot, with everybody on it.
 */
const pendingFirstModel = ({ release, activeSlot, slots }: StackConfig) =>
  release?.state === "deployed" && release.slot === activeSlot && isEmpty(slots[otherSlot(activeSlot)]);

function candidateOf(deployed: Deployed, slot: Slot, options: DeployOptions): Candidate {
  const { config } = deployed;
  const { image, modelVersion, overrides, registry, revision } = options;
  const active = config.slots[config.activeSlot];
  const tasks = isEmpty(active)
    ? { minTasks: slotFields.minTasks.default, maxTasks: slotFields.maxTasks.default }
    : active;
  const minTasks = options.minTasks ?? tasks.minTasks;
  const maxTasks = options.maxTasks ?? Math.max(tasks.maxTasks, minTasks);
  const known = given({ registry, revision });
  const service = serviceFor(deployed, slot, options);
  return { image, modelVersion, ...known, minTasks, maxTasks, overrides, service };
}

/** The template as it is deployed, and over it what this model alone is to have. */
function serviceFor(deployed: Deployed, slot: Slot, options: DeployOptions): Candidate["service"] {
  const { service: given = {} } = options;
  const template = copyOf(deployed.config.service);
  const kind = given["kind"] ?? template.kind;
  // The template's is a container beside the stack's own tasks.
  const own = kind === "external" ? { ...template, agent: undefined } : template;
  const copy = { ...own, ...unlessDescribed(deployed, slot, options), ...given };
  // Whoever sets the drain has said how long it is; else it follows the time-out, this model's own, too.
  const isSet = given["drainSeconds"] !== undefined || deployed.config.service.drainSeconds !== undefined;
  return isSet ? copy : { ...copy, drainSeconds: derivedDrain(Number(copy.requestTimeoutSeconds)) };
}

/**
 * How the server is asked, as far as nobody has said it: as was found out of this very image on this slot; else, until it
 * is found out, any answer is a sign of life. Where nobody can ask, the template says it all.
 */
function unlessDescribed({ config, raw }: Deployed, slot: Slot, options: DeployOptions) {
  const { image, service = {}, askBy, imagePort } = options;
  const described = written(raw, "service");
  const isSaid = (name: string) => name in service || name in described;
  const { service: copy, image: before } = config.slots[slot];
  const found = before === image ? copy : undefined;
  const names = ["servingProtocol", "modelName", ...Object.keys(ANY_ANSWER)] as const;
  const anyAnswer = askBy === undefined || config.testTokens.length === 0 ? {} : ANY_ANSWER;
  const known: Readonly<Record<string, unknown>> = { ...anyAnswer, ...given(found ?? {}) };
  const hasHealth = Object.keys(ANY_ANSWER).some(isSaid);
  const asks = names.filter((name) => !isSaid(name) && !(hasHealth && name in ANY_ANSWER));
  const port = isSaid("port") ? {} : given({ port: imagePort });
  return {
    ...Object.fromEntries(asks.flatMap((name) => (name in known ? [[name, known[name]]] : []))),
    ...port,
  };
}

/** Whether there is something that a fresh start is to forget; once it is forgotten, the same command waits once more. */
const forgets = ({ release }: StackConfig, { resetAnalysis = false }: DeployOptions) =>
  resetAnalysis && (release?.compared?.windows.length ?? 0) > 0;

/** The same command again, after it was cut off or to wait once more. */
function isDeployed({ config, raw }: Deployed, slot: Slot, candidate: Candidate): boolean {
  const { release } = config;
  const own = config.slots[slot];
  return (
    release?.state === "deployed" &&
    release.slot === slot &&
    own.image === candidate.image &&
    own.modelVersion === candidate.modelVersion &&
    own.registry === candidate.registry &&
    own.revision === candidate.revision &&
    own.minTasks === candidate.minTasks &&
    own.maxTasks === candidate.maxTasks &&
    sameService(config, raw, slot, candidate)
  );
}

/** Whether the candidate would run with what the slot runs with, copied or not. */
function sameService(config: StackConfig, raw: Deployed["raw"], slot: Slot, candidate: Candidate): boolean {
  // A cohort on the slot asks for the group that the slot has, of which a candidate says nothing.
  const parsed = parseConfig(withChange(raw, { [slot]: candidate, cohorts: [] }));
  return parsed.ok && isDeepStrictEqual(serviceOf(parsed.config, slot), serviceOf(config, slot));
}

async function refuse(context: Context, deployed: Deployed, slot: Slot, isFirst: boolean): Promise<void> {
  const { release, split } = deployed.config;
  const isOver = switchedManually(deployed.config) !== undefined;
  if (isOpen(release) && release.state !== "deployed" && !isOver) {
    throw new UserError("BG110", `Release ${release.id} of ${release.owner} is ${release.state}.`);
  }
  if (isFirst) return;
  refuseUnderCohort(deployed.config, slot, context.clock.now());
  const live = await readLive(context, deployed);
  if (live === undefined || live[slot] > 0 || split[slot] > 0) {
    throw new UserError(
      "BG111",
      `${slot} has ${live?.[slot] ?? "an unclear share"} %, configured ${split[slot]} %.`,
    );
  }
}

async function putOnto(
  context: Context,
  before: Deployed,
  slot: Slot,
  candidate: Candidate,
  isFirst: boolean,
  { resetAnalysis = false, prepared, held }: DeployOptions & Pick<PreparedTasks, "prepared" | "held">,
): Promise<Deployed> {
  const { config, raw } = before;
  const compared = await earlierComparison(context, config, candidate, resetAnalysis);
  const known = { ...(compared && { compared }), ...(prepared && { prepared }), ...(held && { held }) };
  const left = unsettled(config);
  const settled = {
    ...(left === undefined ? {} : settledSlot(raw, left)),
    ...(held === undefined ? {} : heldSlot(config, raw, held)),
  };
  const change = {
    ...settled,
    ...frozenSlots({ ...before, raw: withChange(raw, settled) }, slot),
    ...deployChange(config, slot, candidate, context.clock.now(), context.owner, known),
  };
  refuseProblems(raw, slot, change, isFirst ? {} : { [`${slot}Weight`]: 1 });
  const message = `bluegreen: ${candidate.modelVersion} (${candidate.image}) onto ${slot}`;
  context.reporter.report({ kind: "applying", message });
  const update: Update = { change, scope: "everything", refresh: false, message };
  const applied = await whenFree(context, () => applyPastTheDead(context, update));
  if (applied.kind !== "applied") throw notDone(applied);
  return applied.deployed;
}

/**
 * Where the comparison of this digest with the active model goes on. A history that cannot be read must not become a
 * fresh start: the error probability of a release is one, however often it is tried.
 */
async function earlierComparison(
  context: Context,
  config: StackConfig,
  candidate: Candidate,
  fresh: boolean,
): Promise<Compared | undefined> {
  const updates = await attempt(() => context.store.updates(KNOWN_UPDATES));
  if (!updates.readable) {
    if (fresh) return undefined;
    throw new UserError("BG183", updates.why);
  }
  const pair = { digest: candidate.image, active: activeImage(config) };
  const found = comparedBefore(updates.value, pair, fresh);
  if (found?.refused !== undefined) {
    const message = `the gates rolled this digest back before (${found.refused}); rollout refuses it until deploy --reset-analysis`;
    context.reporter.report({ kind: "note", message });
  }
  return found;
}

async function promoteFirst(
  context: Context,
  deployed: Deployed,
  release: Release,
  found: Recognised | undefined,
): Promise<Deployed> {
  const promotion = promoteChange(deployed.config, release, context.clock.now(), "first model of the stack");
  const asked = found === undefined ? "" : `; ${found.words}`;
  return mustWrite(context, {
    change: { ...promotion, ...found?.change },
    scope: found?.scope ?? "route",
    refresh: false,
    message: `bluegreen: release ${release.id} is the stack's first and is promoted${asked}`,
  });
}

/** Copies what was found out into the slot. */
async function keep(context: Context, deployed: Deployed, found: Recognised | undefined): Promise<Deployed> {
  if (found === undefined) return deployed;
  const change = nextGeneration(deployed.config, found.change);
  const message = `bluegreen: ${found.words}`;
  return mustWrite(context, { change, scope: found.scope, refresh: false, message });
}
