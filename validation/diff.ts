import { changeWords } from "../contract/change-words.ts";
import { showProblem } from "../contract/problem.ts";
import { PROJECT, RELEASE_KEYS } from "../contract/config.ts";
import { parseConfig } from "../contract/stack-config.ts";
import { updateProblems } from "../contract/transition.ts";
import { previousOf } from "../contract/transition/previous.ts";
import { requireDeployed } from "./apply.ts";
import { UserError } from "./errors.ts";
import { EXIT, type Outcome } from "./outcome.ts";
import type { Context } from "./ports.ts";

export interface DiffOutcome extends Outcome {
  /** What the change means, a sentence each. */
  readonly words: readonly string[];
  /** What `pulumi up` would refuse, with the command that mends it. */
  readonly refused: readonly string[];
}

/**
 * What the checkout's stack file would change in the stack as deployed, in words: the person's own keys, with the
 * deployed release keys laid over, as `sync` lays them. Reads only.
 */
export async function diff(context: Context): Promise<DiffOutcome> {
  const deployed = await requireDeployed(context);
  const { values } = await context.store.checkout(deployed);
  if (values === undefined) throw new UserError("BG104", `It is stack ${context.stack}.`);
  const merged = parseConfig(overlaid(values, deployed.raw));
  const refused = updateProblems(previousOf(deployed.config), merged).map(showProblem);
  const words = merged.ok ? changeWords(deployed.config, merged.config) : [];
  const count = words.length - 1;
  const sentence =
    refused.length > 0
      ? `pulumi up would refuse this: ${refused.join("; ")}`
      : count === 0
        ? "changes nothing that is configured"
        : words.join("; ");
  return { exitCode: refused.length > 0 ? EXIT.usage : EXIT.done, sentence, words, refused };
}

/** The file's values with the release keys, and the secrets that nobody can read in the file, as deployed. */
function overlaid(
  file: Readonly<Record<string, string>>,
  deployed: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const release = RELEASE_KEYS.map((key) => `${PROJECT}:${key}`);
  const own = Object.entries(file).filter(([key]) => !release.includes(key));
  const kept = Object.entries(deployed).filter(
    ([key]) => release.includes(key) || UNREADABLE.some((name) => key === `${PROJECT}:${name}`),
  );
  return Object.fromEntries([...own, ...kept]);
}

const UNREADABLE = ["testToken", "notifyUrl", "localCloud"] as const;
