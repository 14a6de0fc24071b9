import { AwsError } from "../aws-api/errors.ts";
import { leafChanges } from "../../pulumi-engine/values/property-diff.ts";
import {
  PartialFailure,
  UNKNOWN,
  type CheckFailure,
  type Properties,
  type Provider,
} from "../../pulumi-engine/values/provider.ts";
import { actingTypes, type ActingServices } from "./acting-types.ts";
import { realPause, type Pause } from "./aws/ecs/wait.ts";
import { createInvoke } from "./invoke.ts";
import { hasMadeUpName, randomSuffix, withName } from "./names.ts";
import { recordedType } from "./recorded-type.ts";
import type { RecordStore } from "./records.ts";
import { notKnownIn } from "./unknown-outputs.ts";
import type { Change, ResourceType, ChangeStep, Existing } from "./resource-type.ts";
import { asProperties, members, type Refuse } from "./shape.ts";

export interface CloudServices extends ActingServices {
  readonly region: string;
  readonly accountId: string;
  readonly recorded: RecordStore;
}

export interface LocalProvider extends Provider {
  /** The types of which there are resources that are recorded, not simulated; sorted. */
  recordedTypes(): readonly string[];
}

/**
 * The Pulumi resource provider for `aws` on the local cloud. Types that act call the cloud's AWS operations in their
 * API shapes; other `aws` types are recorded; anything else is refused by name. Errors carry AWS's code and message.
 */
export function createProvider(
  services: CloudServices,
  options: { readonly pause?: Pause; readonly suffix?: () => string } = {},
): LocalProvider {
  const { region, recorded } = services;
  const { pause = realPause, suffix = randomSuffix } = options;
  const acting = actingTypes(services, pause);
  const invoke = createInvoke(services, acting);
  const typeOf = (type: string): ResourceType => {
    const found = Object.hasOwn(acting, type) ? acting[type] : undefined;
    if (found !== undefined) return found;
    if (type.startsWith("aws:")) return recordedType(type, services, recorded);
    throw new Error(`the local cloud has no resource type ${type}`);
  };
  const outputsOf = async (kind: ResourceType, target: Existing, declared: Properties) => {
    const live = await kind.describe(target);
    return live && { ...declared, ...live, id: target.id, region };
  };

  return {
    async check({ type, urn, olds, news }) {
      const kind = typeOf(type);
      const failures: CheckFailure[] = [];
      const refuse: Refuse = (failure) => void failures.push(failure);
      const wanted = withName(kind.named, { urn, news, ...(olds && { olds }) }, suffix, refuse);
      const inputs = asProperties(kind.inputs.canonical(wanted, "", refuse));
      for (const { path, text } of notKnownIn(news)) refuse({ property: path, reason: text });
      const asked = inputs["region"];
      if (asked !== undefined && asked !== region && asked !== UNKNOWN)
        refuse({ property: "region", reason: `the local cloud has ${region} only, got ${String(asked)}` });
      return { inputs, failures };
    },

    async diff({ type, olds, news }) {
      const kind = typeOf(type);
      const before = canonical(kind, olds);
      const after = canonical(kind, news);
      const changes = leafChanges(before, after).map(({ path }) => path);
      const replaces = changes.filter((path) => kind.replacedBy.includes(rootOf(path)));
      return {
        changes,
        replaces,
        deleteBeforeReplace:
          replaces.length > 0 && sameIdentity(kind, before, after) && !hasMadeUpName(kind.named, after),
      };
    },

    async create({ type, inputs, begun }) {
      const kind = typeOf(type);
      const news = canonical(kind, inputs);
      const left = begun === true ? await readable(leftBehind(kind, news)) : undefined;
      const { id, arn } = left ?? (await readable(kind.create(news)));
      const target = { id, arn, state: news };
      const steps = kind.steps.filter((step) => step.onCreate === true);
      const stopped = await carryOut(kind, steps, changeOf(target, canonical(kind, {}), news));
      const outputs = await readable(outputsOf(kind, target, news));
      if (outputs === undefined) throw new Error(`${id} went away while it was being created`);
      if (stopped === undefined) return { id, outputs };
      throw new PartialFailure(messageOf(stopped.error), id, withUnfinished(outputs, stopped));
    },

    async update({ type, id, olds, news, outputs: before }) {
      const kind = typeOf(type);
      const after = canonical(kind, news);
      const target = { id, arn: arnOf(id, before), state: { ...before, ...after } };
      const real = { ...canonical(kind, olds), ...unfinishedOf(kind, after, before) };
      const change = changeOf(target, real, after);
      const steps = kind.steps.filter(
        ({ properties }) => properties === "any" || properties.some((name) => change.changed.has(name)),
      );
      const stopped = await carryOut(kind, steps, change);
      if (stopped !== undefined && stopped.done === 0) throw plain(stopped.error);
      const outputs = await readable(outputsOf(kind, target, after));
      if (outputs === undefined) throw new Error(`${id} is gone; a refresh would show it`);
      if (stopped === undefined) return { outputs };
      throw new PartialFailure(messageOf(stopped.error), id, withUnfinished(outputs, stopped));
    },

    async delete({ type, id, outputs }) {
      await readable(typeOf(type).delete({ id, arn: arnOf(id, outputs), state: outputs }));
    },

    async read({ type, id, inputs, outputs }) {
      const kind = typeOf(type);
      const declared = canonical(kind, inputs);
      const target = { id, arn: arnOf(id, outputs), state: { ...outputs, ...declared } };
      const live = await readable(outputsOf(kind, target, declared));
      return live && { inputs: asProperties(kind.inputs.project(declared, live)), outputs: live };
    },

    invoke: ({ token, args }) => readable(invoke(token, args)),
    recordedTypes: () => [...new Set(recorded.all().map(({ type }) => type))].sort(),
  };
}

