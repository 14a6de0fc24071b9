/** What a step wrote to GITHUB_OUTPUT: `name=value`, or `name<<mark`, lines and the mark. */
export function readOutputs(source: string): Record<string, string> {
  const found: Record<string, string> = {};
  const lines = source.split("\n");
  while (lines.length > 0) {
    const line = lines.shift() ?? "";
    const [, name, mark] = /^([\w-]+)<<(.+)$/.exec(line) ?? [];
    if (name !== undefined && mark !== undefined) {
      const end = lines.indexOf(mark);
      if (end < 0) throw new Error(`an output has no end: ${name}`);
      found[name] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join("\n");
    } else if (line.includes("=")) {
      found[line.slice(0, line.indexOf("="))] = line.slice(line.indexOf("=") + 1);
    } else if (line !== "") throw new Error(`not an output: ${line}`);
  }
  return found;
}
