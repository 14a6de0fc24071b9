/**
 * A pattern of a service model as JavaScript's. The services are written in Java and match the whole text ("Member must
 * satisfy regular expression pattern"), and their patterns have what JavaScript writes otherwise. One that is no pattern
 * here throws: what cannot be checked must not pass for checked.
 */
export function wholeText(pattern: string): RegExp {
  // Java (Pattern): \p{Print} is a printing character of ASCII; any other character may stand behind a backslash.
  const translated = pattern
    .replaceAll(String.raw`\p{Print}`, String.raw`[\x20-\x7E]`)
    .replaceAll(/\\([_:#@!,"'<>&%~`= ])/g, "$1");
  return new RegExp(`^(?:${translated})$`, "u");
}
