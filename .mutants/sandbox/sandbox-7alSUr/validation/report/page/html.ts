/** Markup of ours. What is put into `markup` and is none of it, is text from outside, and becomes text. */
export class Html {
  readonly markup: string;
  constructor(markup: string) {
    this.markup = markup;
  }
}

export type Markup = Html | string | number | undefined | readonly Markup[];

/** HTML (and SVG) with everything escaped that was not made by this function itself. Indentation is the source's alone. */
export const markup = (texts: TemplateStringsArray, ...parts: readonly Markup[]): Html =>
  new Html(
    texts
      .map((text, at) => text.replaceAll(/\n\s+/g, "\n") + (at < parts.length ? shown(parts[at]) : ""))
      .join(""),
  );

function shown(part: Markup): string {
  if (part === undefined) return "";
  if (part instanceof Html) return part.markup;
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  return part.map(shown).join("");
}

const SIGNS: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Without what a page may not contain or must not obey: control characters are not allowed in HTML even when escaped
 * (HTML standard, 13.1.4), and direction overrides would turn the text around them (Unicode TR 36, 3.2).
 */
export const readable = (text: string): string =>
  text.replaceAll(/[^\P{Cc}\n\t\r]|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, "\ufffd");

const escaped = (text: string) => readable(text).replaceAll(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
