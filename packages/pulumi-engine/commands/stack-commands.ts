import { shownValue } from "./config-commands.ts";
import {
  chosenStack,
  printJson,
  selectedStack,
  selectStack,
  unselectStack,
  shortStackName,
  type Command,
  type Invocation,
} from "./command.ts";
import { configPath, refuseForeignProvider } from "../config/config-file.ts";
import { UserError } from "../errors.ts";
import { loadStack, lookAtStack } from "../operation/operation.ts";
import { loadProject } from "../config/project.ts";
import { removeIfThere } from "../state/files.ts";
import { checkStackName, type StackState } from "../state/state.ts";
import { maskProperties, revealProperties } from "../values/values.ts";

const SHOW_SECRETS = { "show-secrets": { kind: "switch" } } as const;
const JSON_FLAG = { json: { kind: "switch", short: "j" } } as const;

export const STACK_COMMANDS: Record<string, Command> = {
  "stack init": {
    // There is one secrets provider, the key of the state directory; another one is refused.
    flags: { "secrets-provider": { kind: "text" }, "no-select": { kind: "switch" } },
    positionals: { min: 0, max: 1 },
    run: init,
  },
  "stack select": {
    flags: { create: { kind: "switch", short: "c" } },
    positionals: { min: 0, max: 1 },
    run: select,
  },
  "stack ls": {
    flags: { ...JSON_FLAG, all: { kind: "switch", short: "a" } },
    positionals: { min: 0, max: 0 },
    run: list,
  },
  "stack output": { flags: { ...JSON_FLAG, ...SHOW_SECRETS }, positionals: { min: 0, max: 1 }, run: output },
  "stack history": {
    flags: { ...JSON_FLAG, ...SHOW_SECRETS, "page-size": { kind: "text" }, page: { kind: "text" } },
    positionals: { min: 0, max: 0 },
    run: history,
  },
  "stack rm": {
    flags: {
      yes: { kind: "switch", short: "y" },
      force: { kind: "switch", short: "f" },
      "preserve-config": { kind: "switch" },
    },
    positionals: { min: 0, max: 1 },
    run: remove,
  },
};

async function init(invocation: Invocation): Promise<number> {
  const { parts, args, cwd, print } = invocation;
  const project = await loadProject(cwd);
  const stack = shortStackName(args.text("stack") ?? args.positionals[0] ?? "");
  refuseForeignProvider(args.text("secrets-provider"), "--secrets-provider");
  await create(invocation, stack, project.name);
  if (!args.has("no-select")) await selectStack(parts, stack);
  print(`Created stack '${stack}'\n`);
  return 0;
}

async function create({ parts }: Invocation, stack: string, project: string): Promise<void> {
  checkStackName(stack);
  if ((await parts.stacks.load(stack)) !== undefined) throw new UserError(`stack '${stack}' already exists`);
  await parts.stacks.save({ project, stack, resources: [], pending: [], outputs: {} });
}

async function select(invocation: Invocation): Promise<number> {
  const { parts, args, cwd } = invocation;
  const project = await loadProject(cwd);
  const stack = await chosenStack(invocation, args.positionals[0]);
  const known = (await parts.stacks.load(stack)) !== undefined;
  if (!known && args.has("create")) await create(invocation, stack, project.name);
  await lookAtStack(parts, stack, project);
  await selectStack(parts, stack);
  return 0;
}

async function list(invocation: Invocation): Promise<number> {
  const { parts, args, print } = invocation;
  const selected = await selectedStack(parts);
  const rows = await Promise.all(
    (await parts.stacks.names()).sort().map(async (name) => {
      const [state, [last], holder] = await Promise.all([
        parts.stacks.look(name),
        parts.history.list(name, 1),
        parts.locks.holder(name),
      ]);
      return {
        name,
        current: name === selected,
        ...(last && { lastUpdate: last.endTime }),
        updateInProgress: holder !== undefined,
        resourceCount: state?.resources.length ?? 0,
      };
    }),
  );
  if (args.has("json")) printJson(invocation, rows);
  else {
    print("NAME  LAST UPDATE  RESOURCE COUNT\n");
    for (const row of rows) {
      print(`${row.name}${row.current ? "*" : ""}  ${row.lastUpdate ?? "never"}  ${row.resourceCount}\n`);
    }
  }
  return 0;
}

async function output(invocation: Invocation): Promise<number> {
  const { args, print } = invocation;
  const { outputs } = await look(invocation);
  const shown = args.has("show-secrets") ? revealProperties(outputs) : maskProperties(outputs);
  const [name] = args.positionals;
  if (name === undefined) {
    if (args.has("json")) printJson(invocation, shown);
    else for (const key of Object.keys(shown).sort()) print(`${key}  ${plainText(shown[key])}\n`);
    return 0;
  }
  if (!Object.hasOwn(shown, name))
    throw new UserError(`current stack does not have output property '${name}'`);
  if (args.has("json")) printJson(invocation, shown[name]);
  else print(`${plainText(shown[name])}\n`);
  return 0;
}

function plainText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function history(invocation: Invocation): Promise<number> {
  const { parts, args, print } = invocation;
  const { stack } = await look(invocation);
  const pageSize = wholeNumber(args.text("page-size") ?? "10", "--page-size");
  const page = wholeNumber(args.text("page") ?? "1", "--page");
  const entries = await parts.history.list(stack, pageSize, (page - 1) * pageSize);
  if (args.has("json")) {
    const withConfig = entries.map((entry) => ({
      ...entry,
      config: Object.fromEntries(
        Object.entries(entry.config).map(([key, raw]) => [
          key,
          shownValue(raw, parts, args.has("show-secrets")),
        ]),
      ),
    }));
    printJson(invocation, withConfig);
    return 0;
  }
  for (const entry of entries) {
    const changes = Object.entries(entry.resourceChanges).map(([op, count]) => `${count} ${op}`);
    print(`Version: ${entry.version}  ${entry.kind}  ${entry.result}  ${entry.endTime}  ${entry.message}\n`);
    print(`    ${changes.join(", ")}\n`);
  }
  return 0;
}

function wholeNumber(text: string, flag: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UserError(`${flag} must be a whole number from 1, not ${JSON.stringify(text)}`);
}

async function remove(invocation: Invocation): Promise<number> {
  const { parts, args, cwd, print } = invocation;
  const { stack } = await look(invocation, args.positionals[0]);
  if (!args.has("yes")) throw new UserError("--yes must be passed in to remove a stack");
  const lock = await parts.locks.acquire(stack);
  try {
    // Only now: an update may just have made some.
    const { resources } = await load(invocation, args.positionals[0]);
    if (resources.length > 0 && !args.has("force")) {
      throw new UserError(
        `'${stack}' still has resources; removal rejected. Destroy it first, or pass --force to forget them`,
      );
    }
    await parts.history.remove(stack);
    await parts.stacks.remove(stack);
    await unselectStack(parts, stack);
    if (!args.has("preserve-config")) await removeIfThere(configPath(await loadProject(cwd), stack, cwd));
  } finally {
    await lock.release();
  }
  print(`Stack '${stack}' has been removed!\n`);
  return 0;
}

async function look(invocation: Invocation, word?: string): Promise<Readonly<StackState>> {
  const stack = await chosenStack(invocation, word);
  return lookAtStack(invocation.parts, stack, await loadProject(invocation.cwd));
}

async function load(invocation: Invocation, word?: string): Promise<StackState> {
  const stack = await chosenStack(invocation, word);
  return loadStack(invocation.parts, stack, await loadProject(invocation.cwd));
}
