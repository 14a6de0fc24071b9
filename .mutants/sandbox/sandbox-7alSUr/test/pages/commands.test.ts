import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aReader, type Reader } from "./support/reader.ts";
import { NOT_RUN } from "./support/listed.ts";
import { allCommands } from "./support/page.ts";

/**
 * A whole release, and the demo, on a busy machine. The local cloud has its usual port, as printed: where one of somebody
 * else runs already, these end with BG151.
 */
const LONG = 300_000;

describe("given a fresh clone and the pages, from the first line on", () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await aReader();
  }, LONG);
  afterAll(() => reader?.close(), LONG);

  // In the order of the pages: each goes on where the one before it ended.
  it.each(allCommands().filter(({ command }) => NOT_RUN[command] === undefined))(
    "$page:$line works as printed: $command",
    { timeout: LONG },
    async (printed) => {
      expect(await reader.types(printed)).toBeUndefined();
    },
  );
});
