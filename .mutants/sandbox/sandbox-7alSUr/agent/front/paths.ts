/** The path of a request's target, without its query. */
export function pathOf(target: string): string {
  const end = target.indexOf("?");
  return end < 0 ? target : target.slice(0, end);
}

/** Which of the patterns a path is like: equal to one, or begins as one that ends with `*` does. */
export function matchingPath(path: string, patterns: readonly string[]): string | undefined {
  return patterns.find((pattern) =>
    pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern,
  );
}
