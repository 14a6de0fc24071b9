/**
 * Pulumi qualifies a project's own configuration keys by the project's name (`fraud-model:greenWeight`). Behind the
 * places where Pulumi hands them over nobody needs that name: a key of the project is bare, one of another namespace
 * keeps it (`aws:region`).
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
