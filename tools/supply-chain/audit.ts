/** What `npm audit --json` says: known weaknesses, or that the registry has answered nothing of the kind. */
export type Audited =
  | { readonly kind: "answered"; readonly serious: readonly string[]; readonly others: number }
  | { readonly kind: "skipped"; readonly why: string };

const SERIOUS = ["high", "critical"];

/** Reads it; never throws: what is no answer is a reason to say that nothing was looked at. */
export function audited(text: string): Audited {
  const said = parsed(text);
  const found = objectAt(said, "vulnerabilities");
  if (found === undefined) {
    const { message } = said ?? {};
    const why = typeof message === "string" ? message : "it said nothing that could be read";
    return { kind: "skipped", why: why.split("\n")[0] ?? "" };
  }
  const all = Object.entries(found).map(([name, one]) => {
    const severity = typeof one === "object" && one !== null && "severity" in one ? String(one.severity) : "";
    return { name, severity };
  });
  const serious = all.filter(({ severity }) => SERIOUS.includes(severity));
  return {
    kind: "answered",
    serious: serious.map(({ name, severity }) => `${name} (${severity})`),
    others: all.length - serious.length,
  };
}

const objectAt = (of: Readonly<Record<string, unknown>> | undefined, name: string) => asObject(of?.[name]);

const asObject = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  // An object that is no list is a record of its names.
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Told as what it is: nothing that could be read.
    return undefined;
  }
}
