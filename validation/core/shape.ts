/** Whether a value that came from outside has a certain form. */
export type Shape = (value: unknown) => boolean;

export const isText: Shape = (value) => typeof value === "string";
export const isNumber: Shape = (value) => typeof value === "number" && Number.isFinite(value);
export const isFlag: Shape = (value) => typeof value === "boolean";

export const listOf =
  (member: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(member);

/** Not given, or as it should be. */
export const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value);

/** An object with at least these members. */
export const recordOf =
  (members: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    typeof value === "object" &&
    value !== null &&
    // Only own members count: every object inherits some.
    Object.entries(members).every(([name, shape]) =>
      shape(Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined),
    );
