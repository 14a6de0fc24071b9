/** The text with five bytes changed, spread over all of it: what a dying disk, or a person by accident, leaves. */
export function fiveBytesFlipped(text: string): string {
  const bytes = Buffer.from(text);
  for (const part of [0.1, 0.3, 0.5, 0.7, 0.9]) {
    const at = Math.floor(bytes.length * part);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
  }
  return bytes.toString();
}
