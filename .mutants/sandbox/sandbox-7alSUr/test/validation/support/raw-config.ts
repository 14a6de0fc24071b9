/** Keys of a stack as Pulumi stores them: texts. */
export const project = (raw: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );
