import { changeWords } from "../contract/change-words.ts";
import { showProblem } from "../contract/problem.ts";
import { RELEASE_KEYS } from "../contract/config.ts";
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
  const { values, outOfStep } = await context.store.checkout(deployed);
  if (values === undefined) throw new UserError("BG104", `It is stack ${context.stack}.`);
  const merged = parseConfig(overlaid(values, deployed.raw));
  const refused = updateProblems(previousOf(deployed.config), merged).map(showProblem);
  const told = merged.ok ? changeWords(deployed.config, merged.config) : [];
  const words = [...told, ...(outOfStep.length === 0 ? [] : [untold(outOfStep)])];
  const count = words.length - 1;
  const sentence =
    refused.length > 0
      ? `pulumi up would refuse this: ${refused.join("; ")}`
      : count === 0
        ? "changes nothing that is configured"
        : words.join("; ");
  return { exitCode: refused.length > 0 ? EXIT.usage : EXIT.done, sentence, words, refused };
}

/** Keys of the release belong to the verbs; what the file has of them instead is no edit that is compared here. */
const untold = (keys: readonly string[]): string =>
  `leaves out ${keys.join(", ")}, which the file has other than deployed: npx bluegreen sync puts them back, pulumi up would carry them out`;

/** The file's values with the release keys, and the secrets that nobody can read in the file, as deployed. */
function overlaid(
  file: Readonly<Record<string, string>>,
  deployed: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const kept: readonly string[] = [...RELEASE_KEYS, ...UNREADABLE];
  const isRelease = (key: string) => RELEASE_KEYS.some((name) => name === key);
  return Object.fromEntries([
    ...Object.entries(file).filter(([key]) => !isRelease(key)),
    ...Object.entries(deployed).filter(([key]) => kept.includes(key)),
  ]);
}

const UNREADABLE = ["testToken", "notifyUrl", "localCloud"] as const;
