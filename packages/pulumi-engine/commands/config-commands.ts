import { resolveValue, withDefaults, type RawConfig } from "../config/config.ts";
import { configPlace, configText, getAt, removeAt, setAt, type ConfigPlace } from "../config/config-edit.ts";
import { changeConfig, configPath, readConfig } from "../config/config-file.ts";
import { chosenStack, printJson, type Command, type Invocation } from "./command.ts";
import { UserError } from "../errors.ts";
import { lookAtStack } from "../operation/operation.ts";
import { sameJson } from "../values/property-diff.ts";
import { loadProject, qualifiedKey, type Project } from "../config/project.ts";

const CONFIG_FILE = { "config-file": { kind: "text" } } as const;
const PATH = { path: { kind: "switch" } } as const;

export const CONFIG_COMMANDS: Record<string, Command> = {
  config: {
    flags: { ...CONFIG_FILE, "show-secrets": { kind: "switch" }, json: { kind: "switch", short: "j" } },
    positionals: { min: 0, max: 0 },
    run: list,
  },
  "config get": {
    flags: { ...CONFIG_FILE, ...PATH, json: { kind: "switch", short: "j" } },
    positionals: { min: 1, max: 1 },
    run: get,
  },
  "config set": {
    flags: { ...CONFIG_FILE, ...PATH, plaintext: { kind: "switch" }, secret: { kind: "switch" } },
    positionals: { min: 2, max: 2 },
    run: set,
  },
  "config set-all": {
    flags: { ...CONFIG_FILE, ...PATH, plaintext: { kind: "texts" }, secret: { kind: "texts" } },
    positionals: { min: 0, max: 0 },
    run: setAll,
  },
  "config rm": { flags: { ...CONFIG_FILE, ...PATH }, positionals: { min: 1, max: 1 }, run: remove },
  "config rm-all": {
    flags: { ...CONFIG_FILE, ...PATH },
    positionals: { min: 1, max: Infinity },
    run: remove,
  },
  "config refresh": {
    flags: { ...CONFIG_FILE, force: { kind: "switch", short: "f" } },
    positionals: { min: 0, max: 0 },
    run: refresh,
  },
};

interface Target {
  project: Project;
  stack: string;
  path: string;
  own: RawConfig;
}

async function open(invocation: Invocation): Promise<Target> {
  const { args, cwd, parts } = invocation;
  const project = await loadProject(cwd);
  const stack = await chosenStack(invocation);
  await lookAtStack(parts, stack, project);
  const path = configPath(project, stack, cwd, args.text("config-file"));
  return { project, stack, path, own: await readConfig(path, project) };
}

async function list(invocation: Invocation): Promise<number> {
  const { args, parts, print } = invocation;
  const { project, own } = await open(invocation);
  const values = Object.entries(withDefaults(project, own))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, raw]) => [key, shownValue(raw, parts, args.has("show-secrets"))] as const);
  if (args.has("json")) {
    printJson(invocation, Object.fromEntries(values));
    return 0;
  }
  const rows = values.map(([key, { value }]) => [shortKey(project, key), value ?? "[secret]"] as const);
  const width = Math.max("KEY".length, ...rows.map(([key]) => key.length));
  for (const [key, value] of [["KEY", "VALUE"] as const, ...rows]) print(`${key.padEnd(width)}  ${value}\n`);
  return 0;
}

/** In the shape of `pulumi config --json` and of the history; a hidden secret has no value. */
export function shownValue(
  raw: unknown,
  { secrets }: Invocation["parts"],
  showSecrets: boolean,
): { value?: string; objectValue?: unknown; secret: boolean } {
  const { text, object, secret } = resolveValue(raw, secrets);
  if (secret && !showSecrets) return { secret };
  return { value: text, ...(object !== undefined && { objectValue: object }), secret };
}

function shortKey(project: Project, key: string): string {
  return key.startsWith(`${project.name}:`) ? key.slice(project.name.length + 1) : key;
}

