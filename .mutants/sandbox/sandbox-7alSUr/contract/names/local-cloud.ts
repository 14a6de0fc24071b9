const COMMAND = /(?<!npx bluegreen )(?<=^|[`\s])pulumi (?=up|config|stack|preview|refresh|destroy|cancel)/gm;

/**
 * Pulumi's commands as they are typed on the local stack, where there may be no Pulumi CLI, and where its own
 * would look for the stack elsewhere.
 */
export function asTypedOnLaptop(text: string): string {
  return text.replaceAll(COMMAND, "npx bluegreen pulumi ");
}

/** How a command is typed where this program runs. `localCloud`: the key of that name. */
export const typedFor = (localCloud: string | undefined): ((text: string) => string) =>
  localCloud === undefined ? (text) => text : asTypedOnLaptop;

const CONFIG_KEY = /(?<=pulumi config (?:set|rm|get)(?: --path| --secret)* )('?)(?=[A-Za-z])(?![\w-]+:)/gm;
const KEYS_AT_ONCE = /(?<=pulumi config set-all )[^`&\n]*/gm;
const ONE_OF_THEM = /(?<=--(?:plaintext|secret) )(?=[A-Za-z][\w.[\]-]*=)/g;
/** A verb that works on a stack, and on one of its models: all but those that need none. */
const WORKING_VERB =
  "(?<=^|[`\\s(])(npx bluegreen (?!(?:local|pulumi|demo|explain|help|init|judge|report|verify|tour)(?:$|[^a-z-]))[a-z][a-z-]*)(?![a-z-])";
const VERB_OF_A_MODEL = new RegExp(`${WORKING_VERB}(?! --model)`, "gm");

/** The commands in a text as they are typed for a model that is not called as its project. */
export const ofModel = (text: string, model: string): string =>
  text
    .replaceAll(CONFIG_KEY, `$1${model}:`)
    .replaceAll(KEYS_AT_ONCE, (keys) => keys.replaceAll(ONE_OF_THEM, `${model}:`))
    .replaceAll(VERB_OF_A_MODEL, `$1 --model ${model}`);

// A verb that works on a stack, or a command of Pulumi's on one, up to where its flags begin.
const PULUMI_ON_A_STACK =
  /(?<=^|[`\s(])((?:npx bluegreen )?pulumi (?:config [a-z][a-z-]*|stack (?!init|select|ls)[a-z][a-z-]*|up|preview|refresh|destroy|cancel))(?![a-z-])(?! --stack)/gm;
const VERB_ON_A_STACK = new RegExp(`${WORKING_VERB}(?! --stack)`, "gm");

/** A stack as the command line names it: to the verbs, and to Pulumi. */
export interface NamedStack {
  readonly verbs: string;
  readonly pulumi: string;
}

/** The commands in a text as they are typed for a stack that has to be named. */
export const onStack = (text: string, { verbs, pulumi }: NamedStack): string =>
  text
    .replaceAll(PULUMI_ON_A_STACK, `$1 --stack ${pulumi}`)
    .replaceAll(VERB_ON_A_STACK, `$1 --stack ${verbs}`);

/** The same for a stack by its whole name (`fraud-model/prod`, `fraud-model/prod/other-model`), for whoever reads it elsewhere. */
export function onFullName(text: string, fullName: string): string {
  const [, stack = fullName, model] = fullName.split("/");
  return onStack(text, { verbs: model === undefined ? stack : `${stack} --model ${model}`, pulumi: stack });
}
