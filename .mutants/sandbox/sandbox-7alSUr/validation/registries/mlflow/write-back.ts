import type { SlotMark } from "../../core/slot-marks.ts";
import type { RegistryTools, StackMarks } from "../define.ts";
import { leftTags, roleWords, tagChanges, wantedTags, WRITTEN, type WantedTags } from "../tags.ts";
import { MlflowRefusal, mlflowApi, type MlflowApi, type MlflowVersion } from "./api.ts";

const addressOf = ({ name, version }: MlflowVersion) => `models:/${name}/${version}`;

/**
 * Aliases that follow the slots. MLflow's own documents call them so: a champion serves, a challenger is on its way
 * (mlflow.org/docs/latest/ml/model-registry/workflow).
 */
const ALIASES = [
  ["champion", "active"],
  ["challenger", "candidate"],
] as const;

/**
 * First what is on the slots, then the aliases, and at last what is on no slot any more: an alias is taken only from a
 * version that is known as this stack's.
 */
export async function writeBack(
  { stack, marks, past }: StackMarks,
  tools: RegistryTools,
): Promise<readonly string[]> {
  const api = mlflowApi(tools);
  const ours = await api.tagged(WRITTEN.stack, stack);
  const found = await Promise.all(marks.map((mark) => markedVersion(api, ours, mark)));
  const isMarked = (version: MlflowVersion) => marks.some(({ registry }) => registry === addressOf(version));
  const changes: string[] = [];
  for (const { version, mark } of found) {
    if (version !== undefined) changes.push(...(await write(api, version, wantedTags(stack, mark))));
  }
  const marked = found.flatMap(({ version }) => (version === undefined ? [] : [version]));
  const gone = ours.filter((version) => !isMarked(version));
  changes.push(...(await followAliases(api, marks, [...marked, ...gone])));
  for (const version of gone) {
    const { [WRITTEN.role]: role, [WRITTEN.release]: release } = version.tags;
    const ended = role === "rolledBack" || release === undefined ? undefined : await past(release);
    changes.push(...(await write(api, version, leftTags(version.tags, ended))));
  }
  const missing = found.flatMap(({ version, mark }) => (version === undefined ? [mark.registry] : []));
  if (missing.length > 0) throw new Error(`MLflow has no ${missing.join(", ")} any more`);
  return changes;
}

async function markedVersion(api: MlflowApi, ours: readonly MlflowVersion[], mark: SlotMark) {
  const known = ours.find((version) => addressOf(version) === mark.registry);
  const [name = "", version = ""] = mark.registry.slice("models:/".length).split("/");
  return { mark, version: known ?? (await unlessUnknown(() => api.version(name, version))) };
}

/** Somebody has deleted it: what is written to the others is as true. */
async function unlessUnknown<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof MlflowRefusal && error.isUnknown) return undefined;
    throw error;
  }
}

async function write(api: MlflowApi, version: MlflowVersion, wanted: WantedTags): Promise<readonly string[]> {
  const { set, remove } = tagChanges(version.tags, wanted);
  for (const [key, value] of set) await api.setTag(version, key, value);
  for (const key of remove) await api.deleteTag(version, key);
  return set.length + remove.length === 0 ? [] : [roleWords(addressOf(version), wanted)];
}

async function followAliases(
  api: MlflowApi,
  marks: readonly SlotMark[],
  ours: readonly MlflowVersion[],
): Promise<readonly string[]> {
  const changes: string[] = [];
  for (const name of new Set(ours.map((version) => version.name))) {
    const before = await unlessUnknown(() => api.aliases(name));
    if (before === undefined) continue;
    for (const [alias, role] of ALIASES) {
      const wanted = ours.find((version) =>
        marks.some((mark) => mark.role === role && mark.registry === addressOf(version)),
      );
      const [to, from] = [wanted?.name === name ? wanted.version : undefined, before.get(alias)];
      if (to !== undefined && to !== from) {
        await api.setAlias(name, alias, to);
        changes.push(`models:/${name}@${alias} is version ${to}`);
      }
      // An alias that somebody has given to another version is theirs.
      const isOurs = ours.some((version) => version.name === name && version.version === from);
      if (to === undefined && isOurs) {
        await api.deleteAlias(name, alias);
        changes.push(`models:/${name}@${alias} is no version`);
      }
    }
  }
  return changes;
}
