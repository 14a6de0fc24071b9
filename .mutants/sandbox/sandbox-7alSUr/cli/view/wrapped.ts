/** A sentence in so many lines at most, broken between words; those after the first stand two further to the right. */
export function wrapped(
  text: string,
  columns: number,
  { most = Number.POSITIVE_INFINITY, indent = "" } = {},
): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    const isBegun = line.trim() !== "";
    if (isBegun && line.length + 1 + word.length >= columns) {
      lines.push(line);
      line = `${indent === "" ? "" : `${indent}  `}${word}`;
    } else line += isBegun ? ` ${word}` : word;
  }
  lines.push(line);
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), `${lines[most - 1]} …`];
}
