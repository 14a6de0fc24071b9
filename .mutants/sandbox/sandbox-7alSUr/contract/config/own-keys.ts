/**
 * Pulumi qualifies a project's own configuration keys by the project's name (`fraud-model:greenWeight`), and a model that
 * is called otherwise has a namespace of its own (`churn:greenWeight`). Behind the places where Pulumi hands them over
 * nobody needs that name: a key of the model at hand is bare, one of another namespace keeps it (`aws:region`).
 */
export type Raw = Readonly<Record<string, string>>;

/** `fraud-model:greenWeight` of the project `fraud-model` is `greenWeight`; everything else stays as it is. */
export const ownKey = (key: string, project: string): string =>
  key.startsWith(`${project}:`) ? key.slice(project.length + 1) : key;

/** The other way round. */
export const qualified = (key: string, project: string): string =>
  key.includes(":") ? key : `${project}:${key}`;

/** Without the keys of other models of the same program: each reads its own. */
export const withoutNamespaces = <T>(
  values: Readonly<Record<string, T>>,
  namespaces: readonly string[],
): Record<string, T> =>
  Object.fromEntries(
    Object.entries(values).filter(([key]) => !namespaces.some((name) => key.startsWith(`${name}:`))),
  );

/** The same of all keys of a record. */
export const ownKeys = <T>(values: Readonly<Record<string, T>>, project: string): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [ownKey(key, project), value]));

/** What `npx bluegreen local` writes for the project: nobody is to write it once more for every model of a local stack. */
const OF_LOCAL_CLOUD = ["localCloud", "testToken", "service", "rollout"] as const;

/**
 * Where each key of a model comes from that it does not have itself, on a local cloud alone: from the namespace of the
 * project. `keys`: of one model, bare.
 */
export function localDefaults(
  keys: Readonly<Record<string, unknown>>,
  { project, model }: { readonly project: string; readonly model: string },
): readonly (readonly [key: string, from: string])[] {
  if (model === project || !(`${project}:localCloud` in keys)) return [];
  return OF_LOCAL_CLOUD.flatMap((key) => {
    const from = `${project}:${key}`;
    return key in keys || !(from in keys) ? [] : [[key, from] as const];
  });
}

/** The configuration as one model reads it. `values`: as Pulumi names them, or with that model's keys bare. */
export function rawOfModel<T>(
  values: Readonly<Record<string, T>>,
  whose: { readonly project: string; readonly model: string },
): Record<string, T> {
  const own = ownKeys(values, whose.model);
  const { project, model } = whose;
  if (model === project || !(`${project}:localCloud` in own)) return own;
  const taken = localDefaults(own, whose).flatMap(([key, from]) => {
    const value = own[from];
    return value === undefined ? [] : [[key, value] as const];
  });
  // They have said what they are there for.
  for (const key of OF_LOCAL_CLOUD) delete own[`${project}:${key}`];
  return { ...own, ...Object.fromEntries(taken) };
}