/** What an interrupted creation has made: there, and in every property as asked for. */
async function leftBehind(
  kind: ResourceType,
  wanted: Properties,
): Promise<{ id: string; arn: string } | undefined> {
  const found = await kind.find?.(wanted);
  const live = found && (await kind.describe({ ...found, state: wanted }));
  if (live === undefined) return undefined;
  const real = canonical(kind, asProperties(kind.inputs.project(wanted, live)));
  return leafChanges(wanted, real).length === 0 ? found : undefined;
}

interface Stopped {
  readonly error: unknown;
  /** Steps that were made before the one that failed. */
  readonly done: number;
  readonly unfinished: readonly string[];
}

/** Makes the steps, and waits for what they lead to. Answers where it stopped, if it did. */
async function carryOut(
  kind: ResourceType,
  steps: readonly ChangeStep[],
  change: Change,
): Promise<Stopped | undefined> {
  let done = 0;
  try {
    for (const step of steps) {
      await step.apply(change);
      done++;
    }
    await kind.settle?.(change);
    return undefined;
  } catch (error) {
    const left = steps.slice(done).flatMap(({ properties }) => (properties === "any" ? [] : properties));
    return { error, done, unfinished: left.filter((name) => change.changed.has(name)) };
  }
}

/**
 * Where the outputs of a half-made change name what is not as asked for. The engine then has the new inputs already,
 * so comparing inputs would show nothing left to do.
 */
const UNFINISHED = "__unfinished";

function withUnfinished(outputs: Properties, { unfinished }: Stopped): Properties {
  return unfinished.length === 0 ? outputs : { ...outputs, [UNFINISHED]: unfinished };
}

/** The properties that an earlier, half-made change left as they were, as they are. */
function unfinishedOf(kind: ResourceType, declared: Properties, outputs: Properties): Properties {
  const real = asProperties(kind.inputs.project(declared, outputs));
  return Object.fromEntries(members(outputs[UNFINISHED]).map((name) => [String(name), real[String(name)]]));
}

/** What the inputs mean. `check` has reported what is wrong with them; here that counts as absent. */
function canonical(kind: ResourceType, inputs: Properties): Properties {
  return asProperties(kind.inputs.canonical(inputs, "", () => {}));
}

function changeOf(target: Existing, olds: Properties, news: Properties): Change {
  const changed = new Set(leafChanges(olds, news).map(({ path }) => rootOf(path)));
  return { ...target, olds, news, changed };
}

function rootOf(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

/** Whether the new resource would have the name of the old one, so that both cannot exist at once. */
function sameIdentity({ identity }: ResourceType, olds: Properties, news: Properties): boolean {
  return identity.length > 0 && identity.every((name) => news[name] !== UNKNOWN && news[name] === olds[name]);
}

/** The ids of most types are their ARNs. */
function arnOf(id: string, outputs: Properties): string {
  const arn = outputs["arn"];
  return typeof arn === "string" ? arn : id;
}

async function readable<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    throw plain(error);
  }
}

/** AWS's errors with their codes, as people search for them: `TargetGroupNotFound: One or more …`. */
function plain(error: unknown): unknown {
  return error instanceof AwsError ? new Error(messageOf(error), { cause: error }) : error;
}

function messageOf(error: unknown): string {
  if (error instanceof AwsError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
