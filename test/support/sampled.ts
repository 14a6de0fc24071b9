/** `npm run test:stories` runs the files of SAMPLED (vitest.config.ts) whole, `npm test` a sample of them. */
const isWhole = process.env["STORIES"] === "long";

/** The first for the whole, the second for the sample. */
export const sampled = <T>(whole: T, sample: T): T => (isWhole ? whole : sample);
