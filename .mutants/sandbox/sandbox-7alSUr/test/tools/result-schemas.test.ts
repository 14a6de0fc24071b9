import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { resultSchemas, root } from "../../tools/result-schemas/result-schemas.ts";

test("docs/schemas is what `npm run generate:schemas` makes of the types", () => {
  const differing = [...resultSchemas()].filter(
    ([file, text]) => readFileSync(join(root, file), "utf8") !== text,
  );
  expect(differing.map(([file]) => file)).toEqual([]);
});
