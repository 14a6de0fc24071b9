import * as pulumi from "@pulumi/pulumi";
import { unproven } from "../contract/route/manual-switch.ts";
import { labelsTooLate, sharedMinutes } from "../contract/signals/label-warning.ts";
import { ofModel, typedFor } from "../contract/names/local-cloud.ts";
import { newNameProblems } from "../contract/names/model-name.ts";
import type { Origin } from "../contract/names/names.ts";
import {
  localDefaults,
  ownKey,
  ownKeys,
  rawOfModel,
  withoutNamespaces,
} from "../contract/config/own-keys.ts";
import { problem, showProblems, type Problem } from "../contract/checks/problem.ts";
import { hiddenVariables, secretProblems } from "../contract/config/secret-keys.ts";
import { perSlot, SLOTS, type PerSlot } from "../contract/slot.ts";
import { parseConfig, type Parsed } from "../contract/config/parse.ts";
import type { StackConfig } from "../contract/config/stack-config.ts";
import { updateProblems } from "../contract/transition/transition.ts";
import { httpListenerOf } from "../contract/transition/entrance.ts";
import type { HttpListener } from "../contract/transition/entrance-memory.ts";
import { keepsTasks } from "../contract/transition/in-use.ts";
import { movedAside } from "../contract/transition/moved-aside.ts";
import {
  notCompared,
  rememberedZones,
  type RememberedZones,
} from "../contract/transition/remembered-zones.ts";
import { isRoutingWrite } from "../contract/transition/definition-changes.ts";
import type { Previous } from "../contract/transition/previous.ts";
import { rolledBackProblems } from "../contract/transition/rolled-back.ts";
import { hadUsers as slotHadUsers, isManual } from "../contract/transition/step.ts";
import { asManual, comesTooEarly, overtaken, writerIn } from "../contract/transition/writer.ts";
import { overGiven } from "../contract/names/given-sections.ts";
import type { Given } from "./component/given.ts";
import { otherModels } from "./component/models.ts";
import type { Home } from "./component/place.ts";
import type { StackBefore } from "./checks/healthy-first.ts";
import { hostNameProblems } from "./checks/host-name-problems.ts";
import { inPlaceProblems } from "./checks/in-place.ts";
import { withLiveChecks } from "./checks/live-checks.ts";
import { readOwnOutputs } from "./checks/previous.ts";
import { regionProblems } from "./checks/region.ts";
import { sharedListenerProblems } from "./checks/shared-listener.ts";
import { targetStates } from "./checks/target-health.ts";

/**
 * What stands whatever the traffic does: the configuration without the keys of routing. Everything except the
 * route and the outputs is made from this alone, so a change of weights or roles cannot touch anything else.
 */
export type LastingConfig = Omit<StackConfig, "activeSlot" | "weights" | "split" | "release" | "generation">;

/** What the program makes the stack from. */
export interface Read {
  readonly config: StackConfig;
  /** What its names on AWS were made of; undefined: the stack is new. */
  readonly origin: Origin | undefined;
  /** As the last update left it. */
  readonly standing: StackBefore;
  /** Ports that the slots' target groups were made with; undefined: they are new. */
  readonly groupPorts: PerSlot<number | undefined>;
  /** What the stack's own listener at port 80 is called in the program. */
  readonly httpListener: HttpListener;
  /** Slots whose variables are kept secret. */
  readonly hidden: PerSlot<boolean>;
  /** Slots whose tasks this update leaves as they are. */
  readonly kept: PerSlot<boolean>;
  readonly rememberedZones: RememberedZones;
}

/** The update would undo what another one has just written: no reason to go on without the model that it is of. */
export class OvertakenError extends pulumi.RunError {}

/**
 * The stack's configuration, read and checked, alone and against what is deployed.
 * @throws pulumi.RunError with all problems at once; Pulumi shows its message without a stack trace.
 */
