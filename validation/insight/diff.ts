import { changeWords } from "../../contract/transition/change-words.ts";
import { showProblem } from "../../contract/checks/problem.ts";
import { RELEASE_KEYS } from "../../contract/config/keys.ts";
import { parseConfig } from "../../contract/config/parse.ts";
import type { StackConfig } from "../../contract/config/stack-config.ts";
import { updateProblems } from "../../contract/transition/transition.ts";
import { previousOf } from "../../contract/transition/previous.ts";
import { requireDeployed } from "../stack/apply.ts";
import { UserError } from "../errors.ts";
import { EXIT, type Outcome } from "../outcome.ts";
import type { Context } from "../ports.ts";

export interface DiffOutcome extends Outcome {
  /** What the change means, a sentence each. */
  readonly words: readonly string[];
  /** What `pulumi up` would refuse, with the command that fixes it. */
  readonly refused: readonly string[];
}

type Texts = Readonly<Record<string, string>>;

/** The values of a stack's file in two revisions, as text; a secret is a text that differs when its ciphertext does. */
export interface StackFiles {
  readonly before: Texts;
  readonly after: Texts;
  /** Release keys that the later one has otherwise. */
  readonly outOfStep: readonly string[];
}

interface Before {
  readonly raw: Texts;
  readonly config: StackConfig;
}

interface After {
  readonly values: Texts;
  readonly outOfStep: readonly string[];
}

/**
 * What the checkout's stack file would change in the stack as deployed, in words: the person's own keys, with the
 * deployed release keys laid over, as `sync` lays them. Reads only.
 */
export async function diff(context: Context): Promise<DiffOutcome> {
  const { raw, config, outputs } = await requireDeployed(context);
  const { values, outOfStep, secretPaths } = await context.store.checkout({ raw, outputs });
  if (values === undefined) throw new UserError("BG104", `It is stack ${context.stack}.`);
  return compared({ raw, config }, { values: withToken(values, secretPaths, raw), outOfStep });
}

/** Nobody reads the token of the file: whether there is one is compared, and not which. */
function withToken(values: Texts, secretPaths: readonly string[] | undefined, raw: Texts): Texts {
  const { testToken, ...others } = values;
  const { testToken: deployed, localCloud } = raw;
  // On the local cloud it may stand in the file for all models of the project.
  const isUnknown = secretPaths === undefined || localCloud !== undefined;
  const isThere = testToken !== undefined || secretPaths?.includes("testToken") === true;
  if (isUnknown) return deployed === undefined ? others : { ...others, testToken: deployed };
  return isThere ? { ...others, testToken: deployed ?? SOME_TOKEN } : others;
}

/** Of the form that a token has. */
const SOME_TOKEN = "0".repeat(32);

/**
 * The same against the stack file of another revision, which nobody needs a credential for: what a merge would change if
 * that revision is what is deployed. Secrets are told to differ, and not read.
 */
export function diffOfFiles({ before, after, outOfStep }: StackFiles): DiffOutcome {
  const read = parseConfig(before);
  if (!read.ok) throw new UserError("BG292", read.problems.map(showProblem).join("; "));
  const outcome = compared({ raw: before, config: read.config }, { values: after, outOfStep });
  const [was, is] = [before["notifyUrl"], after["notifyUrl"]];
  const verb = is === undefined ? "removes" : was === undefined ? "sets" : "changes";
  return was === is ? outcome : { ...outcome, words: [...outcome.words, `${verb} notifyUrl`] };
}

function compared({ raw, config }: Before, { values, outOfStep }: After): DiffOutcome {
  const merged = parseConfig(overlaid(values, raw));
  const refused = updateProblems(previousOf(config), merged).map(showProblem);
  const told = merged.ok ? changeWords(config, merged.config) : [];
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

const UNREADABLE = ["notifyUrl", "localCloud"] as const;
