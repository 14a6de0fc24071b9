import type { RunClock } from "../../../../tools/aws-run/teardown.ts";

export type Input = Readonly<Record<string, unknown>>;
export type Handlers = Readonly<Record<string, (input: Input) => unknown>>;

/** Something that stands in the account. */
export interface Standing {
  readonly kind: string;
  /** Tags, as any service takes them: name and value. */
  readonly tags: Readonly<Record<string, string>>;
  /** In what it stands, by id. */
  readonly within?: string;
}

/** AWS's refusal, as the SDK throws it. */
export class Refused extends Error {
  readonly $fault = "client";
  constructor(name: string, message = name) {
    super(message);
    this.name = name;
  }
}

/** What stands in an account in memory; what is in use is not deleted, and some things go late. */
export class AccountThings {
  readonly standing = new Map<string, Standing>();
  /** What was deleted and when; some services go on listing it. */
  readonly gone: { readonly id: string; readonly one: Standing; readonly atMs: number }[] = [];
  readonly clock: RunClock;
  readonly made: string[] = [];
  private number = 0;

  constructor(clock: RunClock) {
    this.clock = clock;
  }

  add(kind: string, id: string, tags: unknown, within?: string): string {
    this.standing.set(id, { kind, tags: tagsIn(tags), ...(within === undefined ? {} : { within }) });
    this.made.push(kind);
    return id;
  }

  remove(id: string, missing: string): void {
    const one = this.standing.get(id);
    if (one === undefined) throw new Refused(missing);
    this.standing.delete(id);
    this.gone.push({ id, one, atMs: this.clock.now() });
  }

  ids(kind: string, within?: string): readonly string[] {
    return [...this.standing].flatMap(([id, one]) =>
      one.kind === kind && (within === undefined || one.within === within) ? [id] : [],
    );
  }

  /** What stands and what has been deleted. */
  everIds(kind: string, within?: string): readonly string[] {
    const ghosts = this.gone.flatMap(({ id, one }) =>
      one.kind === kind && (within === undefined || one.within === within) ? [id] : [],
    );
    return [...new Set([...this.ids(kind, within), ...ghosts])];
  }

  next(): string {
    this.number += 1;
    return this.number.toString(16).padStart(8, "0");
  }
}

function tagsIn(raw: unknown): Readonly<Record<string, string>> {
  if (!Array.isArray(raw)) return Object(raw) as Readonly<Record<string, string>>;
  const tags = raw as readonly Readonly<Record<string, string>>[];
  return Object.fromEntries(
    tags.map((tag) => [tag["Key"] ?? tag["key"] ?? "", tag["Value"] ?? tag["value"] ?? ""]),
  );
}

/** Answers of lists come one item a page, so that nobody forgets the next page. */
export function page(
  items: readonly unknown[],
  token: unknown,
): { readonly items: readonly unknown[]; readonly next?: string } {
  const from = Number(token ?? 0);
  return {
    items: items.slice(from, from + 1),
    ...(from + 1 < items.length ? { next: String(from + 1) } : {}),
  };
}
