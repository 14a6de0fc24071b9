/**
 * Whether the text is what the pattern says: `*` is any number of characters, `?` exactly one (ELB API, condition
 * values). Of several stars only the last one is ever tried again, which is enough: an earlier one could only have left
 * less for what follows. So it takes at most (text + 1) · (pattern + 1) steps; a regular expression would try all ways
 * of dividing the text among the stars.
 * @param onStep is called before each step.
 */
export function matchesWildcards(pattern: string, text: string, onStep: () => void = () => {}): boolean {
  let inPattern = 0;
  let inText = 0;
  let star: number | undefined;
  let takenByStar = 0;
  while (inText < text.length) {
    onStep();
    const wanted = pattern[inPattern];
    if (wanted === "*") {
      star = inPattern++;
      takenByStar = inText;
    } else if (wanted === "?" || wanted === text[inText]) {
      inPattern++;
      inText++;
    } else if (star !== undefined) {
      inPattern = star + 1;
      inText = ++takenByStar;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern === pattern.length;
}
