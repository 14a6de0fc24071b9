/** ISO 8601 in UTC, of epoch milliseconds. */
export const iso = (epochMs: number): string => new Date(epochMs).toISOString();
