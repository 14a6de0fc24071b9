const TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * Epoch ms of a time in ISO 8601 with its zone; undefined: it is none. `Date.parse` alone takes the 30th of February for
 * the 2nd of March, and a time without a zone for one of this machine's.
 */
export function isoMs(text: string): number | undefined {
  const [, year, month, day] = TIME.exec(text) ?? [];
  const ms = Date.parse(text);
  if (day === undefined || !Number.isFinite(ms)) return undefined;
  const date = new Date(`${year}-${month}-01T00:00:00Z`);
  date.setUTCDate(Number(day));
  return date.getUTCDate() === Number(day) && date.getUTCMonth() + 1 === Number(month) ? ms : undefined;
}
