import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOUR_STEPS } from "../../cli/tour/steps.ts";
import { aReader, type Reader } from "./support/reader.ts";

/** Two releases on a busy machine. */
const LONG = 600_000;

/** Sentences in one line each. */
const TOUR = "stty cols 500; npx bluegreen tour";

describe("given a fresh clone, and a newcomer who types what the tour prints", () => {
  let reader: Reader;
  beforeAll(async () => {
    reader = await aReader();
    await reader.opens("npm ci").ended;
  }, LONG);
  afterAll(() => reader?.close(), LONG);

  it(
    "ends with the bad model rolled back, also when it was left in the middle",
    { timeout: LONG },
    async () => {
      const first = reader.opens(TOUR);
      for (const { command } of TOUR_STEPS.slice(0, 3)) {
        await first.saw(`Type:\r\n    ${command}\r\n`);
        first.types(command);
      }
      await first.saw("Its share is 0 %.");
      first.types("npx bluegreen history");
      await first.saw("The stack is where it was before.");
      await first.interrupt();

      const second = reader.opens(TOUR);
      await second.saw("The tour goes on where it was.");
      for (const [index, { command, done }] of TOUR_STEPS.entries()) {
        if (index < 3) continue;
        await second.saw(`${index + 1} of ${TOUR_STEPS.length} ·`);
        second.types(command);
        await second.saw(done);
      }
      await second.saw("was rolled back:");
      await second.saw("Read next:");
      expect(await second.ended).toMatchObject({ exitCode: 0 });
    },
  );
});
