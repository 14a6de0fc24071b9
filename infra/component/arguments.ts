/** Of objects and lists a copy; of anything else (an Output, a promise, a resource) the thing itself. */
export function copyOf<T>(value: T): T {
  // A copy is of its original's type, which TypeScript cannot follow through the members.
  if (Array.isArray(value)) return value.map(copyOf) as T;
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member)])) as T;
}

/** The same by every member; what is no object and no list is the same only if it is one: nobody knows an Output's value yet. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((member, index) => isSame(member, other[index]));
  }
  if (!isPlain(one) || !isPlain(other)) return Object.is(one, other);
  // One that is undefined is none.
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((key) =>
    isSame(one[key], other[key]),
  );
}

/** Whether `more` has all of `one`, a list or an object, and nothing twice under one name. */
export function hasAllOf(more: unknown, one: unknown): boolean {
  if (one === undefined) return true;
  if (Array.isArray(one) && Array.isArray(more)) {
    const names = more.flatMap((member) => (isPlain(member) && "name" in member ? [member["name"]] : []));
    const isOnce = new Set(names).size === names.length;
    return isOnce && one.every((member) => more.some((another) => isSame(another, member)));
  }
  if (isPlain(one) && isPlain(more)) return Object.keys(one).every((key) => isSame(more[key], one[key]));
  return Object.is(one, more);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
