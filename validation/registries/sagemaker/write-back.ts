import type { RegistryTools, StackMarks } from "../define.ts";
import { attempt } from "../../reading.ts";
import { leftTags, roleWords, tagChanges, wantedTags, WRITTEN, type WantedTags } from "../tags.ts";

const SCHEME = "sagemaker:";
/** Versions of a group, the newest, that are asked whether they were this stack's: SageMaker finds none by a property. */
const LOOKED_AT = 20;
// SageMaker API, CustomerMetadataProperties: a value has 1 to 256 letters, digits, spaces and `_.:/=+-@`.
const NOT_ALLOWED = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu;

const allowed = (wanted: WantedTags): WantedTags =>
  Object.fromEntries(
    Object.entries(wanted).map(([key, value]) => [key, value?.replaceAll(NOT_ALLOWED, " ").slice(0, 256)]),
  );

/** SageMaker has no aliases; the properties of a version are changed by one call, so nothing is half written. */
export async function writeBack(
  { stack, marks, left, past }: StackMarks,
  { packages }: RegistryTools,
): Promise<readonly string[]> {
  const changes: string[] = [];
  const missing: string[] = [];
  const present = new Set(marks.map(({ registry }) => groupOf(registry)));
  for (const group of new Set([...present, ...left.map(groupOf)])) {
    const listed = await attempt(() => packages.list(group));
    if (!listed.readable) {
      // Of a group that the stack has left nothing else depends on it: it may be gone, or be nobody's business any more.
      if (present.has(group)) throw new Error(listed.why);
      changes.push(`${SCHEME}${group}: nobody could look at what it says of this stack (${listed.why})`);
      continue;
    }
    const all = listed.value;
    const known = new Set(all.map(({ version }) => `${SCHEME}${group}/${version}`));
    missing.push(
      ...marks.map(({ registry }) => registry).filter((one) => groupOf(one) === group && !known.has(one)),
    );
    for (const [at, { version, arn }] of all.entries()) {
      const registry = `${SCHEME}${group}/${version}`;
      const mark = marks.find((one) => one.registry === registry);
      if (mark === undefined && at >= LOOKED_AT && !left.includes(registry)) continue;
      const { properties } = await packages.describe(arn);
      if (mark === undefined && properties[WRITTEN.stack] !== stack) continue;
      const wanted =
        mark === undefined ? leftTags(properties, await endOf(properties, past)) : wantedTags(stack, mark);
      const { set, remove } = tagChanges(properties, allowed(wanted));
      if (set.length + remove.length === 0) continue;
      // Whether an update replaces the map or adds to it, AWS does not say: what is sent is right either way.
      const kept = Object.entries(properties).filter(([key]) => !remove.includes(key));
      await packages.update(arn, { ...Object.fromEntries(kept), ...Object.fromEntries(set) }, remove);
      changes.push(roleWords(registry, wanted));
    }
  }
  if (missing.length > 0) throw new Error(`SageMaker has no ${missing.join(", ")} any more`);
  return changes;
}

const groupOf = (registry: string) => registry.slice(SCHEME.length).replace(/\/[^/]*$/, "");

const endOf = (
  { [WRITTEN.role]: role, [WRITTEN.release]: release }: Readonly<Record<string, string>>,
  past: StackMarks["past"],
) => (role === "rolledBack" || release === undefined ? undefined : past(release));
