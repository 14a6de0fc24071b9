import { expect, test } from "vitest";
import { createProgram } from "../../cli/program.ts";
import { onStack } from "../../contract/names/local-cloud.ts";

test("exactly the verbs that take --stack are typed with it", () => {
  const { commands } = createProgram(0);
  expect(commands.length).toBeGreaterThan(20);
  for (const command of commands) {
    const takes = command.options.some(({ long }) => long === "--stack");
    const line = `npx bluegreen ${command.name()}`;
    const typed = onStack(line, { verbs: "prod", pulumi: "prod" });
    expect(typed).toBe(takes ? `${line} --stack prod` : line);
  }
});