export async function readConfig(home: Home, given: Given): Promise<Read> {
  const { model, asking } = home;
  const last = await readOwnOutputs(home);
  const whose = { project: pulumi.getProject(), model };
  const own = withoutNamespaces(rawOfModel(pulumi.runtime.allConfig(), whose), otherModels(model));
  const raw = overGiven(own, given.sections);
  const read = parseConfig(raw);
  const typed = typedForModel(model, raw["localCloud"]);
  const { live, requested, region, origin, groupPorts } = last;
  const { previous, warning } = await withLiveChecks(last.previous, last.targetGroups, asking);
  const writer = writerIn(process.env);
  const parsed = writer.isVerb ? read : judgedAsManual(previous, read);
  const next = parsed.ok ? parsed.config : parsed.readable;
  const generations = { previous: previous?.generation, next: next.generation, split: previous?.split };
  const isRolledBack = previous !== undefined && rolledBackProblems(previous, next, live).length > 0;
  const taken = overtaken(model, generations, writer) ?? comesTooEarly(model, isRolledBack, writer);
  if (taken !== undefined) throw new OvertakenError(taken);
  const hadUsers = previous !== undefined && SLOTS.some((slot) => slotHadUsers({ previous, next, slot }));
  const manual = previous !== undefined && isManual(previous, next);
  const secretKeys = secretOnes(model);
  const isKnown = Object.keys(given.notYet).length === 0;
  // As with every other rule, none may stand in the way of a revert.
  const isRouting = previous !== undefined && isRoutingWrite(previous, next);
  const problems = [
    ...newNameProblems(model, whose.project, origin),
    ...updateProblems(previous, parsed, live),
    ...(isRouting ? [] : secretProblems(secretKeys, next)),
    ...(isRouting ? [] : rolePathProblems(origin, next)),
    ...(parsed.ok && isKnown ? await sharedListenerProblems(parsed.config, previous, asking) : []),
    ...(parsed.ok ? await hostNameProblems(parsed.config, previous, asking) : []),
    ...(hadUsers && manual ? await regionProblems(region, asking) : []),
  ];
  // Only of what nothing else refuses.
  if (parsed.ok && problems.length === 0) {
    problems.push(...(await inPlaceProblems(previous, next, last, targetStates(next.localCloud))));
  }
  if (!read.ok || problems.length > 0) throw new pulumi.RunError(typed(showProblems(problems)));
  const { config } = read;
  const warnings = [
    movedAside(previous, config, live),
    hadUsers ? notCompared(previous, config) : undefined,
    previous && unprovenWarning(config, requested),
    // A verb writes many updates in a release, and `plan` says it, too.
    writer.isVerb ? undefined : labelsTooLate(config.signals, sharedMinutes(config.rollout)),
    warning,
  ];
  for (const warning of warnings) if (warning !== undefined) await pulumi.log.warn(typed(warning));
  const standing = { hadUsers, requested };
  const kept = perSlot((slot) => previous !== undefined && keepsTasks({ previous, next, slot }));
  const hidden = hiddenVariables(secretKeys);
  const remembered = { httpListener: httpListenerOf(previous), rememberedZones: rememberedZones(previous) };
  return { config, origin, standing, groupPorts, hidden, kept, ...remembered };
}

/** Of the roles' names: another path would be other roles, and with them other tasks on both slots at once. */
function rolePathProblems(origin: Origin | undefined, { iam }: StackConfig): readonly Problem[] {
  const made = origin?.rolePath ?? "/";
  if (origin === undefined || iam.rolePath === made) return [];
  const allowed = `${made}, under which the stack has made its roles; for another one make a second stack`;
  return [problem("iam.rolePath", iam.rolePath, allowed, `pulumi config set --path iam.rolePath ${made}`)];
}

/** How a command is typed here: of the local cloud, and with the model's namespace before the key. */
function typedForModel(model: string, localCloud: string | undefined): (text: string) => string {
  const where = typedFor(localCloud);
  return (text) => where(model === pulumi.getProject() ? text : ofModel(text, model));
}

const judgedAsManual = (previous: Previous | undefined, read: Parsed): Parsed =>
  read.ok
    ? { ok: true, config: asManual(previous, read.config) }
    : { ...read, readable: asManual(previous, read.readable) };

/** The project's own keys with a secret anywhere in them, bare. */
function secretOnes(model: string): readonly string[] {
  // Pulumi's Config asks it for every value (@pulumi/pulumi/config.js); its published types leave it out.
  const { isConfigSecret } = pulumi.runtime as unknown as {
    readonly isConfigSecret: (key: string) => boolean;
  };
  const values = pulumi.runtime.allConfig();
  const keys = Object.keys(values).filter((key) => isConfigSecret(key));
  const fromProject = localDefaults(ownKeys(values, model), { project: pulumi.getProject(), model });
  return [
    ...keys.map((key) => ownKey(key, model)),
    ...fromProject.flatMap(([key, from]) => (keys.includes(from) ? [key] : [])),
  ];
}

/** Users manually for a model that no pre-traffic test speaks for: a person's right, and to be known. */
function unprovenWarning(config: StackConfig, requested: StackBefore["requested"]): string | undefined {
  const found = unproven(
    config,
    perSlot((slot) => requested[slot]?.model),
  );
  if (found === undefined) return undefined;
  const { slot, share, why } = found;
  return `${slot} gets ${share} % of the users manually, although ${why}. To test it: npx bluegreen test; to move the users back: npx bluegreen revert`;
}
