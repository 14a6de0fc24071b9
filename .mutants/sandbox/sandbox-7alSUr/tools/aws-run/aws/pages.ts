interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** The items of all pages of a list. */
export async function allPages<T>(
  page: (after: string | undefined) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const one = await page(after);
    items.push(...one.items);
    after = one.next === "" ? undefined : one.next;
  } while (after !== undefined);
  return items;
}
