/** How rules look into properties, whose shape is the provider's. */
export type Bag = Readonly<Record<string, unknown>>;

export const bag = (value: unknown): Bag =>
  // A record by the check; its keys are text.
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Bag) : {};

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const text = (value: unknown): string => (typeof value === "string" ? value : "");
