/** `node examples/text/golden.ts` writes golden.jsonl: each fact of each country, asked in two ways. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { COUNTRIES, factOf, questionsOf, TOPICS } from "./generator.ts";

const lines = COUNTRIES.flatMap((country) =>
  TOPICS.flatMap((topic) =>
    questionsOf(topic, country.name).map((text, index) =>
      JSON.stringify({
        id: `${country.name}-${topic}-${index + 1}`.toLowerCase(),
        input: { text },
        label: factOf(topic, country),
        slice: { continent: country.continent, topic },
      }),
    ),
  ),
);
writeFileSync(join(process.argv[2] ?? import.meta.dirname, "golden.jsonl"), `${lines.join("\n")}\n`);
