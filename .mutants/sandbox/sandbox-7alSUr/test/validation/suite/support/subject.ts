import { parseConfig } from "../../../../contract/config/parse.ts";
import { readGolden } from "../../../../validation/suite/golden.ts";
import type { Subject } from "../../../../validation/suite/run.ts";
import { golden } from "./fake-slots.ts";

/** A candidate on green beside blue, with these settings of `suite`. */
export function aSubject(
  own: Partial<Subject> & Pick<Subject, "introductions">,
  suite: Readonly<Record<string, unknown>> = {},
): Subject {
  const parsed = parseConfig({ suite: JSON.stringify(suite) });
  const examples = readGolden(golden(300));
  if (!parsed.ok || typeof examples === "string") throw new Error(JSON.stringify(parsed));
  return {
    sides: { candidate: "green", active: "blue" },
    versions: { deployed: { blue: "1", green: "2" } },
    healthPath: "/health",
    policy: parsed.config.suite,
    examples,
    ...own,
  };
}