async function get(invocation: Invocation): Promise<number> {
  const { args, parts, print } = invocation;
  const { project, stack, own } = await open(invocation);
  const [typed = ""] = args.positionals;
  const place = configPlace(typed, args.has("path"));
  const raw = getAt(withDefaults(project, own)[qualifiedKey(project.name, place.key)], place.path);
  if (raw === undefined) throw new UserError(`configuration key '${typed}' not found for stack '${stack}'`);
  const shown = shownValue(raw, parts, true);
  if (args.has("json")) printJson(invocation, shown);
  else print(`${shown.value}\n`);
  return 0;
}

async function set(invocation: Invocation): Promise<number> {
  const { args } = invocation;
  const [typed = "", text = ""] = args.positionals;
  if (args.has("secret") && args.has("plaintext"))
    throw new UserError("--secret and --plaintext exclude each other");
  await setTexts(invocation, [{ typed, text, secret: args.has("secret") }]);
  return 0;
}

async function setAll(invocation: Invocation): Promise<number> {
  const { args } = invocation;
  const assignments = (flag: "plaintext" | "secret") =>
    args.texts(flag).map((assignment) => {
      const equals = assignment.indexOf("=");
      if (equals < 1) throw new UserError(`--${flag} ${assignment}: expected key=value`);
      return {
        typed: assignment.slice(0, equals),
        text: assignment.slice(equals + 1),
        secret: flag === "secret",
      };
    });
  await setTexts(invocation, [...assignments("plaintext"), ...assignments("secret")]);
  return 0;
}

async function setTexts(
  invocation: Invocation,
  assignments: { typed: string; text: string; secret: boolean }[],
): Promise<void> {
  const { parts, args } = invocation;
  const { project, path, own } = await open(invocation);
  const changes: RawConfig = {};
  for (const { typed, text, secret } of assignments) {
    const place = configPlace(typed, args.has("path"));
    const key = qualifiedKey(project.name, place.key);
    const leaf = secret ? { secure: parts.secrets.encrypt(text) } : configText(text, place.path);
    changes[key] = setAt(key in changes ? changes[key] : own[key], place.path, leaf);
  }
  await changeConfig(path, project, changes);
}

async function remove(invocation: Invocation): Promise<number> {
  const { args } = invocation;
  const { project, path, own } = await open(invocation);
  const places: ConfigPlace[] = args.positionals.map((typed) => configPlace(typed, args.has("path")));
  const changes: RawConfig = {};
  for (const place of places) {
    const key = qualifiedKey(project.name, place.key);
    changes[key] = removeAt(key in changes ? changes[key] : own[key], place.path);
  }
  await changeConfig(path, project, changes);
  return 0;
}

/** Makes the stack file say what the last update ran with; without --force only where nothing would be lost. */
async function refresh(invocation: Invocation): Promise<number> {
  const { args, parts, print } = invocation;
  const { project, stack, path, own } = await open(invocation);
  // Refreshes and destroys run no program: their configuration is not what was deployed.
  const last = (await parts.history.list(stack)).find(({ kind }) => kind === "update");
  if (last === undefined) throw new UserError(`no previous deployment of stack '${stack}'`);
  const differs = Object.keys(own).filter((key) => !sameValue(own[key], last.config[key], parts));
  if (differs.length > 0 && !args.has("force")) {
    throw new UserError(
      `config refresh would overwrite ${differs.join(", ")} in ${path}; rerun with --force to overwrite them`,
    );
  }
  const gone = Object.keys(own).filter((key) => !(key in last.config));
  await changeConfig(path, project, {
    ...last.config,
    ...Object.fromEntries(gone.map((key) => [key, undefined])),
  });
  print(`refreshed configuration for stack '${stack}'\n`);
  return 0;
}

/** Whether two raw values mean the same; a secret is another text each time it is encrypted. */
function sameValue(left: unknown, right: unknown, { secrets }: Invocation["parts"]): boolean {
  if (left === undefined || right === undefined) return left === right;
  return sameJson(resolveValue(left, secrets), resolveValue(right, secrets));
}
