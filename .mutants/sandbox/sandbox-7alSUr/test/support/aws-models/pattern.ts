/**
 * A pattern of a service model as JavaScript's. The services are written in Java and match the whole text ("Member must
 * satisfy regular expression pattern"), and their patterns have what JavaScript writes otherwise. One that is no pattern
 * here throws: what cannot be checked must not pass for checked.
 */
export function wholeText(pattern: string): RegExp {
  const ascii = pattern.replaceAll(String.raw`\p{Print}`, String.raw`[\x20-\x7E]`);
  const translated = ascii.replaceAll(/\\(.)/gs, (escape, character: string) =>
    NEEDLESS.includes(character) ? character : (ESCAPED[character] ?? escape),
  );
  // SageMaker has `(…)${1,128}`: an end that is repeated, which Java takes for an end, and JavaScript not at all.
  return new RegExp(`^(?:${translated.replaceAll(/\$\{[\d,]+\}/g, "$")})$`, "u");
}

// Java takes a backslash before any character that is no letter (java.util.regex.Pattern); JavaScript does not.
const NEEDLESS = `_:#@!,"'<>&%~\`= `;
const ESCAPED: Readonly<Record<string, string>> = { "-": String.raw`\x2D` };
